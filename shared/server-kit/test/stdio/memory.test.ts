import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { listening, start } from "../../src/testing/index.ts";

const BIN = "dist/test/everything.mjs";
const COUNT = process.env.HEAVY ? 200 : 40;
const BYTES = 4_400_000;
/** Megabytes that a process may ever have had: one that holds all the results of a test has a thousand. */
const MOST = 300;
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

const draw = (id: number) =>
  JSON.stringify({
    jsonrpc: "2.0",
    id,
    method: "tools/call",
    params: { name: "draw_picture", arguments: { bytes: BYTES } },
  });

function peakMegabytes({ pid }: ChildProcess): number {
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}

test.skipIf(process.platform !== "linux")(
  "large results for a reader that pauses wait for room, over stdio",
  async () => {
    const child = start(BIN);
    children.push(child);
    const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "slow", version: "1" } };
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: 0, method: "initialize", params })}\n`);
    await once(child.stdout, "readable");
    for (let id = 1; id <= COUNT; id += 1) child.stdin.write(`${draw(id)}\n`);
    await delay(500);
    const answered = new Set<number>();
    for await (const line of createInterface({ input: child.stdout })) {
      const { id, result } = JSON.parse(line);
      if (id > 0) expect(result.content[0].data).toHaveLength(Math.ceil(BYTES / 3) * 4);
      answered.add(id);
      if (answered.size === COUNT / 2) await delay(500);
      if (answered.size > COUNT) break;
    }
    expect(answered.size).toBe(COUNT + 1);
    expect(peakMegabytes(child)).toBeLessThan(MOST);
  },
);

test.skipIf(process.platform !== "linux")("large results for slow readers wait for room, over HTTP", async () => {
  const child = spawn(process.execPath, [BIN, "--http", "127.0.0.1:0"], { stdio: "pipe" });
  children.push(child);
  const url = await listening(child);
  const headers = { "content-type": "application/json", accept: "application/json, text/event-stream" };
  const ask = async (id: number) => {
    const asked = request(url, { method: "POST", headers }).end(draw(id));
    const [response] = await once(asked, "response");
    await delay(20);
    let size = 0;
    for await (const chunk of response) size += chunk.length;
    return size;
  };
  const sizes = await Promise.all(Array.from({ length: COUNT }, (_, id) => ask(id)));
  expect(Math.min(...sizes)).toBeGreaterThan(Math.ceil(BYTES / 3) * 4);
  expect(peakMegabytes(child)).toBeLessThan(MOST);
});
