import type { Figure } from "./report.ts";
import type { Spread } from "./stats.ts";

/** `1.83 (1.79 to 1.90) times` */
export function inWords({ median, low, high }: Spread, unit: string, digits: number): string {
  const [middle, from, to] = [median, low, high].map((value) => value.toFixed(digits));
  return `${middle} (${from} to ${to}) ${unit}`;
}

/** A figure whose median must not exceed `most`. */
export function atMost(what: string, spread: Spread, most: number, unit: string, digits = 2): Figure {
  return { what, measured: inWords(spread, unit, digits), target: `at most ${most}`, holds: spread.median <= most };
}

/** A figure without a target. */
export function plain(what: string, spread: Spread, unit: string, digits = 1): Figure {
  return { what, measured: inWords(spread, unit, digits) };
}
