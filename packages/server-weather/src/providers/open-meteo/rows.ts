import type { Table, TableReply } from "../../forecast/table.ts";
import type { Place, Series } from "../../forecast/types.ts";
import type { Client } from "../../upstream/client.ts";
import { notAsDocumented } from "../../upstream/reading.ts";
import { addressOf, type OpenMeteo, pointsOf, refused, weightOf } from "./request.ts";
import { ATTRIBUTION, OPEN_METEO, readAnswer, readColumns, readDates, readTimes, type Variables } from "./sections.ts";

interface Service {
  readonly client: Client;
  readonly services: OpenMeteo;
  readonly base: string;
  readonly path: string;
  readonly attribution?: string;
  readonly hourly?: readonly string[];
  readonly daily?: readonly string[];
  readonly params?: Readonly<Record<string, string | number>>;
  readonly ttl: number;
  readonly days: number;
  /** The tolerance in kilometres, if the grid is coarser than that of forecasts. */
  readonly reach?: number;
  /** Also keeps columns that were not requested by name, such as members of an ensemble. */
  readonly extra?: RegExp;
}

const same = (names: readonly string[]): Variables<string> => Object.fromEntries(names.map((name) => [name, name]));

/** Requests data from one of Open-Meteo's smaller services, always the same variables and days. */
export function createTable({ client, services, base, path, ttl, ...asked }: Service) {
  const { hourly = [], daily = [], params = {}, days, extra, reach, attribution = ATTRIBUTION } = asked;
  const parse = (json: unknown, url: URL): Table => {
    const answer = readAnswer(json, pointsOf(url)[0], reach);
    const [times, dates] = [readTimes(answer, "hourly"), readDates(answer)];
    const members = extra ? [...keysOf(answer.fields.get("daily"))].filter((name) => extra.test(name)) : [];
    const hours = present(readColumns(answer, "hourly", same(hourly), times.length));
    const days = present(readColumns(answer, "daily", same([...daily, ...members]), dates.length));
    // Unknown values are null. An answer without any column is invalid, and does not mean "no sea".
    if (Object.keys({ ...hours, ...days }).length === 0) throw notAsDocumented(OPEN_METEO, "no figures");
    return { timezone: answer.timezone, times, hourly: hours, dates, daily: days };
  };
  const memory = client.memory({ source: OPEN_METEO, ttl, maxStale: 24 * ttl, parse, refused });

  return async function ask(place: Place, signal: AbortSignal): Promise<TableReply> {
    const given = { hourly: hourly.join(","), daily: daily.join(","), forecast_days: days, ...params };
    const url = addressOf(base, path, [place], given, services.key);
    const weight = weightOf(services, hourly.length + daily.length, days);
    return { ...(await memory.get(url, signal, { weight })), source: OPEN_METEO, attribution };
  };
}

const keysOf = (value: unknown): string[] => (typeof value === "object" && value !== null ? Object.keys(value) : []);

const present = (columns: Readonly<Partial<Record<string, Series>>>): Record<string, Series> =>
  Object.fromEntries(Object.entries(columns).flatMap(([name, series]) => (series ? [[name, series]] : [])));
