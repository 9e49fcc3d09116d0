import { setTimeout as delay } from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import { type Log, startWorker, ToolError } from "@org/server-kit";
import type { Message, Methods, WorkerStart } from "./protocol.ts";

/**
 * The index of a notes folder: what `search_notes`, `list_notes`, tags, links and titles are answered from. It is a
 * cache of the files; what goes wrong with it is mended or said in the log.
 *
 * - Here, in the server's thread: starts the worker, sends it what is asked, and starts it again when it dies.
 * - `query/questions.ts` spells every question with its arguments and answer; `protocol.ts` what crosses the threads.
 * - `index.worker.ts` is the other thread, `engine.ts` puts together what runs in it:
 *   `sync/` reads the folder and keeps the index as it is, `query/` answers, both over
 *   `store/`, the SQLite database, and `text/`, which splits texts into the words that are searched.
 */
export interface NotesIndex {
  /** Resolves when everything that was in the folder at the start is in. Never rejects. */
  readonly ready: Promise<void>;
  /**
   * Asks one of the `Questions`.
   * @throws the reason of the signal; ToolError `invalid_input` for what cannot be asked, `unavailable` when the index
   * has stopped; an Error with the worker's stack
   */
  call<Name extends keyof Methods>(
    method: Name,
    args: Methods[Name]["args"],
    signal?: AbortSignal,
  ): Promise<Methods[Name]["answer"]>;
  /** Told by whoever changed files (made, moved and removed too): they are in the index when this resolves. Never rejects. */
  refresh(paths: readonly string[]): Promise<void>;
  /** Tells files that anybody changed, made or removed, after they are in the index. Returns its end. */
  onChange(listener: (path: string) => void): () => void;
  close(): Promise<void>;
}

export interface IndexOptions {
  /** The notes folder. */
  readonly root: string;
  /** The cache folder of this vault, see `vaultCache`; asked for when the index begins. */
  readonly directory: () => string;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** A thread that dies is started again, so often: a defect that kills each one must not keep a processor busy. */
const RESTARTS = 3;
const CLOSE_MS = 500;
/** Milliseconds that a thread which is opening its database may take for it, before it is ended all the same. */
const OPEN_MS = 3000;
/**
 * V8 collects late where it has much room: by default, building the index of 10,000 notes takes 50 MB more, and no
 * less time. A hundred thousand notes need half of this.
 */
const HEAP_MB = 512;

/** Milliseconds after which the thread begins without being asked: its start would hold up the first answer to the host. */
const BEGIN_MS = 100;

/** Returns at once: a thread of its own builds the index and answers, so no call is held up but by its own wait. */
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
      // What is in the index by now stays in: with more room the next thread goes on.
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
        // The watch or the next sweep will see the change: what was written is written.
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
      // Whatever state it is left in, the next start copes with it.
      await Promise.race([closing, delay(CLOSE_MS, undefined, { ref: false })]);
      await worker?.terminate();
      for (const { reject } of waiting.values()) reject(unavailable());
      waiting.clear();
    },
  };
}

const unavailable = () =>
  new ToolError("unavailable", "The index of the notes stopped. Try again; when it stays so, restart the server.");
