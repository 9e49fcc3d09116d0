import { setTimeout as delay } from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import { type Log, startWorker, ToolError } from "@org/server-kit";
import type { Message, Methods, WorkerStart } from "./protocol.ts";

/**
 * The index of a notes folder, from which `search_notes`, `list_notes`, tags, links and titles are answered. It is a
 * cache of the files; problems with it are repaired or logged.
 * - Here, in the server's thread: starts the worker, sends it requests, and restarts it when it dies.
 * - `query/questions.ts` lists every question with its arguments and answer; `protocol.ts` defines the messages between
 *   the threads.
 * - `index.worker.ts` is the other thread, and `engine.ts` assembles what runs in it: `sync/` reads the folder and
 *   keeps the index up to date, `query/` answers, both on top of `store/`, the SQLite database, and `text/`, which
 *   splits texts into searchable words.
 */
export interface NotesIndex {
  /** Resolves when everything that was in the folder at the start is indexed. Never rejects. */
  readonly ready: Promise<void>;
  /**
   * Asks one of the `Questions`. @throws the signal's reason; ToolError `invalid_input` for a question that cannot be
   * asked, `unavailable` when the index has stopped; an Error with the worker's stack
   */
  call<Name extends keyof Methods>(
    method: Name,
    args: Methods[Name]["args"],
    signal?: AbortSignal,
  ): Promise<Methods[Name]["answer"]>;
  /**
   * Call after changing files (creating, moving and removing included): they are indexed when this resolves. Never
   * rejects.
   */
  refresh(paths: readonly string[]): Promise<void>;
  /**
   * Calls `listener` with each file that anyone changed, created or removed, once it is indexed. Returns a function
   * that ends it.
   */
  onChange(listener: (path: string) => void): () => void;
  close(): Promise<void>;
}

export interface IndexOptions {
  /** The notes folder. */
  readonly root: string;
  /** The vault's cache folder, see `vaultCache`; called when the index starts. */
  readonly directory: () => string;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** How many times a dead thread is restarted: a defect that kills every thread must not keep a processor busy. */
const RESTARTS = 3;
const CLOSE_MS = 500;
/** Milliseconds that a thread may take to open its database before it is terminated anyway. */
const OPEN_MS = 3000;
/**
 * V8 collects garbage late when it has much room: with the default limit, indexing 10,000 notes takes 50 MB more and no
 * less time. A hundred thousand notes need half of this.
 */
const HEAP_MB = 512;

/** Milliseconds after which the thread starts unasked. Starting at once would delay the first answer to the host. */
const BEGIN_MS = 100;

/** Returns at once: another thread builds the index and answers, so only calls that need it wait. */
export function openIndex({ root, directory }: IndexOptions, log: Log): NotesIndex {
  const listeners = new Set<(path: string) => void>();
  let whenReady = () => {};
  const ready = new Promise<void>((resolve) => {
    whenReady = resolve;
  });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let restarts = 0;
  let isClosed = false;
  let heapMb = HEAP_MB;
  let isOpening = () => false;
  let worker: Worker | undefined;
  let hasBegun = false;
  const timer = setTimeout(begin, BEGIN_MS).unref();

  function begin(): void {
    if (hasBegun) return;
    hasBegun = true;
    clearTimeout(timer);
    worker = start();
  }

  function start(): Worker {
    const opening = new Int32Array(new SharedArrayBuffer(4)).fill(1);
    const startData: WorkerStart = { root, directory: directory(), opening };
    const started = startWorker(new URL("./index.worker.js", import.meta.url), {
      workerData: startData,
      resourceLimits: { maxYoungGenerationSizeMb: 12, maxOldGenerationSizeMb: heapMb },
    });
    started.on("message", receive);
    started.on("error", (error) => {
      log.error("index thread failed", { reason: String(error) });
      // The index keeps what is in it; with more memory, the next thread continues.
      if ("code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY") heapMb *= 4;
    });
    const waitUntilOpen = () => void Atomics.wait(opening, 0, 1, OPEN_MS);
    process.on("exit", waitUntilOpen);
    started.on("exit", () => {
      process.off("exit", waitUntilOpen);
      opening[0] = 0;
      if (isClosed) return;
      const failed = [...waiting.values()];
      waiting.clear();
      restarts += 1;
      worker = restarts <= RESTARTS ? start() : undefined;
      if (!worker) whenReady();
      for (const { reject } of failed) reject(unavailable());
    });
    isOpening = () => Atomics.load(opening, 0) === 1;
    return started;
  }

  function receive(message: Message): void {
    if (message.kind === "ready") whenReady();
    else if (message.kind === "changed") {
      for (const path of message.paths) for (const listener of listeners) listener(path);
    } else if (message.kind === "log") log[message.level](message.event, message.fields);
    else {
      const call = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.kind === "answer") call?.resolve(message.value);
      else call?.reject(message.code ? new ToolError(message.code, message.message) : new Error(message.message));
    }
  }

  async function call<Name extends keyof Methods>(method: Name, args: Methods[Name]["args"], signal?: AbortSignal) {
    signal?.throwIfAborted();
    if (isClosed) throw unavailable();
    begin();
    if (!worker) throw unavailable();
    const to = worker;
    lastId += 1;
    const id = lastId;
    const abandon = () => {
      waiting.get(id)?.reject(signal?.reason);
      waiting.delete(id);
    };
    signal?.addEventListener("abort", abandon, { once: true });
    try {
      return await new Promise<Methods[Name]["answer"]>((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        to.postMessage({ id, method, args });
      });
    } finally {
      signal?.removeEventListener("abort", abandon);
    }
  }

  return {
    ready,
    call,
    async refresh(paths) {
      try {
        await call("refresh", paths);
      } catch (error) {
        // The write itself is done, and the watch or the next sweep will see the change.
        if (!(error instanceof ToolError)) log.warn("changes not indexed", { reason: String(error) });
      }
    },
    onChange(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    async close() {
      if (isClosed) return;
      if (!hasBegun) {
        isClosed = true;
        clearTimeout(timer);
        return;
      }
      const closing = call("close", undefined).catch(() => {});
      isClosed = true;
      for (const began = Date.now(); isOpening() && Date.now() - began < OPEN_MS; ) await delay(10);
      // The next start copes with any state.
      await Promise.race([closing, delay(CLOSE_MS, undefined, { ref: false })]);
      await worker?.terminate();
      for (const { reject } of waiting.values()) reject(unavailable());
      waiting.clear();
    },
  };
}

const unavailable = () =>
  new ToolError("unavailable", "The notes index stopped. Try again; if that does not help, restart the server.");
