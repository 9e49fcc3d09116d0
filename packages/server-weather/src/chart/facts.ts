import { NOT_AVAILABLE } from "../forecast/words.ts";
import { dayAndMonth, weekdayOf } from "./dates.ts";
import { written } from "./plot.ts";
import type { ChartData, ChartDay } from "./types.ts";

/** What a chart shows, in words: the extremes of the period, each with its day. */
export function factsOf({ days, units }: ChartData): string {
  const figure = (value: number) => written(value, value % 1 === 0 ? 0 : 1);
  const degrees = (value: number) => `${figure(value)} ${units.temperature}`;
  const extreme = (pick: (day: ChartDay) => number | undefined, sign: 1 | -1, say: (value: number) => string) => {
    const [found] = days
      .flatMap((day) => {
        const value = pick(day);
        return value === undefined ? [] : [{ value, day }];
      })
      .sort((one, other) => sign * (other.value - one.value));
    if (!found) return NOT_AVAILABLE;
    return `${say(found.value)}${days.length > 1 ? ` (${weekdayOf(found.day.date)} ${dayAndMonth(found.day.date)})` : ""}`;
  };
  const wind = (value: number) => `${figure(value)} ${units.wind}`;
  const from = extreme(({ feelsLow }) => feelsLow, -1, degrees);
  const to = extreme(({ feelsHigh }) => feelsHigh, 1, degrees);
  const parts = [
    `highest ${extreme(({ high }) => high, 1, degrees)}, lowest ${extreme(({ low }) => low, -1, degrees)}`,
    `feels like ${from === NOT_AVAILABLE && to === NOT_AVAILABLE ? NOT_AVAILABLE : `${from} to ${to}`}`,
    precipitationOf({ days, unit: units.precipitation }),
  ];
  if (days.some(({ probability }) => probability !== undefined)) {
    parts.push(
      `probability up to ${extreme(
        ({ probability }) => probability,
        1,
        (value) => `${value}%`,
      )}`,
    );
  }
  parts.push(
    `wind up to ${extreme(({ wind: speed }) => speed, 1, wind)}, gusts up to ${extreme(({ gusts }) => gusts, 1, wind)}`,
  );
  return parts.join("; ");
}

function precipitationOf({ days, unit }: { days: readonly ChartDay[]; unit: string }): string {
  const known = days.flatMap(({ precipitation }) => (precipitation === undefined ? [] : [precipitation]));
  if (known.length === 0) return `precipitation ${NOT_AVAILABLE}`;
  const total = known.reduce((sum, one) => sum + one, 0);
  const wettest = days.reduce((most, day) => ((day.precipitation ?? -1) > (most.precipitation ?? -1) ? day : most));
  const said = `total precipitation ${written(total, unit === "in" ? 2 : 1)} ${unit}`;
  const missing = days.length - known.length;
  const day = total > 0 && days.length > 1 ? `, most on ${weekdayOf(wettest.date)} ${dayAndMonth(wettest.date)}` : "";
  return `${said}${day}${missing > 0 ? ` (${NOT_AVAILABLE} for ${missing} of ${days.length} days)` : ""}`;
}
