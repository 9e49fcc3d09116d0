import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { Server } from "../server.ts";
import { ERAS } from "./connect.ts";
import { ended, spawn, start } from "./spawn.ts";

interface Command {
  readonly bin: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** The rules for a server as a process: how it starts, communicates and ends. */
export function processContract(server: Server, { bin, args, env }: Command): void {
  describe.skipIf(!existsSync(bin))("as a process", () => {
    const children: ChildProcess[] = [];
    const begin = (...more: string[]) => {
      const child = start(bin, [...args, ...more], env);
      children.push(child);
      return child;
    };
    afterEach(() => {
      for (const child of children.splice(0)) child.kill("SIGKILL");
    });

    test.each([...ERAS].flatMap((era) => (["stdio", "http"] as const).map((transport) => [era, transport] as const)))(
      "serves %s over %s",
      async (era, transport) => {
        await using server_ = await spawn(bin, { era, transport, args, env });
        expect((await server_.client.listTools()).tools).not.toHaveLength(0);
      },
    );

    test("keeps stdout for the protocol, answers what was asked before EOF, and ends with it", async () => {
      const garbage = 'this is no JSON\n[]\n{"jsonrpc":"2.0"}\n';
      const asked = `${garbage}${initialize}\n{"jsonrpc":"2.0","id":2,"method":"tools/list"}\n`;
      const { code, stdout } = await outputOf(begin(), asked);
      const answers = stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
      expect(answers.map(({ id }) => id)).toEqual([null, null, null, 1, 2]);
      expect(code).toBe(0);
    });

    test("starts and lists its tools with nothing behind it: no argument, no setting, an empty home", async () => {
      const home = mkdtempSync(join(tmpdir(), "home-"));
      try {
        await using server_ = await spawn(bin, { env: { HOME: home, USERPROFILE: home } });
        expect((await server_.client.listTools()).tools.map(({ name }) => name)).not.toHaveLength(0);
      } finally {
        rmSync(home, { recursive: true, force: true });
      }
    });

    test.skipIf(process.platform === "win32").each([
      ["SIGTERM", 143],
      ["SIGINT", 130],
      ["SIGHUP", 129],
    ] as const)("ends on %s with %d", async (signal, code) => {
      const child = begin();
      child.stdin.write(`${initialize}\n`);
      await once(child.stdout, "data");
      child.kill(signal);
      expect(await ended(child)).toMatchObject({ code });
    });

    test("shows its version and its options, and refuses unknown ones", async () => {
      expect(await outputOf(start(bin, ["--version"]))).toEqual({ code: 0, stdout: `${server.version}\n`, stderr: "" });
      const help = await outputOf(start(bin, ["--help"]));
      for (const { flag, env: variable } of (await server.describe()).options) {
        expect(help.stdout).toContain(flag);
        expect(help.stdout).toContain(variable);
      }
      const wrong = await outputOf(start(bin, ["--no-such-option"]));
      expect(wrong).toMatchObject({ code: 2, stdout: "" });
      expect(wrong.stderr).toMatch(/^[^\n]+ unknown option "--no-such-option"\.[^\n]*\n$/);
      expect(wrong.stderr.startsWith(`${server.name}: `)).toBe(true);
    });
  });
}

const initialize = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } },
});

async function outputOf(
  child: ReturnType<typeof start>,
  input = "",
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  // The process may end before it reads.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const [code] = await once(child, "close");
  return { code, stdout, stderr };
}
