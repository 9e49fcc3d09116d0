import type { CallToolResult } from "@modelcontextprotocol/client";
import { unitNames } from "../../src/answers/figures.ts";
import { placeValue, sourceValue } from "../../src/answers/place.ts";
import { dayRow, hourRow } from "../../src/answers/rows.ts";
import type { Forecast } from "../../src/forecast/types.ts";
import { dateAt } from "../../src/forecast/zone.ts";
import { inUnits } from "../../src/units/convert.ts";
import type { UnitSystem } from "../../src/units/system.ts";

/** What get_forecast answers for a forecast; its own tests show that it does. */
export function answerOf(
  told: Forecast,
  granularity: "daily" | "hourly",
  system: UnitSystem = "metric",
): CallToolResult {
  const forecast = inUnits(told, system);
  const { place, source, daily, hourly } = forecast;
  const structuredContent = {
    place: placeValue(place),
    units: unitNames(system, ["temperature", "precipitation", "snowfall", "wind"]),
    granularity,
    ...(granularity === "daily"
      ? { days: daily.dates.map((_, at) => dayRow(forecast, at)) }
      : {
          hours: hourly.times.map((_, at) => hourRow(forecast, at)),
          sun: daily.dates.map((_, at) => dayRow(forecast, at)),
        }),
    source: sourceValue(source, place.timezone),
  };
  return { structuredContent, content: [{ type: "text", text: JSON.stringify(structuredContent) }] };
}

/** The server's tool, as far as the view calls it: the hours of one day. */
export const hoursFrom =
  (told: Forecast, system: UnitSystem = "metric") =>
  async (_: string, args: Record<string, unknown> | undefined): Promise<CallToolResult> => {
    const isAsked = (time: number) => dateAt(told.place.timezone, time) === args?.start;
    const at = told.hourly.times.flatMap((time, index) => (isAsked(time) ? [index] : []));
    const series = Object.fromEntries(
      Object.entries(told.hourly.series).map(([name, { unit, values }]) => [
        name,
        { unit, values: at.map((index) => values[index]) },
      ]),
    );
    const times = at.map((index) => told.hourly.times[index] ?? 0);
    return answerOf({ ...told, hourly: { times, series } }, "hourly", system);
  };
