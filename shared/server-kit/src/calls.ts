import { setTimeout as delay } from "node:timers/promises";
import { ToolError } from "./errors.ts";

const SWEEP_MS = 100;
/** From the abort at the deadline until a call is answered without its handler: time to return a partial result. */
const GRACE_MS = 200;
/** Calls that wait; further ones are refused, so that a host that never stops asking cannot exhaust memory. */
const MOST_WAITING = 50_000;
/** Bytes of results that are being made or that nobody has read yet; calls wait for room below it. */
const ROOM = 64 << 20;

const CANCELLED = new ToolError("cancelled", "the client cancelled the call.");
const STOPPING = "the server is shutting down; repeat the call when it runs again.";
const STOPPED = new ToolError("cancelled", STOPPING, { retryable: true });
const CROWDED = new ToolError("rate_limited", `${MOST_WAITING} calls wait already; repeat it when some are answered.`);

/**
 * One call's turn. Its signal exists only once somebody reads it: a timer and `AbortSignal.any` for each call
 * would cost more than half of what the whole call costs. A class, since closures per call cost as well.
 */
export class Turn {
  /** Whether it has been answered. */
  over = false;
  /** Whether a handler listens, and so may still return a part of its answer. */
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

  abort(reason: unknown): void {
    this.#reason ??= reason;
    this.#controller?.abort(reason);
  }

  /** An abort that a handler lets through is reported as what caused it. */
  reasonOf(error: unknown): unknown {
    const aborted = error === this.#reason || (error instanceof Error && error.name === "AbortError");
    return aborted ? (this.#reason ?? error) : error;
  }
}

/** What kind of call it is: whether it writes, and so may finish at shutdown; the bytes that making its result takes. */
export interface Kind {
  readonly write: boolean;
  readonly room: number;
}

/** The calls of one process: their deadlines, their number, their memory, and their end. */
export interface Calls {
  /**
   * Runs `work` in its turn, and settles at the deadline even when `work` ignores its signal.
   * `client` is aborted when the client cancels or goes.
   */
  run<T>(client: AbortSignal, kind: Kind, work: (turn: Turn) => Promise<T>): Promise<T>;
  /** Counts bytes of results: positive when a transport takes one, negative when it is written, or its reader gone. */
  unwritten(bytes: number): void;
  /** Whether calls may begin. */
  isOpen(): boolean;
  /** Ends what reads or waits, and refuses what comes later. Running writes go on. */
  stop(): void;
  /** Resolves when no call is left. */
  idle(): Promise<void>;
}

/**
 * @param timeout milliseconds from arrival to deadline, waiting for a place included; one timer sweeps them all
 * @param concurrency calls that run at once; others wait in order
 * @param opened what the first of them waits for; when it fails, so do they all
 */
export function createCalls(timeout: number, concurrency: number, opened?: Promise<unknown>): Calls {
  const open = new Set<Turn>();
  // Calls with large results wait by themselves, so that the others never wait for room behind them.
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
      // Time stands still for what waits while the client does not read its answers.
      else if (unread > 0 && queueOf(turn).has(turn)) turn.deadline += SWEEP_MS;
      else if (now < turn.deadline) continue;
      else if (!turn.heard || now > turn.deadline + GRACE_MS) fail(turn, late);
      else turn.abort(late);
    }
    if (open.size > 0) return;
    clearInterval(sweep);
    sweep = undefined;
  };

  // A call always has room when it is the only one: no single result is too large.
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
  // Not at once: the transport first counts the result that the call just made.
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
  const begin = () => {
    isOpen = true;
    startNext();
  };
  opened?.then(begin, stop);

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

/** Resolves when it is done, or when nothing has moved for so many milliseconds. */
export async function settled(patience: number, moved: () => number, isDone: () => boolean): Promise<void> {
  for (let [still, before] = [0, moved()]; !isDone() && still < patience; before = moved()) {
    await delay(10);
    still = moved() === before ? still + 10 : 0;
  }
}

/** Resolves when the work is done, failed, or out of time. */
export const atMost = (ms: number, work: Promise<unknown>): Promise<unknown> =>
  Promise.race([work.catch(() => undefined), delay(ms)]);
