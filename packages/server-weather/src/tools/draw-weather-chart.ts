import { defineTool, READ_ONLY, ToolError } from "@org/server-kit";
import * as z from "zod";
import type { Weather } from "../context.ts";
import { isDate } from "../forecast/zone.ts";
import { locationInput, unitsInput } from "./inputs.ts";

export const drawWeatherChart = defineTool({
  name: "draw_weather_chart",
  title: "Draw a weather chart",
  description:
    "Returns a picture (PNG) of the weather at a place: temperature, feels-like, precipitation and wind, of the next days or of a past period. Use it when people want to see it; get_forecast and get_historical_weather return the figures.",
  annotations: { ...READ_ONLY, openWorldHint: true },
  media: true,
  input: z.strictObject({
    location: locationInput,
    days: z
      .int()
      .min(1)
      .max(16)
      .optional()
      .describe("Days of forecast from today, 1 to 16, default 7. Not together with dates."),
    start_date: pastDate("First day of a past period, such as 2025-07-01, from 1940-01-01. With end_date."),
    end_date: pastDate("Last day of a past period, at most 366 days later, such as 2025-07-31. With start_date."),
    units: unitsInput,
  }),
  async run({ location, days = 7, units, ...period }, weather: Weather, { signal }) {
    const past = pastPeriod(period);
    const found = await weather.find(location, signal);
    const answer = past
      ? await weather.history(found.place, past, signal)
      : await weather.forecast(found.place, signal);
    const forecast = inUnits(answer, unitSystem(answer.place, units));
    // The drawing code and the renderer are no part of the start.
    const { drawWeather } = await import("../chart/draw.ts");
    const today = dateAt(answer.place.timezone, Date.now());
    const { start, end } = past ?? { start: today, end: addDays(today, days - 1) };
    const { png, facts } = await drawWeather(forecast, start, end, signal);
    const image = { type: "image", data: Buffer.from(png).toString("base64"), mimeType: "image/png" } as const;
    return [image, [placeLine(found), facts, sourceLine(answer), othersLine(found)].filter(Boolean).join(". ")];
  },
});

function pastDate(words: string) {
  return z
    .string()
    .regex(/^\d{4}-\d\d-\d\d$/)
    .optional()
    .describe(words);
}

interface Asked {
  readonly days?: number | undefined;
  readonly start_date?: string | undefined;
  readonly end_date?: string | undefined;
}

function pastPeriod({ days, start_date: start, end_date: end }: Asked): DateRange | undefined {
  if (start === undefined && end === undefined) return undefined;
  if (start === undefined || end === undefined) {
    throw invalid("a past period needs both start_date and end_date. Pass both, or days for a forecast.");
  }
  if (days !== undefined) throw invalid("days is for a forecast, dates are for the past. Pass one or the other.");
  const wrong = [start, end].find((date) => !isDate(date));
  if (wrong !== undefined) throw invalid(`there is no date ${quote(wrong)}. Pass dates such as 2025-07-01.`);
  if (end < start) throw invalid(`end_date ${end} is before start_date ${start}. Pass the earlier one as start_date.`);
  if (daysBetween(start, end) > 366) throw invalid("the period is longer than 366 days. Ask for a year or less.");
  return { start, end };
}

const invalid = (message: string) => new ToolError("invalid_input", message);
