/** The facts in every answer: which place it is for, which others share the name, and where the figures come from. */
import * as z from "zod";
import type { Place, Source } from "../forecast/types.ts";
import { ageWords } from "../forecast/words.ts";
import { localTime } from "../forecast/zone.ts";
import type { Found } from "../places/find.ts";

export const PlaceOutput = z.object({
  name: z.string(),
  region: z.string().optional().describe("Largest area that tells namesakes apart."),
  country: z.string().optional(),
  country_code: z.string().optional(),
  latitude: z.number(),
  longitude: z.number(),
  elevation_m: z.number().optional(),
  timezone: z.string(),
});
export type PlaceValue = z.output<typeof PlaceOutput>;

/** The first fields of an answer about one place. */
export const About = {
  place: PlaceOutput,
  also_named: z
    .array(z.string())
    .optional()
    .describe("Other places of this name. Pass one of these texts as location to get it."),
};

export const SourceOutput = z.object({
  name: z.string(),
  attribution: z.string(),
  updated: z.string().describe("When the data was received, in the place's time."),
  stale: z.string().optional().describe("The data's age, if the source is down."),
});
export type SourceValue = z.output<typeof SourceOutput>;

export function placeValue({ countryCode, elevation, ...place }: Place): PlaceValue {
  const { name, region, country, latitude, longitude, timezone } = place;
  return {
    name,
    ...(region !== undefined && { region }),
    ...(country !== undefined && { country }),
    ...(countryCode !== undefined && { country_code: countryCode }),
    latitude: degrees(latitude),
    longitude: degrees(longitude),
    ...(elevation !== undefined && { elevation_m: elevation }),
    timezone,
  };
}

const degrees = (value: number) => Number(value.toFixed(4));

/** The place, as a source knows it, and its namesakes. */
export const about = ({ place, others }: Found, told: Place = place) => ({
  place: placeValue(told),
  ...(others.length > 0 && { also_named: others.map(({ ask }) => ask) }),
});

export function sourceValue({ name, attribution, fetchedAt, isStale }: Source, zone: string): SourceValue {
  const stale = `${name} is down: this answer is ${ageWords(Date.now() - fetchedAt)} old.`;
  return { name, attribution, updated: localTime(zone, fetchedAt), ...(isStale && { stale }) };
}

/** "Paris, Île-de-France, France (FR; 48.8534,2.3488; 42 m; Europe/Paris)" */
export function placeText(place: PlaceValue): string {
  const { latitude, longitude, elevation_m: elevation } = place;
  const height = elevation === undefined ? undefined : `${elevation} m`;
  const facts = [place.country_code, `${latitude},${longitude}`, height, place.timezone];
  return `${listed(", ", place.name, place.region, place.country)} (${listed("; ", ...facts)})`;
}

const othersText = (also: readonly string[] = []): string =>
  also.length > 0 ? `Other places of this name, to pass as location: ${also.join("; ")}.` : "";

const sourceText = ({ name, attribution, updated, stale }: SourceValue): string =>
  listed(" ", `Source: ${name}, ${updated}. ${attribution}.`, stale);

/** The last lines of a text about one place. */
export const ending = (value: {
  readonly also_named?: readonly string[] | undefined;
  readonly source?: SourceValue | undefined;
}) => lines(othersText(value.also_named), value.source && sourceText(value.source));

/** The lines that exist, joined. */
export const lines = (...parts: readonly (string | undefined)[]): string => listed("\n", ...parts);

const listed = (between: string, ...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== "").join(between);
