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
/** A pipe takes this much in one write, so a killed server leaves no half command. */
const MOST_BYTES = 2_048;
/**
 * Half of what every system allows for a program's environment and arguments. If they do not fit, xargs splits the command
 * into two, and the second may begin with a word of the client's. A repository's configuration decides how large this is.
 */
const MOST_ENVIRONMENT = 64 << 10;

function startXargs(program: string, env: Environment): Child | undefined {
  try {
    const child = spawn("xargs", ["-0", "-r", program], { cwd: "/", env, detached: true, stdio: "pipe" });
    child.on("error", () => {});
    // When no more files can be opened, Node.js creates no pipes.
    child.stdin?.on("error", () => {});
    return child.stdin && child;
  } catch {
    // Node.js emits some failures and throws others, such as ENOMEM.
    return undefined;
  }
}

export function createWaiting(): Waiting {
  /** Keyed by environment, oldest first. */
  const waiting = new Map<string, Child>();
  let next: NodeJS.Timeout | undefined;
  // Windows has no xargs, and its way to start programs copies nothing.
  let state: "untried" | "on trial" | "works" | "unfit" = process.platform === "win32" ? "unfit" : "untried";
  let trial: Child | undefined;

  const end = (key: string, child: Child) => {
    if (waiting.get(key) !== child) return;
    waiting.delete(key);
    child.stdin.end();
  };
  const begin = (key: string, env: Environment) => {
    const child = startXargs("git", env);
    if (!child) return;
    waiting.set(key, child);
    const idle = setTimeout(() => end(key, child), IDLE_MS).unref();
    const over = () => {
      clearTimeout(idle);
      end(key, child);
    };
    child.once("exit", over).once("error", over);
    const [oldest] = waiting;
    if (waiting.size > MOST && oldest) end(...oldest);
  };
  /** The first xargs gets no arguments and must exit with 0: one that hangs or does not know -r would fail the command. */
  const tryFirst = (key: string, env: Environment) => {
    state = "on trial";
    trial = startXargs("false", env);
    trial?.stdin.end();
    trial?.once("close", (code) => {
      if (state !== "on trial") return;
      state = code === 0 ? "works" : "unfit";
      if (code === 0) begin(key, env);
    });
  };
  return {
    take(args, cwd, env) {
      clearTimeout(next);
      const key = JSON.stringify(env);
      const child = waiting.get(key);
      // After a kill, its output can end before Node.js reports the exit.
      if (!child?.stdout.readable) return undefined;
      const words = ["-C", cwd, ...args];
      // The last word may be empty, so it ends in a NUL too. A word with a NUL in it would become two.
      const text = words.map((word) => `${word}\0`).join("");
      if (Buffer.byteLength(text) > MOST_BYTES || words.some((word) => word.includes("\0"))) return undefined;
      waiting.delete(key);
      child.stdin.end(text);
      return child;
    },
    start(env) {
      clearTimeout(next);
      const key = JSON.stringify(env);
      if (waiting.has(key) || Buffer.byteLength(key) > MOST_ENVIRONMENT) return;
      const first = state === "untried" ? tryFirst : state === "works" ? begin : undefined;
      if (first) next = setTimeout(() => first(key, env), QUIET_MS).unref();
    },
    close() {
      state = "unfit";
      clearTimeout(next);
      trial?.kill();
      for (const [key, child] of waiting) end(key, child);
    },
  };
}
