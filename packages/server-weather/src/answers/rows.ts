import * as z from "zod";
import { moonPhase } from "../forecast/sun.ts";
import type { Forecast, Sun } from "../forecast/types.ts";
import { compass, NOT_AVAILABLE, weatherWords } from "../forecast/words.ts";
import { hoursOfDay, localTime, weekday } from "../forecast/zone.ts";
import { amount, FigureOutput, figureAt, span, type UnitNames } from "./figures.ts";

const figure = (words: string) => FigureOutput.describe(words);

export const DayOutput = z.object({
  date: z.string(),
  weekday: z.string(),
  hours: z.number().optional().describe("Hours in the day, if the clocks change."),
  weather: z.string(),
  temperature_max: FigureOutput,
  temperature_min: FigureOutput,
  feels_like_max: FigureOutput,
  feels_like_min: FigureOutput,
  precipitation: figure("Rain, and snow as water."),
  precipitation_probability: figure("Percent.").optional(),
  snowfall: FigureOutput,
  wind_speed_max: FigureOutput,
  wind_gusts_max: FigureOutput,
  wind_direction: z.string().describe("Where the wind comes from."),
  uv_index_max: FigureOutput.optional(),
  sunrise: z.string().describe('Time, or "does not rise".'),
  sunset: z.string().describe('Time, or "does not set".'),
  moon_phase: z.string(),
});
export type Day = z.output<typeof DayOutput>;

export const HourOutput = z.object({
  time: z.string(),
  weather: z.string(),
  temperature: FigureOutput,
  feels_like: FigureOutput,
  precipitation: figure("Of the hours before."),
  precipitation_probability: figure("Percent.").optional(),
  wind_speed: FigureOutput,
  wind_gusts: FigureOutput,
  wind_direction: z.string(),
  humidity: figure("Percent."),
  cloud_cover: figure("Percent."),
  uv_index: FigureOutput.optional(),
});
export type Hour = z.output<typeof HourOutput>;

/** A day of a forecast whose columns have the requested units. Past days have no probabilities and no UV index. */
export function dayRow({ daily, place }: Forecast, at: number, isPast = false): Day {
  const { series } = daily;
  const date = daily.dates[at] ?? "";
  const hours = hoursOfDay(place.timezone, date);
  return {
    date,
    weekday: weekday(date),
    ...(hours !== 24 && { hours }),
    weather: weatherWords(series.weather_code?.values[at]),
    temperature_max: figureAt(series.temperature_max, at),
    temperature_min: figureAt(series.temperature_min, at),
    feels_like_max: figureAt(series.feels_like_max, at),
    feels_like_min: figureAt(series.feels_like_min, at),
    precipitation: figureAt(series.precipitation, at),
    ...(!isPast && { precipitation_probability: figureAt(series.precipitation_probability, at) }),
    snowfall: figureAt(series.snowfall, at),
    wind_speed_max: figureAt(series.wind_speed_max, at),
    wind_gusts_max: figureAt(series.wind_gusts_max, at),
    wind_direction: compass(series.wind_direction?.values[at]),
    ...(!isPast && { uv_index_max: figureAt(series.uv_index_max, at) }),
    ...sunWords(daily.sun[at], place.timezone),
    moon_phase: moonPhase(place.timezone, date),
  };
}

/** Never an invented time: if the sun does not rise or set, words say so. */
function sunWords({ sunrise, sunset, words }: Sun = {}, zone: string): { sunrise: string; sunset: string } {
  const said = (time: number | undefined, never: string) =>
    words ?? (time === undefined ? never : localTime(zone, time));
  const isKnown = sunrise !== undefined || sunset !== undefined;
  return {
    sunrise: said(sunrise, isKnown ? "does not rise" : NOT_AVAILABLE),
    sunset: said(sunset, isKnown ? "does not set" : NOT_AVAILABLE),
  };
}

export function hourRow({ hourly, place }: Forecast, at: number, isPast = false): Hour {
  const { series } = hourly;
  return {
    time: localTime(place.timezone, hourly.times[at] ?? 0),
    weather: weatherWords(series.weather_code?.values[at]),
    temperature: figureAt(series.temperature, at),
    feels_like: figureAt(series.feels_like, at),
    precipitation: figureAt(series.precipitation, at),
    ...(!isPast && { precipitation_probability: figureAt(series.precipitation_probability, at) }),
    wind_speed: figureAt(series.wind_speed, at),
    wind_gusts: figureAt(series.wind_gusts, at),
    wind_direction: compass(series.wind_direction?.values[at]),
    humidity: figureAt(series.humidity, at),
    cloud_cover: figureAt(series.cloud_cover, at),
    ...(!isPast && { uv_index: figureAt(series.uv_index, at) }),
  };
}

export function dayText(day: Day, units: UnitNames): string {
  const { temperature = "", precipitation = "", snowfall = "", wind = "" } = units;
  const { hours, precipitation_probability: chance, uv_index_max: uv } = day;
  const parts = [
    `${day.weekday} ${day.date}${hours === undefined ? "" : ` (${hours} hours)`}: ${day.weather}`,
    span(day.temperature_min, day.temperature_max, temperature),
    `feels like ${span(day.feels_like_min, day.feels_like_max, temperature)}`,
    `precipitation ${amount(day.precipitation, precipitation)}${chance === undefined ? "" : ` (probability ${amount(chance, "%")})`}`,
    `snow ${amount(day.snowfall, snowfall)}`,
    `wind up to ${amount(day.wind_speed_max, wind)} from ${day.wind_direction}, gusts ${amount(day.wind_gusts_max, wind)}`,
    ...(uv === undefined ? [] : [`UV index ${amount(uv)}`]),
    sunText(day),
    day.moon_phase,
  ];
  return parts.join(", ");
}

/** Sunrise and sunset, or the words for a day without them. */
export const sunText = ({ sunrise, sunset }: Pick<Day, "sunrise" | "sunset">): string =>
  sunrise === sunset ? `sun ${sunrise}` : `sunrise ${sunrise}, sunset ${sunset}`;

export function hourText(hour: Hour, units: UnitNames): string {
  const { temperature = "", precipitation = "", wind = "" } = units;
  const { precipitation_probability: chance, uv_index: uv } = hour;
  const parts = [
    `${hour.time}: ${hour.weather}`,
    `${amount(hour.temperature, temperature)} (feels like ${amount(hour.feels_like, temperature)})`,
    `precipitation ${amount(hour.precipitation, precipitation)}${chance === undefined ? "" : ` (${amount(chance, "%")})`}`,
    `wind ${amount(hour.wind_speed, wind)} from ${hour.wind_direction}, gusts ${amount(hour.wind_gusts, wind)}`,
    `humidity ${amount(hour.humidity, "%")}`,
    `cloud ${amount(hour.cloud_cover, "%")}`,
    ...(uv === undefined ? [] : [`UV index ${amount(uv)}`]),
  ];
  return parts.join(", ");
}
