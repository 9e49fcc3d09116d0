import { spreadOf } from "./spread.ts";
import type { Told } from "./table.ts";

/** How far the runs of an ensemble lie apart on one day, in the units of the source. */
export interface Uncertainty {
  readonly date: string;
  readonly members: number;
  readonly high: readonly [low: number, high: number] | undefined;
  readonly low: readonly [low: number, high: number] | undefined;
  readonly fall: readonly [low: number, high: number] | undefined;
  /** Percent of the runs in which something falls. */
  readonly wet: number | undefined;
}

/** Millimetres from which a day counts as wet. */
const WET = 1;

/** The middle eight of ten runs of each day that has several: one says nothing about how sure it is. A column for each run: `temperature_2m_max`, `temperature_2m_max_member01`, … */
export function uncertaintyOf({ value }: Told): Uncertainty[] {
  const columns = Object.entries(value.daily);
  const runs = (variable: string, at: number) =>
    columns.flatMap(([name, { values }]) => (name.startsWith(variable) ? (values[at] ?? []) : []));
  return value.dates.flatMap((date, at) => {
    const highs = runs("temperature_2m_max", at);
    const lows = runs("temperature_2m_min", at);
    const falls = runs("precipitation_sum", at);
    const members = Math.max(highs.length, lows.length, falls.length);
    if (members < 2) return [];
    const wet = falls.filter((fall) => fall >= WET).length / falls.length;
    return {
      ...{ date, members, high: middle(highs), low: middle(lows), fall: middle(falls) },
      wet: falls.length > 1 ? Math.round(wet * 100) : undefined,
    };
  });
}

function middle(values: readonly number[]): readonly [number, number] | undefined {
  const spread = values.length > 1 ? spreadOf(values) : undefined;
  return spread && [spread.p10, spread.p90];
}

/** How sure the day's high is, in words, from degrees Celsius between the runs. */
export function confidence(degrees: number | undefined): string {
  if (degrees === undefined) return "not available";
  if (degrees < 2) return "the runs agree";
  if (degrees < 4) return "fairly sure";
  return degrees < 8 ? "uncertain" : "very uncertain";
}
