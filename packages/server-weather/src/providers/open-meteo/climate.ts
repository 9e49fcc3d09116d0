import { mean, type Spread, spreadOf } from "../../forecast/spread.ts";
import type { Place } from "../../forecast/types.ts";
import { type Client, type Reply, TTL } from "../../upstream/client.ts";
import { addressOf, type OpenMeteo, pointsOf, refused, weightOf } from "./request.ts";
import { OPEN_METEO, readAnswer, readColumns, readDates } from "./sections.ts";

/** The thirty years that weather services compare with today. */
export const FIRST_YEAR = 1991;
export const LAST_YEAR = 2020;
const DAYS = 10_958;
const WET = 1;

const VARIABLES = { high: "temperature_2m_max", low: "temperature_2m_min", fall: "precipitation_sum" } as const;

/**
 * The climate of one month, over all its days in thirty years. Temperatures are in °C and precipitation in mm, as
 * received.
 */
export interface MonthOfClimate {
  readonly month: number;
  readonly high: Spread | undefined;
  readonly low: Spread | undefined;
  /** The mean of the months' totals, and the driest and wettest of the thirty. */
  readonly fall: { readonly mean: number; readonly least: number; readonly most: number } | undefined;
  readonly wetDays: number | undefined;
}

export interface Climate {
  readonly months: readonly MonthOfClimate[];
  readonly temperature: string;
  readonly precipitation: string;
}

/** Thirty years of days, cached as their summary. */
export function createClimate(client: Client, services: OpenMeteo) {
  const memory = client.memory({
    source: OPEN_METEO,
    ttl: 30 * TTL.archive,
    maxStale: 365 * TTL.archive,
    parse: readClimate,
    refused,
  });
  return (place: Place, signal: AbortSignal): Promise<Reply<Climate>> => {
    const dates = { start_date: `${FIRST_YEAR}-01-01`, end_date: `${LAST_YEAR}-12-31` };
    const params = { ...dates, daily: Object.values(VARIABLES).join(",") };
    const url = addressOf(services.archive, "/v1/archive", [place], params, services.key);
    return memory.get(url, signal, { weight: weightOf(services, 3, DAYS) });
  };
}

function readClimate(json: unknown, asked: URL): Climate {
  const answer = readAnswer(json, pointsOf(asked)[0]);
  const dates = readDates(answer);
  const { high, low, fall } = readColumns(answer, "daily", VARIABLES, dates.length);
  const days = new Map<string, number[]>();
  for (const [at, date] of dates.entries()) push(days, date.slice(5, 7), at);
  const months = Array.from({ length: 12 }, (_, index) => {
    const rows = days.get(String(index + 1).padStart(2, "0")) ?? [];
    const of = (series: typeof high) => rows.flatMap((at) => series?.values[at] ?? []);
    const years = new Map<string, number[]>();
    for (const at of rows) {
      const value = fall?.values[at];
      if (value !== undefined) push(years, dates[at]?.slice(0, 4) ?? "", value);
    }
    // A month with missing days has no total.
    const whole = [...years.values()].filter((values) => values.length >= 28);
    const totals = whole.map((values) => values.reduce((sum, value) => sum + value, 0));
    const wet = whole.map((values) => values.filter((value) => value >= WET).length);
    return {
      month: index + 1,
      high: spreadOf(of(high)),
      low: spreadOf(of(low)),
      fall:
        totals.length > 0 ? { mean: mean(totals), least: Math.min(...totals), most: Math.max(...totals) } : undefined,
      wetDays: wet.length > 0 ? mean(wet) : undefined,
    };
  });
  return { months, temperature: high?.unit ?? low?.unit ?? "°C", precipitation: fall?.unit ?? "mm" };
}

function push<T>(groups: Map<string, T[]>, key: string, value: T): void {
  const group = groups.get(key);
  if (group) group.push(value);
  else groups.set(key, [value]);
}
