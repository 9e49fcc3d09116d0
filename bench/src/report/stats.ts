/** The middle of some figures, and the quarters around it. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** @throws RangeError when there are no figures */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: quantile(sorted, 0.5), low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) };
}

/** Between two neighbours, in proportion. */
function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)];
  const above = sorted[Math.ceil(at)];
  if (below === undefined || above === undefined) throw new RangeError("no figures");
  return below + (above - below) * (at - Math.floor(at));
}

/**
 * The mean of two runs of the same thing, or nothing when they differ: a shared machine moves between a fast
 * and a slow pace. What is compared is judged alike, else the quick runs of one would meet any run of the other.
 */
export function steady(one: number, other: number, most: number): number | undefined {
  return Math.max(one, other) > most * Math.min(one, other) ? undefined : (one + other) / 2;
}
