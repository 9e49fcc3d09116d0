import { availableParallelism } from "node:os";
import { type Log, ToolError } from "@org/server-kit";
import type { Message, Request } from "./protocol.ts";
import { startThread, type Thread } from "./thread.ts";

type Job = Omit<Request, "stopped" | "at">;

export interface Pool {
  /** Threads that could begin at once. */
  idle(): number;
  /**
   * Runs a job in the first free thread; other jobs wait in order. @param told receives the job's messages before its
   * end @returns its last message @throws the signal's reason when it was aborted before it began
   */
  run(request: Job, signal: AbortSignal, told: (message: Message) => void): Promise<JobOutcome>;
  close(): Promise<void>;
}

/**
 * An aborted job that did not answer is terminated; `at` is the file that it was in. The directory that it reads must
 * stay open until the thread is gone.
 */
export type JobOutcome = Message | { readonly kind: "ended"; readonly at: string; readonly gone: Promise<void> };

/** One per processor, up to this many: more would only get in each other's way. */
const MOST = Math.min(4, availableParallelism());
/** Milliseconds that an aborted job has to return what it found, before the kit answers in its place. */
const LAST_WORD_MS = 80;
/** Most bytes of the path of a job's current file. */
const MOST_AT = 1024;
/** Milliseconds that an idle thread is kept. */
const KEPT_MS = 30_000;

export function openPool(log: Log): Pool {
  const free: Thread[] = [];
  const waiting: (() => void)[] = [];
  const all = new Set<Thread>();
  const timers = new Map<Thread, NodeJS.Timeout>();
  let running = 0;
  let closed = false;

  function take(): Thread {
    const thread = free.pop();
    if (!thread) {
      const started = startThread((error) => log.error("search thread failed", { reason: String(error) }));
      all.add(started);
      return started;
    }
    clearTimeout(timers.get(thread));
    return thread;
  }

  function giveBack(thread: Thread): void {
    if (closed) return void drop(thread);
    free.push(thread);
    const end = () => {
      free.splice(free.indexOf(thread), 1);
      void drop(thread);
    };
    timers.set(thread, setTimeout(end, KEPT_MS).unref());
  }

  function drop(thread: Thread): Promise<void> {
    clearTimeout(timers.get(thread));
    timers.delete(thread);
    all.delete(thread);
    return thread.end();
  }

  async function turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (closed) throw stopped();
    if (running >= MOST) {
      await new Promise<void>((resolve, reject) => {
        const begin = () => {
          signal.removeEventListener("abort", leave);
          resolve();
        };
        const leave = () => {
          waiting.splice(waiting.indexOf(begin), 1);
          reject(signal.reason);
        };
        signal.addEventListener("abort", leave, { once: true });
        waiting.push(begin);
      });
      // The thread that ended left its place to this one.
      return;
    }
    running += 1;
  }

  function endTurn(): void {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }

  async function work(request: Job, signal: AbortSignal, told: (message: Message) => void) {
    const thread = take();
    const flag = new Int32Array(new SharedArrayBuffer(4));
    const at = new Uint8Array(new SharedArrayBuffer(MOST_AT));
    let timer: NodeJS.Timeout | undefined;
    let onAbort = () => {};
    try {
      const outcome = await new Promise<Message | "late" | undefined>((resolve) => {
        onAbort = () => {
          Atomics.store(flag, 0, 1);
          timer = setTimeout(() => resolve("late"), LAST_WORD_MS);
        };
        signal.addEventListener("abort", onAbort, { once: true });
        thread.start({ ...request, stopped: flag, at }, (message) => {
          if (message?.kind === "progress" || message?.kind === "part") told(message);
          else resolve(message);
        });
        if (signal.aborted) onAbort();
      });
      if (outcome !== "late" && outcome !== undefined) {
        giveBack(thread);
        return outcome;
      }
      const gone = drop(thread);
      // Not awaited here: the caller has waited long enough.
      if (outcome === "late") return { kind: "ended", at: textOf(at), gone } as const;
      await gone;
      throw closed ? stopped() : failed();
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    }
  }

  return {
    idle: () => Math.max(0, MOST - running),
    async run(request, signal, told) {
      await turn(signal);
      let gone: Promise<void> | undefined;
      try {
        const outcome = await work(request, signal, told);
        if (outcome.kind === "ended") gone = outcome.gone;
        return outcome;
      } finally {
        if (gone) void gone.then(endTurn);
        else endTurn();
      }
    },
    async close() {
      closed = true;
      await Promise.all(Array.from(all, drop));
    },
  };
}

const textOf = (bytes: Uint8Array) => Buffer.from(bytes.slice(0, bytes.indexOf(0))).toString();

const failed = () =>
  new ToolError("unavailable", "the search ran out of memory or hit a defect. Search a smaller directory.");
const stopped = () => new ToolError("unavailable", "the server is shutting down.");
