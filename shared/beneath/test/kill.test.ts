import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { isTemporary } from "../src/index.ts";
import { makeSandbox } from "./sandbox.ts";

const WRITER = fileURLToPath(new URL("fixtures/writer.mjs", import.meta.url));
const KILLS = process.env.HEAVY ? 200 : 5;

/** Kills a writer when it has begun its `after`th write. */
async function killDuring(dir: string, after: number): Promise<void> {
  const writer = spawn(process.execPath, [WRITER, dir], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void writer.kill("SIGKILL"));
  let begun = 0;
  writer.stdout.on("data", (dots: Buffer) => {
    begun += dots.length;
    if (begun >= after) writer.kill("SIGKILL");
  });
  const [, signal] = await once(writer, "close");
  expect(signal).toBe("SIGKILL");
}

test("kill -9 during writes of two processes leaves every file old or new, and whole", async () => {
  const { dir, inside } = makeSandbox();
  const files = ["0.txt", "1.txt", "2.txt"];
  for (const name of files) writeFileSync(inside(name), "x".repeat(100_000));
  for (let kill = 0; kill < KILLS; kill += 1) {
    await Promise.all([killDuring(dir, 5 + (kill % 7)), killDuring(dir, 9 + (kill % 11))]);
    for (const name of files) {
      const text = readFileSync(inside(name), "utf8");
      expect(text).toBe(text.charAt(0).repeat(100_000));
    }
    const left = readdirSync(dir).filter((name) => !files.includes(name));
    expect(left.filter((name) => !isTemporary(path.basename(name)))).toEqual([]);
  }
});
