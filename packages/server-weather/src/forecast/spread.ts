/** The mean, the range of eight days in ten, and the extremes. */
export interface Spread {
  readonly mean: number;
  readonly p10: number;
  readonly p90: number;
  readonly least: number;
  readonly most: number;
}

/** The mean of at least one value. */
export const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The spread of values; undefined if there are none. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) return undefined;
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? least;
  return { mean: mean(sorted), p10: at(0.1), p90: at(0.9), least, most };
}
