const PAUSE_MS = 2000;
let bench = "";
let last = 0;

/** Sets the bench that `progress` refers to from now on, and prints its name. */
export function announce(name: string): void {
  bench = name;
  last = performance.now();
  process.stderr.write(`${name} …\n`);
}

/** Reports a bench's progress on stderr, at most every two seconds. Only results go to stdout. */
export function progress(state: string): void {
  if (performance.now() - last < PAUSE_MS) return;
  last = performance.now();
  process.stderr.write(`${bench}: ${state}\n`);
}
