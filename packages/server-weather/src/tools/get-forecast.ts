import { defineTool, ToolError } from "@org/server-kit";
import * as z from "zod";
import { fitting, SHARES, type UnitNames, UnitsOutput, unitNames } from "../answers/figures.ts";
import { About, about, ending, lines, placeText, SourceOutput, sourceValue } from "../answers/place.ts";
import {
  type Day,
  DayOutput,
  dayRow,
  dayText,
  type Hour,
  HourOutput,
  hourRow,
  hourText,
  sunText,
} from "../answers/rows.ts";
import { type Uncertainty, UncertaintyOutput, uncertaintyRows, uncertaintyText } from "../answers/uncertainty.ts";
import type { Weather } from "../context.ts";
import type { Forecast } from "../forecast/types.ts";
import { addDays, dateAt, localTime, startOfDay } from "../forecast/zone.ts";
import { inUnits } from "../units/convert.ts";
import { type UnitSystem, unitSystem } from "../units/system.ts";
import { isOutage } from "../upstream/failure.ts";
import { locationInput, READS_ONLINE, requireDate, unitsInput } from "./inputs.ts";

const QUANTITIES = ["temperature", "precipitation", "snowfall", "wind"] as const;
const DEFAULT_DAYS = { daily: 7, hourly: 2 } as const;
const MOST_DAYS = 16;
const HOUR = 3_600_000;

const SunOutput = DayOutput.pick({ date: true, sunrise: true, sunset: true, moon_phase: true });

const Output = z.object({
  ...About,
  units: UnitsOutput,
  granularity: z.enum(["daily", "hourly"]),
  days: z.array(DayOutput).optional().describe("Calendar days at the place."),
  hours: z.array(HourOutput).optional(),
  sun: z.array(SunOutput).optional().describe("For hourly: sun and moon on those days."),
  next_start: z.string().optional().describe("The answer was full: pass this as start for the rest."),
  uncertainty: z.array(UncertaintyOutput).optional(),
  source: SourceOutput,
  notes: z.array(z.string()).optional(),
});

export const getForecast = defineTool({
  name: "get_forecast",
  title: "Get the forecast",
  description:
    "Returns the forecast for a place, by day (up to 16) or by hour: temperature, feels-like, precipitation with probability, " +
    "wind, UV, sun and moon. For the current weather use get_weather, for a picture draw_weather_chart, for several places " +
    "compare_weather.",
  annotations: READS_ONLINE,
  view: "ui://weather/forecast.html",
  // Where hosts with the first version of MCP Apps look.
  meta: { "ui/resourceUri": "ui://weather/forecast.html" },
  input: z.strictObject({
    location: locationInput,
    days: z
      .int()
      .min(1)
      .max(MOST_DAYS)
      .optional()
      .describe("Calendar days, 1 to 16; the first ends at midnight. Default 7, hourly 2."),
    granularity: z.enum(["daily", "hourly"]).default("daily").describe("daily (default) or hourly."),
    units: unitsInput,
    start: z
      .string()
      .min(1)
      .optional()
      .describe("First day (2026-12-01) or, hourly, first hour (2026-12-01T14:00), in the place's time. Default: now."),
    uncertainty: z
      .boolean()
      .default(false)
      .describe("Add how certain each day is, from the spread of an ensemble. Default false."),
  }),
  output: Output,
  async run({ location, granularity, days: asked, units, start, uncertainty }, weather: Weather, call) {
    const found = await weather.find(location, call.signal);
    const told = await weather.forecast(found.place, call.signal);
    const { place, source } = told;
    const system = unitSystem(place, units);
    const forecast = inUnits(told, system);
    const names = { ...unitNames(system, QUANTITIES), ...SHARES };
    const days = asked ?? DEFAULT_DAYS[granularity];
    const period = periodOf(place.timezone, start, days, granularity);
    const notes: string[] = [];
    const dates = forecast.daily.dates.filter((date) => date >= period.first && date <= period.last);
    const spread = uncertainty ? await uncertaintyOf(weather, told, dates, system, call.signal, notes) : undefined;
    const around = 1700 + (spread ? JSON.stringify(spread).length : 0);
    const shown =
      granularity === "daily"
        ? daysIn(forecast, period, names, call.maxOutput, around)
        : hoursIn(forecast, period, names, call.maxOutput, around);
    const reach = reachOf(forecast, granularity);
    if (reach !== undefined && period.last > reach) notes.push(`${source.name}'s forecast ends on ${reach}.`);
    return {
      ...about(found, place),
      units: names,
      granularity,
      ...shown,
      ...(spread && { uncertainty: spread }),
      source: sourceValue(source, place.timezone),
      ...(notes.length > 0 && { notes }),
    };
  },
  render: (value) => forecastText(value),
});

/** The same facts as the structured answer, for people. */
export function forecastText(value: z.output<typeof Output>): string {
  const { days = [], hours = [], sun = [], units, uncertainty = [], notes = [], next_start } = value;
  return lines(
    `Forecast for ${placeText(value.place)}, ${value.granularity}`,
    ...days.map((day) => dayText(day, units)),
    ...hours.map((hour) => hourText(hour, units)),
    ...sun.map((day) => `${day.date}: ${sunText(day)}, ${day.moon_phase}`),
    ...uncertainty.map((row) => uncertaintyText(row, units)),
    next_start === undefined ? undefined : `For the rest, pass start ${next_start}.`,
    ...notes,
    ending(value),
  );
}

interface Period {
  /** Milliseconds since 1970, and the dates by which days are compared. */
  readonly from: number;
  readonly first: string;
  readonly last: string;
}

function periodOf(zone: string, start: string | undefined, days: number, granularity: string): Period {
  const today = dateAt(zone, Date.now());
  if (start === undefined) return { from: Date.now() - HOUR + 1, first: today, last: addDays(today, days - 1) };
  // With an offset, as in answers, it is an instant and not a local time.
  const moment = /T.*(Z|[+-]\d\d:\d\d)$/.test(start) ? Date.parse(start) : Number.NaN;
  const wanted = Number.isNaN(moment) ? start : localTime(zone, moment).slice(0, 16);
  const [date = "", time] = wanted.split("T");
  const first = requireDate("start", date, `${today} there`);
  if (first < today || first > addDays(today, MOST_DAYS - 1)) {
    const last = addDays(today, MOST_DAYS - 1);
    const past = "get_historical_weather has the past, get_climate what is normal";
    throw new ToolError("invalid_input", `start ${first}: forecasts go from ${today} to ${last} there; ${past}.`);
  }
  const clock = /^([01]\d|2[0-3]):([0-5]\d)(:\d\d)?$/.exec(time ?? "00:00");
  if (!clock) throw new ToolError("invalid_input", "start: write it as 2026-12-01 or 2026-12-01T14:00.");
  const from = startOfDay(zone, first) + (Number(clock[1]) * 60 + Number(clock[2])) * 60_000;
  // On days of 23 or 25 hours, the hour on the clock is not the number of hours since midnight.
  const shown = granularity === "hourly" ? from - shift(zone, from, wanted) : from;
  return { from: shown, first, last: addDays(first, days - 1) };
}

const shift = (zone: string, time: number, wanted: string) =>
  wanted.includes("T")
    ? Date.parse(`${localTime(zone, time).slice(0, 16)}Z`) - Date.parse(`${wanted.slice(0, 16)}Z`)
    : 0;

const rows = new WeakMap<Forecast, readonly Day[]>();

/**
 * All days of a forecast, made only once, because the phases of the moon and the time zones take longer than everything
 * else.
 */
function daysOf(forecast: Forecast): readonly Day[] {
  const days = rows.get(forecast) ?? forecast.daily.dates.map((_, at) => dayRow(forecast, at));
  rows.set(forecast, days);
  return days;
}

function daysIn(forecast: Forecast, { first, last }: Period, units: UnitNames, maxOutput: number, around: number) {
  const all = daysOf(forecast).filter(({ date }) => date >= first && date <= last);
  const days: Day[] = fitting(all, maxOutput, (day) => dayText(day, units), around);
  const next = all[days.length];
  return { days, ...(next && { next_start: next.date }) };
}

function hoursIn(forecast: Forecast, { from, last }: Period, units: UnitNames, maxOutput: number, around: number) {
  const zone = forecast.place.timezone;
  const all = forecast.hourly.times.flatMap((time, at) =>
    time >= from && dateAt(zone, time) <= last ? [hourRow(forecast, at)] : [],
  );
  const hours: Hour[] = fitting(all, maxOutput, (hour) => hourText(hour, units), around);
  const next = all[hours.length];
  const dates = new Set(hours.map(({ time }) => time.slice(0, 10)));
  const sun = daysOf(forecast).filter(({ date }) => dates.has(date));
  return { hours, sun, ...(next && { next_start: next.time.slice(0, 16) }) };
}

function reachOf({ daily, hourly, place }: Forecast, granularity: string): string | undefined {
  const last = hourly.times.at(-1);
  return granularity === "daily" ? daily.dates.at(-1) : last === undefined ? undefined : dateAt(place.timezone, last);
}

async function uncertaintyOf(
  weather: Weather,
  { place }: Forecast,
  dates: readonly string[],
  system: UnitSystem,
  signal: AbortSignal,
  notes: string[],
): Promise<Uncertainty[] | undefined> {
  try {
    const told = await weather.ensemble(place, signal);
    notes.push(`Uncertainty: ${told.attribution}.`);
    const rows = uncertaintyRows(told, dates, system);
    const without = dates.filter((date) => !rows.some((row) => row.date === date));
    if (without.length > 0)
      notes.push(`The ensemble has no runs for ${without.join(", ")}: how sure these are is not available.`);
    return rows;
  } catch (error) {
    if (!isOutage(error)) throw error;
    notes.push(`The uncertainty is not available: ${error.message}`);
    return undefined;
  }
}
