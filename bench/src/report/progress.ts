const PAUSE_MS = 2000;
let bench = "";
let last = 0;

/** Names the bench that `progress` speaks of from here on, and prints it. */
export function announce(name: string): void {
  bench = name;
  last = performance.now();
  process.stderr.write(`${name} …\n`);
}

/** Says on stderr how far a bench is, every two seconds at most. Results alone go to stdout. */
export function progress(state: string): void {
  if (performance.now() - last < PAUSE_MS) return;
  last = performance.now();
  process.stderr.write(`${bench}: ${state}\n`);
}
