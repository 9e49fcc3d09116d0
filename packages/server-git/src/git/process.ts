import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { setMaxListeners } from "node:events";
import type { Readable, Writable } from "node:stream";
import { commandLine } from "./command-line.ts";
import { startFailure, starting } from "./failure.ts";
import type { Waiting } from "./waiting.ts";

/** Time for git to remove its lock files after SIGTERM, before SIGKILL. */
const GRACE_MS = 500;
/** Bytes of stderr that are kept; the rest is read and dropped. */
const STDERR_BYTES = 64 << 10;

export interface Command {
  readonly args: readonly string[];
  /** After `--`. */
  readonly paths?: readonly Buffer[] | undefined;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly input?: string | Buffer | undefined;
  /** Processes that may be given it, where all that counts of its exit code is whether it is 0. */
  readonly waiting?: Waiting | undefined;
}

/** How a process ended, and what it said on stderr. */
export interface End {
  readonly code: number;
  readonly stderr: string;
}

export interface Started {
  /** The output as it comes. A loop over it that ends early reads no more of it. */
  readonly output: AsyncGenerator<Buffer, void, undefined>;
  readonly end: Promise<End>;
  /** Ends the process and all that it has started. */
  stop(): void;
}

/** Children that are ended when this process exits. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) signalGroup(child, "SIGTERM");
});

/**
 * Starts git as the leader of a process group of its own, so that a hook, a filter or an ssh that it has started ends with
 * it: a signal to git alone would leave them running, with locks held.
 * @param hasInput whether it gets a pipe as stdin, which takes 0.2 ms to make, and otherwise nothing to read
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

/** Starts git for one command, and ends it with the signal. */
export function startGit({ signal, input, ...command }: Command): Started {
  signal.throwIfAborted();
  const child = takeWaiting(command) ?? spawnGit(command, input !== undefined);
  child.once("close", () => command.waiting?.start(command.env));
  // One call may run many commands, each of which listens to its signal.
  setMaxListeners(0, signal);
  const stop = () => stopGroup(child);
  signal.addEventListener("abort", stop, { once: true });
  const said: Buffer[] = [];
  let size = 0;
  child.stderr.on("data", (piece: Buffer) => {
    if (size < STDERR_BYTES) said.push(piece);
    size += piece.length;
  });
  // Git may end without reading all of it; its exit code says why.
  child.stdin?.on("error", () => {}).end(input);
  const end = new Promise<End>((resolve, reject) => {
    child.on("error", (error) => reject(startFailure(error)));
    child.on("close", (code) => {
      if (signal.aborted) reject(signal.reason);
      else resolve({ code: code ?? 128, stderr: Buffer.concat(said).toString("utf8") });
    });
  }).finally(() => signal.removeEventListener("abort", stop));
  // A caller that stops early never awaits it.
  end.catch(() => {});
  return { output: gathered(child.stdout), end, stop };
}

/** Bytes that are read ahead of whoever takes them. */
const AHEAD = 1 << 20;

/**
 * What a stream gives, all that has come at a time: git writes 4 KiB or less at once, and Node's own iterator takes several
 * turns for each.
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
  // A stream that fails ends: how git ended says why.
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

/** Ends a process and all that it has started. */
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
    // All of it has ended.
  }
}
