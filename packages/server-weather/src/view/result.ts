import type { ChartData, ChartDay, ChartHour, Daylight } from "../chart/types.ts";
import { POINTS } from "../forecast/words.ts";
import { addDays, isDate, isZone, startOfDay } from "../forecast/zone.ts";
import { isObject } from "./host.ts";

const HOUR = 3_600_000;

/** A day or an hour in the tool's answer. */
export type Entry = Readonly<Record<string, unknown>>;

export interface DayShown extends ChartDay {
  readonly entry: Entry;
}

export interface HourShown extends ChartHour {
  readonly entry: Entry;
  /** The date there. */
  readonly date: string;
}

/** What the page shows: the chart's data, and the entries that it is made of. */
export interface Shown extends ChartData {
  readonly place: string;
  readonly whereabouts: string;
  readonly days: readonly DayShown[];
  readonly hours: readonly HourShown[];
  readonly unitNames: Entry;
  /** The lines below: namesakes, notes, attribution. */
  readonly asides: readonly string[];
}

export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
/** Figures that are "not available" are undefined. */
export const figureOf = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);
const objectOf = (value: unknown): Entry => (isObject(value) ? value : {});
const listOf = (value: unknown): Entry[] => (Array.isArray(value) ? value.filter(isObject) : []);

const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(textOf).filter(Boolean) : []);

/** Reads the structured answer of get_forecast; undefined when it is something else. */
export function readResult(answer: unknown): Shown | undefined {
  const { place, units, days, hours, sun, source, also_named, notes, uncertainty } = objectOf(answer);
  const { name, region, country, timezone } = objectOf(place);
  const zone = textOf(timezone);
  const shownHours = hoursOf(listOf(hours).filter(({ time }) => !Number.isNaN(Date.parse(textOf(time)))));
  const told = listOf(days).filter(({ date }) => isDate(textOf(date)));
  const dated = told.length > 0 ? told : daysOf(shownHours, listOf(sun));
  const others = textsOf(also_named);
  const unit = (quantity: string) => textOf(objectOf(units)[quantity]);
  if (!isZone(zone) || dated.length === 0) return undefined;
  return {
    zone,
    place: textOf(name),
    whereabouts: [region, country]
      .map(textOf)
      .filter((part) => part !== "" && part !== name)
      .join(", "),
    units: { temperature: unit("temperature"), precipitation: unit("precipitation"), wind: unit("wind") },
    days: dated.map((day) => dayOf({ ...day, ...sureOf(day, listOf(uncertainty)) }, zone)),
    hours: shownHours,
    unitNames: objectOf(units),
    asides: [
      ...(others.length > 0 ? [`Also of this name: ${others.join("; ")}.`] : []),
      ...textsOf(notes),
      ...textsOf([objectOf(source).stale, objectOf(source).attribution]),
    ],
  };
}

/** How certain a day is, if the answer says so: in words, and the range of the high in eight runs of ten. */
function sureOf({ date }: Entry, told: readonly Entry[]): Entry {
  const { confidence, high_low: low, high_high: high } = told.find((sure) => sure.date === date) ?? {};
  if (confidence === undefined) return {};
  return {
    confidence,
    ...(typeof low === "number" && typeof high === "number" && { high_range: `${low} to ${high}` }),
  };
}

/** The days of an answer with only hours, as far as those reach. */
function daysOf(hours: readonly HourShown[], sun: readonly Entry[]): Entry[] {
  return [...new Set(hours.map(({ date }) => date))].map((date) => {
    const own = hours.filter((hour) => hour.date === date);
    const known = own.flatMap(({ temperature }) => (temperature === undefined ? [] : [temperature]));
    const extremes = known.length > 0 && { temperature_max: Math.max(...known), temperature_min: Math.min(...known) };
    const weather = own[Math.floor(own.length / 2)]?.entry.weather;
    return { ...sun.find((told) => told.date === date), date, weather, ...extremes };
  });
}

function dayOf(entry: Entry, zone: string): DayShown {
  const date = textOf(entry.date);
  return {
    ...{ entry, date, start: startOfDay(zone, date), end: startOfDay(zone, addDays(date, 1)), sun: sunOf(entry) },
    ...{ high: figureOf(entry.temperature_max), low: figureOf(entry.temperature_min) },
    ...{ feelsHigh: figureOf(entry.feels_like_max), feelsLow: figureOf(entry.feels_like_min) },
    ...{ precipitation: figureOf(entry.precipitation), probability: figureOf(entry.precipitation_probability) },
    ...{ wind: figureOf(entry.wind_speed_max), gusts: figureOf(entry.wind_gusts_max) },
    ...{ direction: degreesOf(entry.wind_direction), weather: textOf(entry.weather) || undefined },
  };
}

function hoursOf(entries: readonly Entry[]): HourShown[] {
  return entries.map((entry, at) => {
    const time = textOf(entry.time);
    const end = Date.parse(time);
    const before = Date.parse(textOf(entries[at - 1]?.time));
    return {
      ...{ entry, date: time.slice(0, 10), end, start: end - before <= 6 * HOUR ? before : end - HOUR },
      ...{ temperature: figureOf(entry.temperature), feelsLike: figureOf(entry.feels_like) },
      ...{ precipitation: figureOf(entry.precipitation), probability: figureOf(entry.precipitation_probability) },
      ...{ wind: figureOf(entry.wind_speed), gusts: figureOf(entry.wind_gusts) },
      direction: degreesOf(entry.wind_direction),
    };
  });
}

function sunOf({ sunrise, sunset }: Entry): Daylight {
  // On the first day of a polar summer the sun rises but does not set, so one of the two is in words.
  if (sunrise === sunset && (sunrise === "does not rise" || sunrise === "does not set")) return { words: sunrise };
  const [rises, sets] = [sunrise, sunset].map((time) => Date.parse(textOf(time)));
  return { ...(rises && { sunrise: rises }), ...(sets && { sunset: sets }) };
}

function degreesOf(point: unknown): number | undefined {
  const at = POINTS.indexOf(textOf(point));
  return at < 0 ? undefined : at * 22.5;
}
