import type { Daily, Forecast, Hourly, Series } from "./types.ts";
import { dateAt } from "./zone.ts";

const HOUR = 3_600_000;
const cut = new WeakMap<Forecast, { readonly hour: number; readonly forecast: Forecast }>();

/** A forecast from today on, by the place's date. Returns the same object within the same hour. */
export function fromNow(forecast: Forecast, now = Date.now()): Forecast {
  const hour = Math.floor(now / HOUR);
  const known = cut.get(forecast);
  if (known?.hour === hour) return known.forecast;
  const zone = forecast.place.timezone;
  const today = dateAt(zone, now);
  const made = {
    ...forecast,
    // All hours of today stay, because pictures and views of today begin in the morning.
    hourly: hoursFrom(forecast.hourly, (time) => dateAt(zone, time) >= today),
    daily: daysFrom(forecast.daily, (date) => date >= today),
  };
  cut.set(forecast, { hour, forecast: made });
  return made;
}

/** The hours that pass a test. */
export function hoursFrom(hourly: Hourly, isKept: (time: number) => boolean): Hourly {
  const kept = [...hourly.times.keys()].filter((at) => isKept(hourly.times[at] ?? 0));
  return { times: pick(hourly.times, kept), series: columns(hourly.series, kept) };
}

/** The days that pass a test. */
export function daysFrom(daily: Daily, isKept: (date: string) => boolean): Daily {
  const kept = [...daily.dates.keys()].filter((at) => isKept(daily.dates[at] ?? ""));
  return { dates: pick(daily.dates, kept), series: columns(daily.series, kept), sun: pick(daily.sun, kept) };
}

const pick = <V>(values: readonly V[], kept: readonly number[]): V[] =>
  kept.flatMap((at) => {
    const value = values[at];
    return value === undefined ? [] : [value];
  });

function columns<K extends string>(
  series: Readonly<Partial<Record<K, Series>>>,
  kept: readonly number[],
): Partial<Record<K, Series>> {
  const made: Partial<Record<K, Series>> = {};
  for (const name in series) {
    const column: Series | undefined = series[name];
    if (column) made[name] = { ...column, values: kept.map((at) => column.values[at]) };
  }
  return made;
}
