import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";

/*
 * To start a program, Node.js copies the tables of all its memory, and meanwhile its thread stands still for as long as git
 * needs for a small status. So once a command has ended and nothing else is to be done, xargs is started with the same environment.
 * The next command is written to it, and it starts git in a fraction of the time. No shell reads the words; without any, when
 * this process ends, xargs runs nothing.
 */

type Child = ChildProcessByStdio<Writable, Readable, Readable>;
type Environment = Readonly<Record<string, string>>;

/** Processes that wait for a git command, each with another environment. */
export interface Waiting {
  /** One with this environment, which now runs the command; undefined where none waits. Its exit code is 0 if git's is. */
  take(args: readonly string[], cwd: string, env: Environment): Child | undefined;
  /** Soon starts one with this environment, unless it is there. */
  start(env: Environment): void;
  close(): void;
}

/** After the end of a command: by then its answer is out. */
const QUIET_MS = 5;
/** How long one waits: a model may think for minutes. */
const IDLE_MS = 300_000;
/** As many wait at a time. */
const MOST = 4;
/** A pipe takes as much at once, so no command is cut off when this process is killed, and xargs makes one command of it. */
const MOST_BYTES = 2_048;

export function createWaiting(): Waiting {
  /** By environment, the oldest first. */
  const waiting = new Map<string, Child>();
  let next: NodeJS.Timeout | undefined;
  // Windows has no xargs, and starts programs without a copy.
  let isPossible = process.platform !== "win32";

  const end = (key: string, child: Child) => {
    if (waiting.get(key) !== child) return;
    waiting.delete(key);
    child.stdin.end();
  };
  const start = (key: string, env: Environment) => {
    const child = spawn("xargs", ["-0", "-r", "git"], { cwd: "/", env, detached: true, stdio: "pipe" });
    child.on("error", () => (isPossible = false));
    // Where no file can be opened any more, Node.js makes no pipes.
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
