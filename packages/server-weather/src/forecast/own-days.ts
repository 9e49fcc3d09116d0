import type { Daily, DailyName, Hourly, HourlyName, Series } from "./types.ts";
import { addDays, offsetAt, startOfDay } from "./zone.ts";

interface Rule {
  readonly from: HourlyName;
  readonly fold: (values: readonly number[]) => number;
  /** The sum over the hour that ends at its time. */
  readonly isSum?: true;
}

const max = (values: readonly number[]) => Math.max(...values);
const min = (values: readonly number[]) => Math.min(...values);
const sum = (values: readonly number[]) => Number(values.reduce((total, value) => total + value, 0).toFixed(2));

/** In the order of answers. Directions have neither a sum nor a maximum. */
const RULES: Readonly<Record<DailyName, Rule | undefined>> = {
  // WMO codes rise with the severity of the weather.
  weather_code: { from: "weather_code", fold: max },
  temperature_max: { from: "temperature", fold: max },
  temperature_min: { from: "temperature", fold: min },
  feels_like_max: { from: "feels_like", fold: max },
  feels_like_min: { from: "feels_like", fold: min },
  precipitation: { from: "precipitation", fold: sum, isSum: true },
  precipitation_probability: { from: "precipitation_probability", fold: max, isSum: true },
  snowfall: { from: "snowfall", fold: sum, isSum: true },
  wind_speed_max: { from: "wind_speed", fold: max },
  wind_gusts_max: { from: "wind_gusts", fold: max },
  wind_direction: undefined,
  uv_index_max: { from: "uv_index", fold: max },
};

/** The steps of a timeline that belong to a date there; for sums, those that end within it. */
function stepsOf(times: readonly number[], zone: string, date: string, isSum: boolean): number[] {
  const [start, end] = [startOfDay(zone, date), startOfDay(zone, addDays(date, 1))];
  return [...times.keys()].filter((at) => {
    const time = times[at] ?? Number.NaN;
    return isSum ? time > start && time <= end : time >= start && time < end;
  });
}

/** A day's figure from its hours; undefined unless every one of its steps has it. */
export function ofDay(hourly: Hourly, name: DailyName, zone: string, date: string): number | undefined {
  const rule = RULES[name];
  if (!rule) return undefined;
  const { from, fold, isSum = false } = rule;
  const column = hourly.series[from];
  const steps = stepsOf(hourly.times, zone, date, isSum);
  const values = steps.flatMap((at) => column?.values[at] ?? []);
  return values.length > 0 && values.length === steps.length ? fold(values) : undefined;
}

/**
 * A source uses one offset for all days, so days after a clock change begin an hour off. They are computed again from
 * their hours, if all of these are known.
 */
export function withOwnDays(daily: Daily, hourly: Hourly, zone: string, offset: number): Daily {
  const last = hourly.times.at(-1) ?? 0;
  const wrong = [...daily.dates.keys()].filter((at) => {
    const date = daily.dates[at] ?? "";
    const [start, end] = [startOfDay(zone, date), startOfDay(zone, addDays(date, 1))];
    const isOff = offsetAt(zone, start) !== offset || offsetAt(zone, end - 1) !== offset;
    return isOff && (hourly.times[0] ?? start + 1) <= start && last >= end - 3_600_000;
  });
  if (wrong.length === 0) return daily;
  const remade = (name: DailyName, series: Series): Series => ({
    unit: series.unit,
    values: series.values.map((value, at) => {
      if (!wrong.includes(at) || hasOtherUnit(name, series, hourly)) return value;
      return ofDay(hourly, name, zone, daily.dates[at] ?? "") ?? value;
    }),
  });
  const series: Partial<Record<DailyName, Series>> = {};
  let name: DailyName;
  for (name in RULES) {
    const column = daily.series[name];
    if (column) series[name] = remade(name, column);
  }
  return { ...daily, series };
}

const hasOtherUnit = (name: DailyName, { unit }: Series, { series }: Hourly) =>
  series[RULES[name]?.from ?? "wind_direction"]?.unit !== unit;

/** The days of a source that has only hours. */
export function dailyFromHours(hourly: Hourly, zone: string, dates: readonly string[]): Daily["series"] {
  const series: Partial<Record<DailyName, Series>> = {};
  let name: DailyName;
  for (name in RULES) {
    const rule = RULES[name];
    const column = rule && hourly.series[rule.from];
    if (column) series[name] = { unit: column.unit, values: dates.map((date) => ofDay(hourly, name, zone, date)) };
  }
  return series;
}
