import { setTimeout as delay } from "node:timers/promises";
import { ToolError } from "./errors.ts";

const SWEEP_MS = 100;
/** Milliseconds that a handler has to return a partial result, once its signal has told it of the deadline. */
const GRACE_MS = 200;
/** Calls that may wait. Further ones are refused, so that a host that never stops asking cannot exhaust memory. */
const MOST_WAITING = 50_000;
/** Bytes that results may take until they are read; calls whose results would exceed it wait. */
const ROOM = 64 << 20;

const CANCELLED = new ToolError("cancelled", "the client cancelled the call.");
const STOPPING = "the server is shutting down; repeat the call when it runs again.";
const STOPPED = new ToolError("cancelled", STOPPING, { retryable: true });
const CROWDED = new ToolError("rate_limited", `${MOST_WAITING} calls are already waiting; repeat it later.`);

/**
 * One call in the queue. Its signal is created when first read: a timer and `AbortSignal.any` for each call would add
 * more than half to its cost. A class, because closures cost time too.
 */
export class Turn {
  /** Whether it has been answered. */
  over = false;
  /** Whether a handler has read the signal, and so may still return a partial result. */
  heard = false;
  #controller: AbortController | undefined;
  #reason: unknown;

  constructor(
    readonly client: AbortSignal,
    readonly write: boolean,
    readonly room: number,
    public deadline: number,
    readonly begin: (turn: Turn) => void,
    readonly reject: (error: unknown) => void,
  ) {}

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.heard = true;
      this.#controller = new AbortController();
      if (this.client.aborted) this.#reason ??= CANCELLED;
      if (this.#reason) this.#controller.abort(this.#reason);
      else this.client.addEventListener("abort", () => this.abort(CANCELLED), { once: true });
    }
    return this.#controller.signal;
  }

  abort(reason: unknown, deadline = this.deadline): void {
    this.#reason ??= reason;
    this.deadline = deadline;
    this.#controller?.abort(reason);
  }

  /** The reason for the abort, when a handler lets an abort error through; otherwise the error itself. */
  reasonOf(error: unknown): unknown {
    const aborted = error === this.#reason || (error instanceof Error && error.name === "AbortError");
    return aborted ? (this.#reason ?? error) : error;
  }
}

/** Whether a call writes, and so may finish at shutdown; and the bytes of memory that its result takes. */
export interface Kind {
  readonly write: boolean;
  readonly room: number;
}

/** The calls of one process: limits their time, number and memory, and ends them at shutdown. */
export interface Calls {
  /**
   * Runs `work` in its turn, and settles at the deadline even when `work` ignores its signal. `client` is aborted when
   * the client cancels or disconnects.
   */
  run<T>(client: AbortSignal, kind: Kind, work: (turn: Turn) => Promise<T>): Promise<T>;
  /** Counts bytes of results: positive when a transport accepts one, negative when written, or its reader is gone. */
  unwritten(bytes: number): void;
  /** Whether calls may begin. */
  isOpen(): boolean;
  /** Ends calls that read or wait, and refuses new ones. Running writes continue. */
  stop(): void;
  /** Resolves when no call is left. */
  idle(): Promise<void>;
}

/**
 * @param timeout milliseconds from arrival to deadline, waiting for a place included; one timer sweeps them all
 * @param concurrency calls that run at once; others wait in order
 * @param opened calls start once it resolves; if it rejects, all of them fail with its error
 */
export function createCalls(timeout: number, concurrency: number, opened?: Promise<unknown>): Calls {
  const open = new Set<Turn>();
  // Calls with large results have their own queue, so that no other call waits for room behind them.
  const large = new Set<Turn>();
  const small = new Set<Turn>();
  const queueOf = ({ room }: Turn) => (room > 0 ? large : small);
  const whenIdle: (() => void)[] = [];
  let running = 0;
  let held = 0;
  let unread = 0;
  let isStarting = false;
  let stopped: unknown;
  let isOpen = opened === undefined;
  let sweep: NodeJS.Timeout | undefined;

  const advice = "Ask for less, or start the server with a larger --timeout.";
  const late = new ToolError("timeout", `no answer within ${timeout / 1000} s. ${advice}`);

  const check = () => {
    const now = performance.now();
    for (const turn of open) {
      if (turn.client.aborted) fail(turn, CANCELLED);
      // The deadline of a waiting call is put off while the client does not read its answers.
      else if (unread > 0 && queueOf(turn).has(turn)) turn.deadline += SWEEP_MS;
      else if (now < turn.deadline) continue;
      else if (!turn.heard || turn.signal.aborted) fail(turn, late);
      else turn.abort(late, now + GRACE_MS);
    }
    if (open.size > 0) return;
    clearInterval(sweep);
    sweep = undefined;
  };

  // A call always has room when it is the only one, however large its result.
  const hasRoom = ({ room }: Turn) => {
    const taken = unread + (room > 0 ? held : 0);
    return isOpen && running < concurrency && (taken === 0 || taken + room <= ROOM);
  };
  const startNext = () => {
    isStarting = false;
    for (const queue of [large, small]) {
      for (const next of queue) {
        if (!hasRoom(next)) break;
        const isLate = performance.now() > next.deadline;
        if (isLate || next.client.aborted) fail(next, isLate ? late : CANCELLED);
        else start(next);
      }
    }
  };
  // Deferred, because the transport first counts the result that the call has just made.
  const startSoon = () => {
    if (isStarting || large.size + small.size === 0) return;
    isStarting = true;
    setImmediate(startNext);
  };
  const settle = (turn: Turn) => {
    if (turn.over) return;
    turn.over = true;
    open.delete(turn);
    if (!queueOf(turn).delete(turn)) {
      running -= 1;
      held -= turn.room;
    }
    startSoon();
    if (open.size === 0) for (const resolve of whenIdle.splice(0)) resolve();
  };
  const start = (turn: Turn) => {
    queueOf(turn).delete(turn);
    running += 1;
    held += turn.room;
    turn.begin(turn);
  };
  const fail = (turn: Turn, error: unknown) => {
    turn.abort(error);
    turn.reject(error);
    settle(turn);
  };

  const stop = (reason: unknown = STOPPED) => {
    stopped ??= reason;
    for (const turn of [...large, ...small]) fail(turn, reason);
    for (const turn of open) if (!turn.write) fail(turn, reason);
  };
  opened?.then(() => {
    isOpen = true;
    startNext();
  }, stop);

  return {
    run<T>(client: AbortSignal, { write, room }: Kind, work: (turn: Turn) => Promise<T>) {
      if (stopped || large.size + small.size >= MOST_WAITING) return Promise.reject(stopped ?? CROWDED);
      return new Promise<T>((resolve, reject) => {
        const begin = (turn: Turn) => {
          const answered = (value: T) => {
            settle(turn);
            resolve(value);
          };
          const failed = (error: unknown) => {
            settle(turn);
            reject(turn.reasonOf(error));
          };
          work(turn).then(answered, failed);
        };
        const turn = new Turn(client, write, room, performance.now() + timeout, begin, reject);
        open.add(turn);
        sweep ??= setInterval(check, SWEEP_MS).unref();
        if (queueOf(turn).size === 0 && hasRoom(turn)) start(turn);
        else queueOf(turn).add(turn);
      });
    },
    unwritten(bytes) {
      unread += bytes;
      if (bytes < 0) startSoon();
    },
    isOpen: () => isOpen,
    stop,
    idle: () => (open.size === 0 ? Promise.resolve() : new Promise((resolve) => whenIdle.push(resolve))),
  };
}

/** Resolves when `isDone` says so, or when `moved` has not changed for `patience` milliseconds. */
export async function settled(patience: number, moved: () => number, isDone: () => boolean): Promise<void> {
  for (let [still, before] = [0, moved()]; !isDone() && still < patience; before = moved()) {
    await delay(10);
    still = moved() === before ? still + 10 : 0;
  }
}

/** Resolves when the work is done, failed, or out of time. */
export const atMost = (ms: number, work: Promise<unknown>): Promise<unknown> =>
  Promise.race([work.catch(() => undefined), delay(ms)]);
