import type { DailyName, Forecast, Hourly, HourlyName } from "../forecast/types.ts";
import { weatherWords } from "../forecast/words.ts";
import { addDays, startOfDay } from "../forecast/zone.ts";
import type { ChartData, ChartDay, ChartHour } from "./types.ts";

const HOUR = 3_600_000;
/** With more days than this, figures are drawn by the day. */
const MOST_HOURLY_DAYS = 16;
/** A longer step between two hours counts as a gap. */
const LONGEST_STEP = 6 * HOUR;

/** The chart data of a forecast or a past period: the days from `first` to `last` ("2026-11-28"), both included. */
export function chartData({ place, hourly, daily }: Forecast, first: string, last: string): ChartData {
  const zone = place.timezone;
  const days: ChartDay[] = [];
  for (let date = first; date <= last; date = addDays(date, 1)) days.push(dayOf(date));
  const [start, end] = [days[0]?.start ?? 0, days.at(-1)?.end ?? 0];
  const within = hoursOf(hourly).filter((hour) => hour.end >= start && hour.start < end);
  const hours =
    days.length > MOST_HOURLY_DAYS ? [] : within.map((hour) => (hour.end > end ? untilMidnight(hour) : hour));
  const unit = (hour: HourlyName, day: DailyName) => hourly.series[hour]?.unit ?? daily.series[day]?.unit ?? "";
  const units = {
    temperature: unit("temperature", "temperature_max"),
    precipitation: unit("precipitation", "precipitation"),
    wind: unit("wind_speed", "wind_speed_max"),
  };
  return { zone, units, days, hours };

  function dayOf(date: string): ChartDay {
    const at = daily.dates.indexOf(date);
    const of = (name: DailyName) => daily.series[name]?.values[at];
    const code = of("weather_code");
    return {
      ...{ date, start: startOfDay(zone, date), end: startOfDay(zone, addDays(date, 1)), sun: daily.sun[at] ?? {} },
      ...{ high: of("temperature_max"), low: of("temperature_min") },
      ...{ feelsHigh: of("feels_like_max"), feelsLow: of("feels_like_min") },
      ...{ precipitation: of("precipitation"), probability: of("precipitation_probability") },
      ...{ wind: of("wind_speed_max"), gusts: of("wind_gusts_max"), direction: of("wind_direction") },
      weather: code === undefined ? undefined : weatherWords(code),
    };
  }
}

/** A longer step that ends after the last midnight contributes only a part of its precipitation. */
const untilMidnight = ({ start, end, precipitation, probability }: ChartHour): ChartHour => ({
  ...{ start, end, precipitation, probability },
});

function hoursOf({ times, series }: Hourly): ChartHour[] {
  return times.flatMap((end, at) => {
    const of = (name: HourlyName) => series[name]?.values[at];
    const before = times[at - 1] ?? end - HOUR;
    const isGap = end - before > LONGEST_STEP;
    const hour: ChartHour = {
      start: isGap ? end - HOUR : before,
      end,
      temperature: of("temperature"),
      feelsLike: of("feels_like"),
      precipitation: of("precipitation"),
      probability: of("precipitation_probability"),
      wind: of("wind_speed"),
      gusts: of("wind_gusts"),
      direction: of("wind_direction"),
    };
    return isGap ? [{ start: before, end: end - HOUR }, hour] : [hour];
  });
}
