import { ToolError } from "./errors.ts";

interface Entry {
  readonly client: AbortSignal;
  readonly write: boolean;
  readonly deadline: number;
  readonly begin: () => void;
  readonly fail: (error: ToolError) => void;
  controller?: AbortController;
}

/** The calls of one process: their deadlines, their number, and their end. */
export interface Calls {
  /**
   * Runs `work` in its turn, and settles at the deadline even when `work` ignores its signal.
   * `client` is aborted when the client cancels or goes; `write` calls may finish at shutdown.
   */
  run<T>(client: AbortSignal, write: boolean, work: (signal: () => AbortSignal) => Promise<T>): Promise<T>;
  /** Ends what reads or waits, and refuses what comes later. Running writes go on. */
  stop(): void;
  /** Resolves when no call is left. */
  idle(): Promise<void>;
}

const SWEEP_MS = 100;
/** From the abort at the deadline until a handler that does not heed it is answered for: time to return a part. */
const GRACE_MS = 200;

const CANCELLED = new ToolError("cancelled", "the client cancelled the call.");
const STOPPING = "the server is shutting down; repeat the call when it runs again.";
const STOPPED = new ToolError("cancelled", STOPPING, { retryable: true });

/**
 * One timer sweeps the deadlines of all calls, and a call's signal exists only once its handler reads it:
 * a timer and `AbortSignal.any` for each call cost more than half of what the whole call costs.
 *
 * @param timeout milliseconds from arrival to deadline, waiting for a place included
 * @param concurrency calls that run at once; others wait in order
 */
export function createCalls(timeout: number, concurrency: number): Calls {
  const open = new Set<Entry>();
  const waiting = new Set<Entry>();
  let running = 0;
  let stopped = false;
  let sweep: NodeJS.Timeout | undefined;
  const whenIdle: (() => void)[] = [];

  const advice = "Ask for less, or start the server with a larger --timeout.";
  const late = new ToolError("timeout", `no answer within ${timeout / 1000} s. ${advice}`);

  const check = () => {
    const now = performance.now();
    for (const entry of open) {
      if (entry.client.aborted) entry.fail(CANCELLED);
      else if (now < entry.deadline) continue;
      else if (entry.controller === undefined || now > entry.deadline + GRACE_MS) entry.fail(late);
      else entry.controller.abort(late);
    }
  };

  const fill = () => {
    for (const entry of waiting) {
      if (running >= concurrency) return;
      if (performance.now() > entry.deadline) entry.fail(late);
      if (!waiting.delete(entry)) continue;
      running += 1;
      entry.begin();
    }
  };

  const close = (entry: Entry) => {
    if (!open.delete(entry)) return;
    if (!waiting.delete(entry)) {
      running -= 1;
      fill();
    }
    if (open.size > 0) return;
    clearInterval(sweep);
    for (const resolve of whenIdle.splice(0)) resolve();
  };

  const signalOf = (entry: Entry) => {
    if (entry.controller === undefined) {
      const controller = new AbortController();
      entry.controller = controller;
      if (entry.client.aborted) controller.abort(CANCELLED);
      else entry.client.addEventListener("abort", () => controller.abort(CANCELLED), { once: true });
    }
    return entry.controller.signal;
  };

  return {
    run<T>(client: AbortSignal, write: boolean, work: (signal: () => AbortSignal) => Promise<T>) {
      if (stopped) return Promise.reject(STOPPED);
      return new Promise<T>((resolve, reject) => {
        const entry: Entry = {
          client,
          write,
          deadline: performance.now() + timeout,
          begin() {
            const worked = async () => work(() => signalOf(entry));
            worked()
              .then(resolve, (error: unknown) => reject(reasonOf(error, entry)))
              .finally(() => close(entry));
          },
          fail(error) {
            entry.controller?.abort(error);
            reject(error);
            close(entry);
          },
        };
        open.add(entry);
        waiting.add(entry);
        if (open.size === 1) sweep = setInterval(check, SWEEP_MS).unref();
        fill();
      });
    },
    stop() {
      stopped = true;
      for (const entry of waiting) entry.fail(STOPPED);
      for (const entry of open) if (!entry.write) entry.fail(STOPPED);
    },
    idle: () => (open.size === 0 ? Promise.resolve() : new Promise((resolve) => whenIdle.push(resolve))),
  };
}

/** An abort that a handler let through is told as what caused it. */
function reasonOf(error: unknown, { controller }: Entry): unknown {
  if (controller?.signal.aborted !== true) return error;
  const aborted = error === controller.signal.reason || (error instanceof Error && error.name === "AbortError");
  return aborted ? controller.signal.reason : error;
}
