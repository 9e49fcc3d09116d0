import { Worker, type WorkerOptions } from "node:worker_threads";
import type { Message, Request } from "./protocol.ts";

/** A thread that does one job at a time. */
export interface Thread {
  /** Gives it a job; `told` gets what it tells, and undefined when it ended without an answer. */
  start(request: Request, told: (message: Message | undefined) => void): void;
  /** Ends it. Resolves when nothing of it runs any more. */
  end(): Promise<void>;
}

/** A tree of millions of names needs some; an expression that eats memory must not take the process with it. */
const HEAP_MB = 512;

/** @param failed told what ended it, when it did not end by itself */
export function startThread(failed: (error: unknown) => void): Thread {
  const worker = newWorker({
    resourceLimits: { maxYoungGenerationSizeMb: 32, maxOldGenerationSizeMb: HEAP_MB },
    // What the process was started with, a debugger or a tracer say, is not meant for a thread that reads files.
    execArgv: [],
  });
  let told: ((message: Message | undefined) => void) | undefined;
  const answer = (message: Message | undefined) => {
    const listener = told;
    if (!message || (message.kind !== "progress" && message.kind !== "part")) told = undefined;
    listener?.(message);
  };
  // The process ends when its client goes, whatever is searched.
  worker.unref();
  worker.on("message", answer);
  worker.on("error", failed);
  worker.on("exit", () => answer(undefined));
  return {
    start(request, listener) {
      told = listener;
      worker.postMessage(request);
    },
    async end() {
      await worker.terminate();
    },
  };
}

/** Bundled, the worker is a file beside this one; run from its sources, it is TypeScript, which tsx loads. */
function newWorker(options: WorkerOptions): Worker {
  if (!import.meta.url.endsWith(".ts")) return new Worker(new URL("./search.worker.js", import.meta.url), options);
  const source = JSON.stringify(new URL("./search.worker.ts", import.meta.url).href);
  // Node 20 takes no loader for a thread's own file, so the thread begins with JavaScript.
  const begin = `import("tsx/esm/api").then(({ tsImport }) => tsImport(${source}, ${source}))`;
  return new Worker(begin, { ...options, eval: true });
}
