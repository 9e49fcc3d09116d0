import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach } from "vitest";
import { createWaiting, type Waiting } from "../../src/git/waiting.ts";

const xargs = process.platform === "win32" ? "" : execFileSync("/bin/sh", ["-c", "command -v xargs"]).toString().trim();

/** A new folder of programs with xargs, and this script as git or no git. */
export function programs(bin: string, script?: string): { readonly PATH: string } {
  mkdirSync(bin);
  symlinkSync(xargs, join(bin, "xargs"));
  if (script !== undefined) program(bin, "git", script);
  return { PATH: bin };
}

/** A PATH that begins with a new folder with this script as xargs. */
export function withXargs(bin: string, script: string): { readonly PATH: string } {
  mkdirSync(bin);
  program(bin, "xargs", script);
  return { PATH: `${bin}:${process.env.PATH}` };
}

function program(bin: string, name: string, script: string) {
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
}

/** The waiting processes that this one has started, or what they run. */
export const children = (): string[] =>
  readdirSync("/proc").filter((pid) => {
    try {
      const [, state, parent] = /\) (\S) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
      const words = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      return state !== "Z" && Number(parent) === process.pid && /^(?:xargs\0-0\0-r\0)?git\0/.test(words);
    } catch {
      return false;
    }
  });

/** Waits for what other processes do. */
export async function until(isSo: () => boolean): Promise<void> {
  const end = performance.now() + 20_000;
  while (!isSo()) {
    if (performance.now() > end) throw new Error("it did not happen");
    await delay(5);
  }
}

/** Opens waiting processes that have ended when the next test begins. */
export function useWaiting(): () => Waiting {
  const opened: Waiting[] = [];
  afterEach(async () => {
    for (const waiting of opened.splice(0)) waiting.close();
    if (process.platform === "linux") await until(() => children().length === 0);
  });
  return () => {
    const waiting = createWaiting();
    opened.push(waiting);
    return waiting;
  };
}
