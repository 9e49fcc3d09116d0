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

/** The middle eight of ten runs of each day. A column for each run: `temperature_2m_max`, `temperature_2m_max_member01`, … */
export function uncertaintyOf({ value }: Told): Uncertainty[] {
  const columns = Object.entries(value.daily);
  const runs = (variable: string, at: number) =>
    columns.flatMap(([name, { values }]) => (name.startsWith(variable) ? (values[at] ?? []) : []));
  return value.dates.map((date, at) => {
    const [highs, lows, falls] = ["temperature_2m_max", "temperature_2m_min", "precipitation_sum"].map((name) =>
      runs(name, at),
    );
    return {
      date,
      members: highs?.length ?? 0,
      high: middle(highs),
      low: middle(lows),
      fall: middle(falls),
      wet:
        falls && falls.length > 1
          ? Math.round((falls.filter((fall) => fall >= WET).length / falls.length) * 100)
          : undefined,
    };
  });
}

/** One run says nothing about how sure a forecast is. */
function middle(values: readonly number[] = []): readonly [number, number] | undefined {
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
