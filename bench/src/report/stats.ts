/** The median of some figures, and the quartiles. */
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

/** Interpolates linearly between two neighbours. */
function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)];
  const above = sorted[Math.ceil(at)];
  if (below === undefined || above === undefined) throw new RangeError("no figures");
  return below + (above - below) * (at - Math.floor(at));
}

/**
 * The mean of two runs of the same thing, or undefined if they differ: a shared machine changes between a fast
 * and a slow pace. Both sides of a comparison use this, or fast runs of one would be compared with any runs of the other.
 */
export function steady(one: number, other: number, most: number): number | undefined {
  return Math.max(one, other) > most * Math.min(one, other) ? undefined : (one + other) / 2;
}
