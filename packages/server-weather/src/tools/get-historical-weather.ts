import { counted, defineTool, ToolError } from "@org/server-kit";
import * as z from "zod";
import { amount, FigureOutput, figure, fitting, SHARES, UnitsOutput, unitNames } from "../answers/figures.ts";
import { About, about, ending, lines, placeText, SourceOutput, sourceValue } from "../answers/place.ts";
import { DayOutput, dayRow, dayText, HourOutput, hourRow, hourText } from "../answers/rows.ts";
import type { Weather } from "../context.ts";
import { mean, spreadOf } from "../forecast/spread.ts";
import type { Forecast, Series } from "../forecast/types.ts";
import { daysBetween } from "../forecast/zone.ts";
import { MOST_HOURLY_DAYS } from "../providers/open-meteo/forecast.ts";
import { inUnits, round } from "../units/convert.ts";
import { unitSystem } from "../units/system.ts";
import { dateInput, FIRST_DATE, locationInput, pastRange, READS_ONLINE, unitsInput } from "./inputs.ts";

const QUANTITIES = ["temperature", "precipitation", "snowfall", "wind"] as const;

const SummaryOutput = z.object({
  days: z.number(),
  mean_high: FigureOutput,
  mean_low: FigureOutput,
  highest: FigureOutput,
  highest_date: z.string().optional(),
  lowest: FigureOutput,
  lowest_date: z.string().optional(),
  precipitation: FigureOutput.describe("Total of all days."),
  days_missing: z.number().describe("Days without a high."),
});

export const getHistoricalWeather = defineTool({
  name: "get_historical_weather",
  title: "Get past weather",
  description:
    "Returns the past weather at a place by day or by hour, from 1940 to a few days ago, with a summary of the period. " +
    "For what is normal use get_climate, for a picture draw_weather_chart.",
  annotations: READS_ONLINE,
  input: z.strictObject({
    location: locationInput,
    start_date: dateInput(`First day, from ${FIRST_DATE}, as`),
    end_date: dateInput("Last day, at most 366 days in total (31 if hourly), as"),
    granularity: z.enum(["daily", "hourly"]).default("daily").describe("daily (default) or hourly."),
    units: unitsInput,
  }),
  output: z.object({
    ...About,
    units: UnitsOutput,
    summary: SummaryOutput.describe("For the whole requested period."),
    days: z.array(DayOutput).optional(),
    hours: z.array(HourOutput).optional(),
    next_start: z.string().optional().describe("The answer was full: pass this as start_date for the rest."),
    source: SourceOutput,
    note: z.string().optional(),
  }),
  async run({ location, start_date, end_date, granularity, units }, weather: Weather, { signal, maxOutput }) {
    const range = pastRange(start_date, end_date);
    const isHourly = granularity === "hourly";
    if (isHourly && daysBetween(range.start, range.end) >= MOST_HOURLY_DAYS) {
      throw new ToolError(
        "invalid_input",
        `hourly figures are for at most ${MOST_HOURLY_DAYS} days. Ask for less, or daily.`,
      );
    }
    const found = await weather.find(location, signal);
    const told = await weather.history(found.place, range, signal);
    const { place, source } = told;
    const system = unitSystem(place, units);
    const forecast = inUnits(told, system);
    const names = { ...unitNames(system, QUANTITIES), ...SHARES };
    const days = forecast.daily.dates.map((_, at) => dayRow(forecast, at, true));
    const hours = isHourly ? forecast.hourly.times.map((_, at) => hourRow(forecast, at, true)) : [];
    const shownDays = fitting(days, maxOutput, (day) => dayText(day, names), 2000);
    const shownHours = wholeDays(hours, fitting(hours, maxOutput, (hour) => hourText(hour, names), 2000).length);
    const next = isHourly ? hours[shownHours.length]?.time.slice(0, 10) : days[shownDays.length]?.date;
    const asked = daysBetween(range.start, range.end) + 1;
    const missing = asked - days.filter((day) => typeof day.temperature_max === "number").length;
    return {
      ...about(found, place),
      units: names,
      summary: { ...summaryOf(forecast), days: asked, days_missing: missing },
      ...(isHourly ? { hours: shownHours } : { days: shownDays }),
      ...(next !== undefined && { next_start: next }),
      source: sourceValue(source, place.timezone),
      ...(missing > 0 && {
        note: "Some days are not in the archive, which ends a few days ago; get_weather and get_forecast cover today.",
      }),
    };
  },
  render({ place, also_named, units, summary, days = [], hours = [], next_start, source, note }) {
    const { temperature = "", precipitation = "" } = units;
    const on = (date: string | undefined) => (date === undefined ? "" : ` (${date})`);
    return lines(
      `Past weather for ${placeText(place)}`,
      `${counted(summary.days, "day")}: mean high ${amount(summary.mean_high, temperature)}, mean low ${amount(summary.mean_low, temperature)}, ` +
        `highest ${amount(summary.highest, temperature)}${on(summary.highest_date)}, lowest ${amount(summary.lowest, temperature)}` +
        `${on(summary.lowest_date)}, precipitation ${amount(summary.precipitation, precipitation)}, ` +
        `${counted(summary.days_missing, "day")} missing`,
      ...days.map((day) => dayText(day, units)),
      ...hours.map((hour) => hourText(hour, units)),
      next_start === undefined ? undefined : `For the rest, pass start_date ${next_start}.`,
      note,
      ending({ also_named, source }),
    );
  },
});

/** Whole days, so that the next page begins with a date; part of a day only if not even one fits. */
function wholeDays<H extends { time: string }>(hours: readonly H[], count: number): H[] {
  const next = hours[count]?.time.slice(0, 10);
  if (next === undefined || next === hours[0]?.time.slice(0, 10)) return hours.slice(0, count);
  return hours.slice(0, count).filter(({ time }) => time.slice(0, 10) < next);
}

function summaryOf({ daily }: Forecast) {
  const { temperature_max: high, temperature_min: low, precipitation } = daily.series;
  const of = (series: Series | undefined) => (series?.values ?? []).filter((value) => value !== undefined);
  const [highs, lows, falls] = [spreadOf(of(high)), spreadOf(of(low)), of(precipitation)];
  return {
    mean_high: figure(highs && round(highs.mean, 1)),
    mean_low: figure(lows && round(lows.mean, 1)),
    highest: figure(highs?.most),
    ...dateOf("highest_date", daily.dates, high, highs?.most),
    lowest: figure(lows?.least),
    ...dateOf("lowest_date", daily.dates, low, lows?.least),
    precipitation: figure(falls.length > 0 ? round(mean(falls) * falls.length, 2) : undefined),
  };
}

function dateOf<K extends string>(
  key: K,
  dates: readonly string[],
  series: Series | undefined,
  value: number | undefined,
) {
  const date = value === undefined ? undefined : dates[series?.values.indexOf(value) ?? -1];
  return date === undefined ? {} : { [key]: date };
}
