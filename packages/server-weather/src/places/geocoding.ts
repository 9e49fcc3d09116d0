import type { Place } from "../forecast/types.ts";
import { isZone } from "../forecast/zone.ts";
import { endpoint } from "../upstream/address.ts";
import { type Client, TTL } from "../upstream/client.ts";
import {
  type Fields,
  fieldsOf,
  listIn,
  nameIn,
  notAsDocumented,
  numberIn,
  textIn,
  textsIn,
} from "../upstream/reading.ts";

const GEOCODING = "Open-Meteo's geocoding";
/** The service's maximum: the place that is meant may be far down the list of namesakes. */
const MOST = 100;

/** A place as the geocoder returns it. */
export interface Candidate {
  readonly id: number | undefined;
  readonly name: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly elevation: number | undefined;
  readonly featureCode: string;
  readonly population: number;
  readonly country: string | undefined;
  readonly countryCode: string | undefined;
  readonly countryId: number | undefined;
  /** Regions from the largest to the smallest, with their ids. */
  readonly regions: readonly { readonly name: string; readonly id: number | undefined }[];
  readonly postcodes: readonly string[];
  readonly timezone: string | undefined;
}

export type Geocoder = ReturnType<typeof createGeocoder>;

/** Looks up names. The service omits the list when nothing is found. */
export function createGeocoder(client: Client, base: string, key: string | undefined) {
  const names = client.memory({ source: GEOCODING, ttl: TTL.places, maxStale: 52 * TTL.places, parse: readCandidates });

  return async function search(name: string, language: string, signal: AbortSignal): Promise<readonly Candidate[]> {
    const url = endpoint(base, "/v1/search");
    url.search = new URLSearchParams({ name, count: String(MOST), language, format: "json" }).toString();
    if (key !== undefined) url.searchParams.set("apikey", key);
    return (await names.get(url, signal)).value;
  };
}

function readCandidates(json: unknown): Candidate[] {
  const answer = fieldsOf(json);
  if (!answer) throw notAsDocumented(GEOCODING, "no object");
  // Otherwise, an answer without results means that nothing was found.
  if (answer.has("error")) throw notAsDocumented(GEOCODING, "an error with status 200");
  return listIn(answer, "results").flatMap((result) => {
    const fields = fieldsOf(result);
    const [name, latitude, longitude] = [
      nameIn(fields, "name"),
      numberIn(fields, "latitude"),
      numberIn(fields, "longitude"),
    ];
    // The service omits zero like empty values, so a place on the equator has no latitude.
    if (!fields || name === undefined || (latitude === undefined && longitude === undefined)) return [];
    if (Math.abs(latitude ?? 0) > 90 || Math.abs(longitude ?? 0) > 180) return [];
    return [candidateOf(fields, name, latitude ?? 0, longitude ?? 0)];
  });
}

function candidateOf(fields: Fields, name: string, latitude: number, longitude: number): Candidate {
  const elevation = numberIn(fields, "elevation");
  const regions = [1, 2, 3, 4].flatMap((level) => {
    const region = nameIn(fields, `admin${level}`);
    return region === undefined ? [] : [{ name: region, id: numberIn(fields, `admin${level}_id`) }];
  });
  return {
    id: numberIn(fields, "id"),
    name,
    latitude,
    longitude,
    elevation: elevation !== undefined && Math.abs(elevation) < 9000 ? elevation : undefined,
    featureCode: textIn(fields, "feature_code") ?? "",
    population: numberIn(fields, "population") ?? 0,
    country: nameIn(fields, "country"),
    countryCode: /^[a-z]{2}$/i.exec(textIn(fields, "country_code") ?? "")?.[0].toUpperCase(),
    countryId: numberIn(fields, "country_id"),
    regions,
    postcodes: textsIn(fields, "postcodes"),
    timezone: textIn(fields, "timezone"),
  };
}

/** A candidate as a place, with the region that distinguishes it from its namesakes. */
export function placeOf(candidate: Candidate, region: string | undefined): Place {
  const { name, country, countryCode, latitude, longitude, elevation, timezone } = candidate;
  const zone = timezone !== undefined && isZone(timezone) ? timezone : "auto";
  const regions = candidate.regions.map((one) => one.name);
  return { name, region, regions, country, countryCode, latitude, longitude, elevation, timezone: zone };
}
