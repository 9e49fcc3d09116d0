import type { Panel } from "../axis.ts";
import type { ChartData, Palette } from "../types.ts";
import { precipitationPanel } from "./precipitation.ts";
import { temperaturePanel } from "./temperature.ts";
import { windPanel } from "./wind.ts";

export type Measure = "temperature" | "precipitation" | "wind";

export const PANELS: Readonly<Record<Measure, (panel: Panel) => string>> = {
  temperature: temperaturePanel,
  precipitation: precipitationPanel,
  wind: windPanel,
};

/** The meaning of a line or a bar. */
export type Key = readonly [words: string, colour: keyof Palette, look: "line" | "dashes" | "dots" | "bar"];

/** The legend of a panel, without figures that the source does not have. */
export function keysOf({ hours, days }: ChartData, measure: Measure): Key[] {
  const isHourly = hours.length > 0;
  const spans = isHourly ? hours : days;
  const ifTold = (figures: readonly (number | undefined)[], ...key: Key): Key[] =>
    figures.some((figure) => figure !== undefined) ? [key] : [];
  if (measure === "precipitation") {
    const chances = spans.map(({ probability }) => probability);
    return [["amount", "rain", "bar"], ...ifTold(chances, "probability", "chance", "dots")];
  }
  if (measure === "wind") {
    const gusts = spans.map((span) => span.gusts);
    return [["wind", "wind", "line"], ...ifTold(gusts, "gusts", "gusts", "line")];
  }
  const feels = isHourly ? hours.map(({ feelsLike }) => feelsLike) : days.map(({ feelsHigh }) => feelsHigh);
  const lines: Key[] = [
    ["highest", "warm", "line"],
    ["lowest", "cold", "line"],
  ];
  return [
    ...(isHourly ? [["temperature", "warm", "line"] as const] : lines),
    ...ifTold(feels, "feels like", "feels", "dashes"),
  ];
}
