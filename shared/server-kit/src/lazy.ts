import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import type { Worker, WorkerOptions } from "node:worker_threads";

/** A function that makes its value when first asked: what start-up must not pay for. A promise that fails is not kept. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    if (made) return made.value;
    const value = make();
    made = { value };
    if (value instanceof Promise) value.catch(() => (made = undefined));
    return value;
  };
}

/**
 * Starts a thread from `new URL("./name.worker.js", import.meta.url)`: in a bundle that file lies beside the code. Run from
 * sources, as tests do, there is `name.worker.ts` instead, which tsx loads. A thread does not keep the process alive.
 */
export function startWorker(url: URL, options: WorkerOptions = {}): Worker {
  // Loading it would cost every start some milliseconds.
  const threads: typeof import("node:worker_threads") = createRequire(import.meta.url)("node:worker_threads");
  // What the process was started with, a debugger or a tracer say, is not meant for its threads.
  const given = { execArgv: [], ...options };
  const source = new URL(url.href.replace(/\.js$/, ".ts"));
  // Node 20 takes no loader for a thread's own file, so the thread begins with JavaScript.
  const begin = `import("tsx/esm/api").then(({ tsImport }) => tsImport("${source.href}", "${source.href}"))`;
  const worker = existsSync(source)
    ? new threads.Worker(begin, { ...given, eval: true })
    : new threads.Worker(url, given);
  worker.unref();
  return worker;
}
