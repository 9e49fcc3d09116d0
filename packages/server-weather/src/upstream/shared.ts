/** Work that several callers share. It is aborted when the last of them leaves. */
export function createShared<T>() {
  const running = new Map<string, { readonly result: Promise<T>; readonly stop: AbortController; callers: number }>();

  /** The same work for the same key; each caller leaves with its own signal. */
  return async function share(key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const job = running.get(key) ?? begin(key, work);
    job.callers++;
    let leave = () => {};
    const left = new Promise<never>((_, reject) => {
      leave = () => reject(signal.reason);
      signal.addEventListener("abort", leave, { once: true });
    });
    try {
      return await Promise.race([job.result, left]);
    } finally {
      signal.removeEventListener("abort", leave);
      if (--job.callers === 0) {
        if (running.get(key) === job) running.delete(key);
        job.stop.abort(new Error("nobody waits for it any more"));
      }
    }
  };

  function begin(key: string, work: (signal: AbortSignal) => Promise<T>) {
    const stop = new AbortController();
    const result = work(stop.signal);
    const job = { result, stop, callers: 0 };
    // Waiting callers get the failure. Without this line, a failure after all have left would end the process.
    result.catch(() => undefined);
    running.set(key, job);
    return job;
  }
}
