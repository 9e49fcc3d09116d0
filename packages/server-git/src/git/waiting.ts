import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";

/*
 * To start a program, Node.js copies the page tables of all its memory, which blocks its thread for as long as git
 * needs for a small status. So when a command has ended and nothing else is going on, xargs is started in advance with
 * the same environment. The next command is written to its stdin, and it starts git in a fraction of the time. No shell
 * interprets the arguments. If this process ends first, xargs gets no arguments and runs nothing.
 */

type Child = ChildProcessByStdio<Writable, Readable, Readable>;
type Environment = Readonly<Record<string, string>>;

/** Processes that wait for a git command, each with a different environment. */
export interface Waiting {
  /** Hands the command to one with this environment; undefined when none is waiting. Its exit code is 0 if git's is. */
  take(args: readonly string[], cwd: string, env: Environment): Child | undefined;
  /** Soon starts one with this environment, unless one is waiting already. */
  start(env: Environment): void;
  close(): void;
}

/** Milliseconds after the end of a command: by then its answer has been sent. */
const QUIET_MS = 5;
/** How long one waits: a model may think for minutes between calls. */
const IDLE_MS = 300_000;
/** The most that wait at a time. */
const MOST = 4;
/** A pipe takes this much in one write, so a killed server leaves no half command, and xargs does not split it into two. */
const MOST_BYTES = 2_048;

export function createWaiting(): Waiting {
  /** Keyed by environment, oldest first. */
  const waiting = new Map<string, Child>();
  let next: NodeJS.Timeout | undefined;
  // Windows has no xargs, and its way to start programs copies nothing.
  let isPossible = process.platform !== "win32";

  const end = (key: string, child: Child) => {
    if (waiting.get(key) !== child) return;
    waiting.delete(key);
    child.stdin.end();
  };
  const start = (key: string, env: Environment) => {
    const child = spawn("xargs", ["-0", "-r", "git"], { cwd: "/", env, detached: true, stdio: "pipe" });
    child.on("error", () => (isPossible = false));
    // When no more files can be opened, Node.js creates no pipes.
    if (!child.stdin) return;
    child.stdin.on("error", () => {});
    waiting.set(key, child);
    const idle = setTimeout(() => end(key, child), IDLE_MS).unref();
    child.once("close", () => {
      clearTimeout(idle);
      end(key, child);
    });
    const [oldest] = waiting;
    if (waiting.size > MOST && oldest) end(...oldest);
  };
  return {
    take(args, cwd, env) {
      clearTimeout(next);
      const words = ["-C", cwd, ...args].join("\0");
      const key = JSON.stringify(env);
      const child = waiting.get(key);
      if (!child || Buffer.byteLength(words) > MOST_BYTES) return undefined;
      waiting.delete(key);
      child.stdin.end(words);
      return child;
    },
    start(env) {
      clearTimeout(next);
      const key = JSON.stringify(env);
      if (isPossible && !waiting.has(key)) next = setTimeout(() => start(key, env), QUIET_MS).unref();
    },
    close() {
      isPossible = false;
      clearTimeout(next);
      for (const [key, child] of waiting) end(key, child);
    },
  };
}
