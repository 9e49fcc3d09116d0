import { ToolError } from "@org/server-kit";
import type { Place } from "../../forecast/types.ts";
import { coordinate, endpoint } from "../../upstream/address.ts";
import { type Client, TTL } from "../../upstream/client.ts";
import {
  type Fields,
  fieldsIn,
  fieldsOf,
  listIn,
  nameIn,
  notAsDocumented,
  numberIn,
  textIn,
  timeIn,
} from "../../upstream/reading.ts";
import { EXACT, geometryOf, type Point, requirePoint } from "../asked-point.ts";

export const NWS = "The National Weather Service (NWS)";
export const GEO_JSON = "application/geo+json";

/** The service's facts about a point. */
export interface PointInfo {
  /** All zones that contain the point: forecast, county and fire weather. */
  readonly zones: readonly string[];
  /** The path of the list of stations near it. */
  readonly stations: string | undefined;
}

/** The areas where the service measures and warns. */
const COUNTRIES = new Set("US PR GU VI AS MP UM".split(" "));

export const isCovered = ({ countryCode = "" }: Place): boolean => COUNTRIES.has(countryCode);

/** The service, with its facts about points. */
export interface Nws {
  readonly client: Client;
  readonly base: string;
  /** @throws ToolError `not_found` for a point that it does not cover */
  point(place: Place, signal: AbortSignal): Promise<PointInfo>;
}

export function createNws(client: Client, base: string): Nws {
  const points = client.memory({
    source: NWS,
    accept: GEO_JSON,
    ttl: TTL.archive,
    maxStale: 30 * TTL.archive,
    parse: readPoint,
    // A problem document for a point at sea, or outside the United States.
    refused: (status) =>
      status === 404 ? new ToolError("not_found", `${NWS} does not cover this point. Try a place on land.`) : undefined,
  });
  const point = async ({ latitude, longitude }: Place, signal: AbortSignal) => {
    const url = endpoint(base, `/points/${coordinate(latitude)},${coordinate(longitude)}`);
    return (await points.get(url, signal)).value;
  };
  return { client, base, point };
}

function readPoint(json: unknown, { pathname }: URL): PointInfo {
  const properties = fieldsOf(fieldsOf(json)?.get("properties"));
  if (!properties) throw notAsDocumented(NWS, "no properties");
  const [latitude = Number.NaN, longitude = Number.NaN] = pathname.split("/").at(-1)?.split(",").map(Number) ?? [];
  requirePoint(NWS, { latitude, longitude }, geometryOf(fieldsOf(json)), EXACT);
  const zones = ["forecastZone", "county", "fireWeatherZone"].flatMap((kind) => idOf(textIn(properties, kind)) ?? []);
  // Every point is in a zone, and without its zones, "no alerts" would be a guess.
  if (zones.length === 0) throw notAsDocumented(NWS, "a point without zones");
  const stations = textIn(properties, "observationStations");
  return { zones: [...new Set(zones)], stations: stations === undefined ? undefined : pathOf(stations) };
}

/** The last part of a zone's address: "NYZ072". */
export const idOf = (address: string | undefined): string | undefined => /\/([A-Z]{3}\d{3})$/.exec(address ?? "")?.[1];

/** Only the path of a link, because the host must stay the one that the option names. */
function pathOf(address: string): string | undefined {
  const path = URL.canParse(address, "https://api.weather.gov")
    ? new URL(address, "https://api.weather.gov").pathname
    : "";
  return path.endsWith("/stations") ? path : undefined;
}

/** A report of a station. */
export interface Report {
  readonly time: number;
  readonly words: string | undefined;
  /** The fields of a measured quantity: `value` and `unitCode`. */
  readonly figure: (name: string) => { readonly value: number; readonly unit: string } | undefined;
}

/** The reports of stations near a point, the nearest first. */
export function createStations({ client, base }: Pick<Nws, "client" | "base">) {
  const kind = { source: NWS, accept: GEO_JSON };
  const lists = client.memory({ ...kind, ttl: TTL.archive, maxStale: 30 * TTL.archive, parse: readStations });
  const reports = client.memory({
    ...kind,
    ttl: TTL.current,
    maxStale: 0,
    parse: readReport,
    refused: (status) => (status === 404 ? new ToolError("not_found", "the station has no report.") : undefined),
  });
  return {
    near: async (path: string, signal: AbortSignal) => (await lists.get(endpoint(base, path), signal)).value,
    report: async (station: string, signal: AbortSignal) =>
      (await reports.get(endpoint(base, `/stations/${station}/observations/latest`), signal)).value,
  };
}

export interface Station {
  readonly id: string;
  readonly name: string;
  /** Undefined if the service does not say. */
  readonly point: Point | undefined;
}

function readStations(json: unknown): Station[] {
  return listIn(fieldsOf(json), "features").flatMap((feature) => {
    const properties = fieldsIn(fieldsOf(feature), "properties");
    const id = textIn(properties, "stationIdentifier");
    // It becomes part of an address.
    if (id === undefined || !/^[\w-]{1,20}$/.test(id)) return [];
    const { latitude, longitude } = geometryOf(fieldsOf(feature));
    const point = latitude === undefined || longitude === undefined ? undefined : { latitude, longitude };
    return [{ id, name: nameIn(properties, "name") ?? id, point }];
  });
}

function readReport(json: unknown): Report | undefined {
  const properties = fieldsIn(fieldsOf(json), "properties");
  const time = timeIn(properties, "timestamp");
  if (time === undefined) return undefined;
  return { time, words: nameIn(properties, "textDescription"), figure: (name) => figureIn(properties, name) };
}

/** The service's quality flags for figures that it rejects or doubts. */
const DOUBTED = new Set(["X", "Q", "B"]);

function figureIn(properties: Fields, name: string) {
  const quantity = fieldsIn(properties, name);
  const value = numberIn(quantity, "value");
  const isDoubted = DOUBTED.has(textIn(quantity, "qualityControl") ?? "");
  return value === undefined || isDoubted ? undefined : { value, unit: textIn(quantity, "unitCode") ?? "" };
}
