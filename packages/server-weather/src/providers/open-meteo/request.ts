import { ToolError } from "@org/server-kit";
import { coordinate, endpoint } from "../../upstream/address.ts";
import { fieldsOf, textIn } from "../../upstream/reading.ts";
import type { Point } from "../asked-point.ts";
import { OPEN_METEO } from "./sections.ts";

/** Base URLs of Open-Meteo's services, and the key of the paid one. */
export interface OpenMeteo {
  readonly forecast: string;
  readonly geocoding: string;
  readonly archive: string;
  readonly airQuality: string;
  readonly marine: string;
  readonly ensemble: string;
  readonly key?: string | undefined;
}

/** The URL of a request for one or more places. */
export function addressOf(
  base: string,
  path: string,
  points: readonly Point[],
  params: Readonly<Record<string, string | number | undefined>>,
  key?: string,
): URL {
  const url = endpoint(base, path);
  url.searchParams.set("latitude", points.map(({ latitude }) => coordinate(latitude)).join(","));
  url.searchParams.set("longitude", points.map(({ longitude }) => coordinate(longitude)).join(","));
  for (const [name, value] of Object.entries({ ...params, timezone: "auto", apikey: key })) {
    if (value !== undefined && value !== "") url.searchParams.set(name, String(value));
  }
  return url;
}

/** The points that a request is about, in order. */
export function pointsOf(url: URL): Point[] {
  const [latitudes = [], longitudes = []] = ["latitude", "longitude"].map((name) =>
    (url.searchParams.get(name) ?? "").split(",").map(Number),
  );
  return latitudes.map((latitude, at) => ({ latitude, longitude: longitudes[at] ?? Number.NaN }));
}

/** How many calls a request counts as in the free service, by days and variables; 0 with a key. */
export function weightOf({ key }: OpenMeteo, variables: number, days: number, places = 1): number {
  const share = variables / 10;
  return key === undefined ? places * Math.max(1, share, (days / 14) * share) : 0;
}

/** The error for a refusal with status 400. */
export function refused(status: number, json: unknown): Error | undefined {
  const reason = textIn(fieldsOf(json), "reason");
  if (status !== 400 || reason === undefined) return undefined;
  if (/no data is available for this location/i.test(reason)) {
    return new ToolError("not_found", `${OPEN_METEO} has no data for this location. Try a place nearby.`);
  }
  if (/out of allowed range/i.test(reason)) {
    return new ToolError(
      "invalid_input",
      `${OPEN_METEO} does not have these dates: ${reason.slice(0, 200)}. Ask for others.`,
    );
  }
  return undefined;
}
