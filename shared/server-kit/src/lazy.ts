import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import type { Worker, WorkerOptions } from "node:worker_threads";

/** Defers making a value until it is first needed, to keep start-up fast. A promise that rejects is not kept. */
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
 * Starts a thread from `new URL("./name.worker.js", import.meta.url)`: in a bundle, that file is next to the code. When
 * sources run directly, as in tests, tsx loads `name.worker.ts` instead. A thread does not keep the process alive.
 */
export function startWorker(url: URL, options: WorkerOptions = {}): Worker {
  // Imported here, because loading it would slow every start by some milliseconds.
  const threads: typeof import("node:worker_threads") = createRequire(import.meta.url)("node:worker_threads");
  // The process's own flags, such as those of a debugger or tracer, are not meant for its threads.
  const given = { execArgv: [], ...options };
  const source = new URL(url.href.replace(/\.js$/, ".ts"));
  // Node 20 cannot apply a loader to a thread's entry file, so the thread starts with JavaScript.
  const begin = `import("tsx/esm/api").then(({ tsImport }) => tsImport("${source.href}", "${source.href}"))`;
  const worker = existsSync(source)
    ? new threads.Worker(begin, { ...given, eval: true })
    : new threads.Worker(url, given);
  worker.unref();
  return worker;
}
