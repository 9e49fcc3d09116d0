/** How certain a forecast is: how far apart the runs of an ensemble are on each day. */
import * as z from "zod";
import { spreadOf } from "../forecast/spread.ts";
import type { TableReply } from "../forecast/table.ts";
import { NOT_AVAILABLE } from "../forecast/words.ts";
import { convert, convertSpan, unitsOf } from "../units/convert.ts";
import type { UnitSystem } from "../units/system.ts";
import { amount, FigureOutput, figure, span, type UnitNames } from "./figures.ts";

/** Millimetres from which a day counts as wet. */
const WET = 1;

export const UncertaintyOutput = z.object({
  date: z.string(),
  confidence: z.string(),
  high_low: FigureOutput.describe("Eight of ten runs have a high of at least this,"),
  high_high: FigureOutput.describe("and at most this."),
  low_low: FigureOutput,
  low_high: FigureOutput,
  precipitation_low: FigureOutput,
  precipitation_high: FigureOutput,
  wet_runs: FigureOutput.describe("Percent of the runs with 1 mm or more."),
  runs: z.number(),
});
export type Uncertainty = z.output<typeof UncertaintyOutput>;

/** The days that have several runs, since a single run says nothing about certainty. */
export function uncertaintyRows({ value }: TableReply, dates: readonly string[], system: UnitSystem): Uncertainty[] {
  const { temperature, precipitation } = unitsOf(system);
  return dates.flatMap((date) => {
    // A column for each run: `temperature_2m_max`, `temperature_2m_max_member01`, …
    const runsOf = (variable: string) =>
      Object.entries(value.daily).flatMap(([name, { values }]) =>
        name.startsWith(variable) ? (values[value.dates.indexOf(date)] ?? []) : [],
      );
    const middleOf = (variable: string, to: string) => {
      const [runs, from] = [runsOf(variable), value.daily[variable]?.unit ?? ""];
      const spread = runs.length > 1 ? spreadOf(runs) : undefined;
      const [low, high] = [spread?.p10, spread?.p90].map((end) => figure(convert(end, from, to)));
      const apart = spread && convertSpan(spread.p90 - spread.p10, from, "°C");
      return { runs, apart, low: low ?? NOT_AVAILABLE, high: high ?? NOT_AVAILABLE };
    };
    const high = middleOf("temperature_2m_max", temperature);
    const low = middleOf("temperature_2m_min", temperature);
    const fall = middleOf("precipitation_sum", precipitation);
    const wet = fall.runs.filter((amount) => amount >= WET).length / fall.runs.length;
    const runs = Math.max(...[high, low, fall].map((each) => each.runs.length));
    if (runs < 2) return [];
    return {
      date,
      confidence: confidence(high.apart),
      high_low: high.low,
      high_high: high.high,
      low_low: low.low,
      low_high: low.high,
      precipitation_low: fall.low,
      precipitation_high: fall.high,
      wet_runs: fall.runs.length > 1 ? Math.round(wet * 100) : NOT_AVAILABLE,
      runs,
    };
  });
}

/** The certainty in words, from the spread of the runs' highs in degrees Celsius. */
function confidence(degrees: number | undefined): string {
  if (degrees === undefined) return NOT_AVAILABLE;
  if (degrees < 2) return "the runs agree";
  if (degrees < 4) return "fairly sure";
  return degrees < 8 ? "uncertain" : "very uncertain";
}

export function uncertaintyText(row: Uncertainty, { temperature = "", precipitation = "" }: UnitNames): string {
  const parts = [
    `${row.date}: ${row.confidence}`,
    `high ${span(row.high_low, row.high_high, temperature)}`,
    `low ${span(row.low_low, row.low_high, temperature)}`,
    `precipitation ${span(row.precipitation_low, row.precipitation_high, precipitation)}`,
    `1 mm or more in ${amount(row.wet_runs, "%")} of ${row.runs} runs`,
  ];
  return parts.join(", ");
}
