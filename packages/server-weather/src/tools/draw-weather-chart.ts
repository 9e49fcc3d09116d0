import { defineTool, ToolError } from "@org/server-kit";
import * as z from "zod";
import { about, ending, placeText, sourceValue } from "../answers/place.ts";
import type { DateRange, Weather } from "../context.ts";
import { addDays, dateAt } from "../forecast/zone.ts";
import { inUnits } from "../units/convert.ts";
import { unitSystem } from "../units/system.ts";
import { dateInput, locationInput, pastRange, READS_ONLINE, unitsInput } from "./inputs.ts";

const DEFAULT_DAYS = 7;

export const drawWeatherChart = defineTool({
  name: "draw_weather_chart",
  title: "Draw a weather chart",
  description:
    "Returns a picture (PNG) of the weather at a place: temperature, feels-like, precipitation and wind of the coming " +
    "days, or of a past period. Use it to show somebody the weather; get_forecast and get_historical_weather " +
    "return the figures.",
  annotations: READS_ONLINE,
  media: true,
  input: z.strictObject({
    location: locationInput,
    days: z.int().min(1).max(16).optional().describe("Days from today, 1 to 16, default 7. Not with dates."),
    start_date: dateInput("First day of a past period, from 1940-01-01; needs end_date.").optional(),
    end_date: dateInput("Last day of the period, at most 366 days in total.").optional(),
    units: unitsInput,
  }),
  async run({ location, days, start_date, end_date, units }, weather: Weather, { signal }) {
    const past = periodOf(days, start_date, end_date);
    const found = await weather.find(location, signal);
    const told = past ? await weather.history(found.place, past, signal) : await weather.forecast(found.place, signal);
    const { place, source } = told;
    const today = dateAt(place.timezone, Date.now());
    const { start, end } = past ?? { start: today, end: addDays(today, (days ?? DEFAULT_DAYS) - 1) };
    // The drawing code and the renderer are loaded on first use.
    const { drawWeather } = await import("../chart/draw.ts");
    const { png, facts } = await drawWeather(inUnits(told, unitSystem(place, units)), start, end, signal);
    const { also_named, place: shown } = about(found, place);
    const rest = ending({ also_named, source: sourceValue(source, place.timezone) });
    return [
      { type: "image", data: Buffer.from(png).toString("base64"), mimeType: "image/png" },
      `${placeText(shown)}, ${facts}. ${rest.replaceAll("\n", " ")}`,
    ];
  },
});

/** The requested past period; undefined for a forecast. */
function periodOf(days?: number, start?: string, end?: string): DateRange | undefined {
  if (start === undefined && end === undefined) return undefined;
  if (start === undefined || end === undefined) {
    const missing = start === undefined ? "start_date" : "end_date";
    throw new ToolError(
      "invalid_input",
      `${missing} is missing: a past period needs both dates. Pass it, or pass only days.`,
    );
  }
  if (days !== undefined) {
    throw new ToolError("invalid_input", "days is for a forecast, and dates are for the past. Pass one or the other.");
  }
  return pastRange(start, end, "pass only days (up to 16)");
}
