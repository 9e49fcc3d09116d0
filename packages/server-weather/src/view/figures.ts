import { NOT_AVAILABLE } from "../forecast/words.ts";
import { type Entry, figureOf, textOf } from "./result.ts";

/** A figure of a day or an hour, ready to be read. */
export interface FigureShown {
  readonly name: string;
  readonly words: string;
}

type UnitKey = "temperature" | "precipitation" | "snowfall" | "wind" | "%" | "";
type FigureRow = readonly [key: string, name: string, unit: UnitKey];

const DAY: readonly FigureRow[] = [
  ["weather", "Weather", ""],
  ["temperature_max", "Highest", "temperature"],
  ["temperature_min", "Lowest", "temperature"],
  ["precipitation", "Precipitation", "precipitation"],
  ["precipitation_probability", "Probability", "%"],
  ["wind_speed_max", "Wind", "wind"],
  ["wind_gusts_max", "Gusts", "wind"],
  ["feels_like_max", "Feels like at most", "temperature"],
  ["feels_like_min", "Feels like at least", "temperature"],
  ["snowfall", "Snowfall", "snowfall"],
  ["uv_index_max", "UV index", ""],
  ["sunrise", "Sunrise", ""],
  ["sunset", "Sunset", ""],
  ["moon_phase", "Moon", ""],
  ["confidence", "How sure", ""],
  ["high_range", "Highest in 8 of 10 runs", "temperature"],
];
const HOUR: readonly FigureRow[] = [
  ["weather", "Weather", ""],
  ["temperature", "Temperature", "temperature"],
  ["feels_like", "Feels like", "temperature"],
  ["precipitation", "Precipitation", "precipitation"],
  ["precipitation_probability", "Probability", "%"],
  ["wind_speed", "Wind", "wind"],
  ["wind_gusts", "Gusts", "wind"],
  ["humidity", "Humidity", "%"],
  ["cloud_cover", "Cloud cover", "%"],
  ["uv_index", "UV index", ""],
];
/** The figures shown at a glance; the table has all of them. */
const AT_A_GLANCE = 7;

/** The figures of a day or an hour, the most wanted first. */
export function figuresOf(entry: Entry, units: Entry, isAtAGlance: boolean): FigureShown[] {
  const rows = (entry.time === undefined ? DAY : HOUR).filter(([key]) => entry[key] !== undefined);
  return rows.slice(0, isAtAGlance ? AT_A_GLANCE : rows.length).map(([key, name, unit]) => {
    const value = wordsOf(entry[key], unit === "%" || unit === "" ? unit : textOf(units[unit]));
    const from = name === "Wind" ? textOf(entry.wind_direction) : "";
    return { name, words: /^[NESW]+$/.test(from) && value !== NOT_AVAILABLE ? `${value} ${from}` : value };
  });
}

function wordsOf(value: unknown, unit: string): string {
  const figure = figureOf(value);
  if (figure !== undefined)
    return `${String(figure).replace("-", "−")}${unit === "" || unit === "%" ? unit : ` ${unit}`}`;
  const words = textOf(value);
  if (/^-?\d[\d.]* to -?\d/.test(words)) return `${words.replaceAll("-", "−")} ${unit}`;
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(words) ? words.slice(11, 16) : words || NOT_AVAILABLE;
}
