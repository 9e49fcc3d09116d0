import { startWorker } from "@org/server-kit";
import type { Message, Request } from "./protocol.ts";

/** A thread that does one job at a time. */
export interface Thread {
  /** Starts a job; `told` receives its messages, and undefined when it ended without an answer. */
  start(request: Request, told: (message: Message | undefined) => void): void;
  /** Terminates it. Resolves when nothing of it is running. */
  end(): Promise<void>;
}

/** Enough for a tree of millions of names; an expression that eats memory must not take down the process. */
const HEAP_MB = 512;

/** @param failed receives the error that ended the thread, if there was one */
export function startThread(failed: (error: unknown) => void): Thread {
  const worker = startWorker(new URL("./search.worker.js", import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb: 32, maxOldGenerationSizeMb: HEAP_MB },
  });
  let told: ((message: Message | undefined) => void) | undefined;
  const answer = (message: Message | undefined) => {
    const listener = told;
    if (!message || (message.kind !== "progress" && message.kind !== "part")) told = undefined;
    listener?.(message);
  };
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
