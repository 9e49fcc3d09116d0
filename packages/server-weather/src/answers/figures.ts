/** Figures in answers: a number whose unit the answer names, or "not available". */
import * as z from "zod";
import type { Series } from "../forecast/types.ts";
import { NOT_AVAILABLE } from "../forecast/words.ts";
import { type Quantity, unitsOf } from "../units/convert.ts";
import type { UnitSystem } from "../units/system.ts";

export const FigureOutput = z.union([z.number(), z.literal(NOT_AVAILABLE)]);
export type Figure = z.output<typeof FigureOutput>;

export const figure = (value: number | undefined): Figure => value ?? NOT_AVAILABLE;
export const figureAt = (series: Series | undefined, at: number): Figure => figure(series?.values[at]);

/** "12.3 °C", "80%", "3", "not available". */
export const amount = (value: Figure, unit = ""): string =>
  value === NOT_AVAILABLE || unit === "" ? String(value) : `${value}${unit === "%" ? "" : " "}${unit}`;

/** "2 to 8.1 °C"; "not available" if neither end is known. */
export function span(low: Figure, high: Figure, unit: string): string {
  if (low === NOT_AVAILABLE && high === NOT_AVAILABLE) return NOT_AVAILABLE;
  return `${high === NOT_AVAILABLE ? amount(low, unit) : low} to ${amount(high, unit)}`;
}

/** The units of an answer by quantity: `temperature`, `wind`, … */
export type UnitNames = Readonly<Record<string, string>>;
export const UnitsOutput = z.record(z.string(), z.string()).describe("The unit of each kind of figure.");

/** Percentages, which are the same in every system. */
export const SHARES = { precipitation_probability: "%", humidity: "%", cloud_cover: "%" } as const;

export function unitNames(system: UnitSystem, quantities: readonly Quantity[]): Record<string, string> {
  const units = unitsOf(system);
  return Object.fromEntries(quantities.map((quantity) => [quantity, units[quantity]]));
}

/** Characters that an answer needs besides its rows. */
const AROUND = 1700;

/**
 * As many rows as fit in an answer, and at least one: both their value and their text must fit.
 * @param text writes one row
 */
export function fitting<R>(rows: readonly R[], maxOutput: number, text: (row: R) => string, around = AROUND): R[] {
  let left = maxOutput - around;
  const end = rows.findIndex((row) => {
    left -= Math.max(JSON.stringify(row).length, text(row).length) + 1;
    return left < 0;
  });
  return rows.slice(0, end < 0 ? rows.length : Math.max(1, end));
}
