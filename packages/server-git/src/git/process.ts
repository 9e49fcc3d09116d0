import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { setMaxListeners } from "node:events";
import type { Readable, Writable } from "node:stream";
import { commandLine } from "./command-line.ts";
import { startFailure, starting } from "./failure.ts";
import type { Waiting } from "./waiting.ts";

/** Time between SIGTERM and SIGKILL, for git to remove its lock files. */
const GRACE_MS = 500;
/** Bytes of stderr that are kept; the rest is discarded. */
const STDERR_BYTES = 64 << 10;

export interface Command {
  readonly args: readonly string[];
  /** Paths that follow `--`. */
  readonly paths?: readonly Buffer[] | undefined;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly input?: string | Buffer | undefined;
  /** Waiting processes that may run it; they only tell whether its exit code is 0. */
  readonly waiting?: Waiting | undefined;
}

/** How a process ended, and its stderr. */
export interface End {
  readonly code: number;
  readonly stderr: string;
}

export interface Started {
  /** The output as it arrives. Leaving a loop over it early stops reading. */
  readonly output: AsyncGenerator<Buffer, void, undefined>;
  readonly end: Promise<End>;
  /** Ends the process and everything it has started. */
  stop(): void;
}

/** Child processes to end when this process exits. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) signalGroup(child, "SIGTERM");
});

/**
 * Starts git as the leader of its own process group, so that any hook, filter or ssh it has started ends with it. A
 * signal to git alone would leave them running, with locks held.
 * @param hasInput whether stdin is a pipe, which takes 0.2 ms to create; otherwise it is empty
 */
export function spawnGit(
  { args, paths, cwd, env }: Omit<Command, "signal" | "input">,
  hasInput: boolean,
): ChildProcessByStdio<Writable | null, Readable, Readable> {
  const options = { cwd, env, detached: process.platform !== "win32", windowsHide: true };
  const [program, words] = commandLine(args, paths);
  const child = starting(() =>
    hasInput
      ? spawn(program, words, { ...options, stdio: ["pipe", "pipe", "pipe"] })
      : spawn(program, words, { ...options, stdio: ["ignore", "pipe", "pipe"] }),
  );
  // When no more files can be opened, Node.js creates no pipes, and emits the reason later.
  if (!child.stdout) {
    child.on("error", () => {});
    throw startFailure(new Error("spawn git EMFILE"));
  }
  return tracked(child);
}

function tracked<C extends ChildProcess>(child: C): C {
  running.add(child);
  child.once("close", () => running.delete(child));
  return child;
}

function takeWaiting({ args, paths, cwd, env, waiting }: Omit<Command, "signal" | "input">) {
  const [program, words] = commandLine(args, paths);
  const child = program === "git" ? waiting?.take(words, cwd, env) : undefined;
  return child && tracked(child);
}

/** Starts git for one command; the signal ends it. */
export function startGit({ signal, input, ...command }: Command): Started {
  signal.throwIfAborted();
  const child = takeWaiting(command) ?? spawnGit(command, input !== undefined);
  child.once("close", () => command.waiting?.start(command.env));
  // A call may run many commands, and each adds a listener to the call's signal.
  setMaxListeners(0, signal);
  const stop = () => stopGroup(child);
  signal.addEventListener("abort", stop, { once: true });
  const said: Buffer[] = [];
  let size = 0;
  child.stderr.on("data", (piece: Buffer) => {
    if (size < STDERR_BYTES) said.push(piece);
    size += piece.length;
  });
  // Git may exit before it has read all of its input; its exit code says why.
  child.stdin?.on("error", () => {}).end(input);
  const end = new Promise<End>((resolve, reject) => {
    child.on("error", (error) => reject(startFailure(error)));
    child.on("close", (code, killer) => {
      // In the words of xargs, which says the same of a git that it has started.
      if (killer) said.push(Buffer.from(`\nterminated by signal ${killer}`));
      if (signal.aborted) reject(signal.reason);
      else resolve({ code: code ?? 128, stderr: Buffer.concat(said).toString("utf8") });
    });
  }).finally(() => signal.removeEventListener("abort", stop));
  // A caller that stops early never awaits `end`.
  end.catch(() => {});
  return { output: gathered(child.stdout), end, stop };
}

/** Bytes that are buffered for a slow consumer. */
const AHEAD = 1 << 20;

/**
 * A stream's output, everything that has arrived at a time: git writes 4 KiB or less at once, and Node's own iterator
 * needs several turns for each.
 */
async function* gathered(stream: Readable): AsyncGenerator<Buffer, void, undefined> {
  let pieces: Buffer[] = [];
  let size = 0;
  let isOver = false;
  let wake = () => {};
  const over = () => {
    isOver = true;
    wake();
  };
  stream.on("data", (piece: Buffer) => {
    pieces.push(piece);
    size += piece.length;
    if (size > AHEAD) stream.pause();
    wake();
  });
  // An error only ends the output: how git ended says why.
  stream.once("end", over).once("error", over).once("close", over);
  try {
    for (;;) {
      const [first] = pieces;
      if (first) {
        const all = pieces.length === 1 ? first : Buffer.concat(pieces, size);
        [pieces, size] = [[], 0];
        if (stream.isPaused()) stream.resume();
        yield all;
      } else if (isOver) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    stream.destroy();
  }
}

/** Ends a process and everything it has started. */
export function stopGroup(child: ChildProcess): void {
  const hasEnded = child.exitCode !== null || child.signalCode !== null;
  signalGroup(child, hasEnded ? "SIGKILL" : "SIGTERM");
  if (!hasEnded) setTimeout(() => signalGroup(child, "SIGKILL"), GRACE_MS).unref();
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // The whole group has already ended.
  }
}
