/**
 * Finds the place that a caller means: location.ts parses the text; geocoding.ts looks up its first part alone, because
 * the geocoder matches one name; match.ts keeps the places within the other parts and picks the one that is meant;
 * codes.ts knows codes and countries.
 */
import { quote, ToolError } from "@org/server-kit";
import type { Place } from "../forecast/types.ts";
import { countryOf, fold, regionsOf } from "./codes.ts";
import { type Candidate, type Geocoder, placeOf } from "./geocoding.ts";
import { languagesOf, readLocation } from "./location.ts";
import { distinction, inside, isNamed, ranked, within } from "./match.ts";
import { countryOfZone, zoneAt } from "./zones.ts";

const MOST_OTHERS = 5;

/** A location that was looked up. */
export interface Found {
  readonly place: Place;
  /** Others of the same name, best first, each with what to pass to get it: "Paris, Texas, United States". */
  readonly others: readonly { readonly place: Place; readonly ask: string }[];
}

/** Finds what a location means. See `Weather.find` in context.ts. */
export async function findPlace(search: Geocoder, location: string, signal: AbortSignal): Promise<Found> {
  const asked = readLocation(location);
  if ("latitude" in asked) return { place: await pointPlace(asked), others: [] };
  const { meant, all } = await resolve(search, asked.name, asked.within, signal);
  const [best] = meant;
  if (!best) throw await nothing(search, location, asked.name, asked.within, signal);
  // Other matches first, then other places with the same name.
  const code = fold(asked.name);
  const isCode = hasCode(best, code);
  const namesakes = [...new Set([...meant, ...all])].filter(
    (other) => fold(other.name) === fold(best.name) || (isCode && hasCode(other, code)),
  );
  const places = namesakes.map((candidate) => ({
    candidate,
    place: placeOf(candidate, distinction(candidate, namesakes)),
  }));
  const { place = placeOf(best, best.regions[0]?.name) } = places[0] ?? {};
  const seen = new Set([asking(place)]);
  const others = places.slice(1).flatMap(({ place: other }) => {
    const ask = asking(other);
    return seen.has(ask) ? [] : seen.add(ask) && [{ place: other, ask }];
  });
  const zone = place.timezone === "auto" ? await zoneAt(place) : place.timezone;
  return { place: { ...place, timezone: zone }, others: others.slice(0, MOST_OTHERS) };
}

/** One postcode may belong to places with different names in several countries. */
const hasCode = ({ postcodes }: Candidate, code: string) => postcodes.some((one) => fold(one) === code);

/** What to pass to get a place: "Paris, Texas, United States". */
export const asking = ({ name, region, country }: Place): string =>
  [name, region, country].filter((part) => part !== undefined).join(", ");

async function pointPlace(point: { latitude: number; longitude: number }): Promise<Place> {
  const timezone = await zoneAt(point);
  const { latitude, longitude } = point;
  const name = `${Math.abs(latitude)}°${latitude < 0 ? "S" : "N"} ${Math.abs(longitude)}°${longitude < 0 ? "W" : "E"}`;
  return { ...point, name, timezone, countryCode: countryOfZone(timezone) };
}

interface Resolved {
  /** Places within the named regions and countries, best first. */
  readonly meant: readonly Candidate[];
  /** All places with the name, best first. */
  readonly all: readonly Candidate[];
}

async function resolve(
  search: Geocoder,
  name: string,
  parts: readonly string[],
  signal: AbortSignal,
): Promise<Resolved> {
  // "White Plains NY": a code at the end is not part of the name.
  const words = name.split(/\s+/);
  const last = words.at(-1) ?? "";
  const isCoded = words.length > 1 && /^[A-Z]{2,3}$/.test(last) && (regionsOf(last).length > 0 || countryOf(last));
  if (isCoded && parts.length === 0) {
    const found = await named(search, words.slice(0, -1).join(" "), [last], signal);
    if (found.meant.length > 0) return found;
  }
  const found = await named(search, name, parts, signal);
  if (found.all.length > 0) return found;
  // "Paris Texas", "80331 München", "Saint Petersburg New York": the end may say where the place is.
  for (let size = 1; size <= 2 && size < words.length; size++) {
    const behind = [words.slice(-size).join(" "), ...parts];
    const split = await named(search, words.slice(0, -size).join(" "), behind, signal);
    if (split.meant.length > 0) return split;
  }
  return found;
}

async function named(search: Geocoder, name: string, parts: readonly string[], signal: AbortSignal): Promise<Resolved> {
  const all = ranked(await candidatesOf(search, name, signal), name);
  const exact = all.filter((candidate) => isNamed(candidate, fold(name)));
  for (const candidates of [exact, all]) {
    const meant = within(candidates, parts);
    if (meant.length > 0) return { meant, all };
  }
  return { meant: await insideNamed(search, all, parts, signal), all };
}

/** Looks a name up in all languages of its script. A place that is found in English keeps its English name. */
async function candidatesOf(search: Geocoder, name: string, signal: AbortSignal): Promise<Candidate[]> {
  const found = new Map<number | string, Candidate>();
  for (const language of languagesOf(name)) {
    for (const candidate of await search(name, language, signal)) {
      const key = candidate.id ?? `${candidate.latitude},${candidate.longitude}`;
      if (!found.has(key)) found.set(key, candidate);
    }
  }
  return [...found.values()];
}

/** A region written in another language can be looked up as a place itself. */
async function insideNamed(
  search: Geocoder,
  candidates: readonly Candidate[],
  parts: readonly string[],
  signal: AbortSignal,
): Promise<Candidate[]> {
  let left = [...candidates];
  for (const part of parts) {
    const plain = within(left, [part]);
    left = plain.length > 0 ? plain : inside(left, await search(part, "en", signal));
    if (left.length === 0) return [];
  }
  return parts.length > 0 ? left : [];
}

async function nothing(
  search: Geocoder,
  location: string,
  name: string,
  parts: readonly string[],
  signal: AbortSignal,
): Promise<ToolError> {
  if (parts.length > 0) {
    const all = ranked(await candidatesOf(search, name, signal), name);
    const known = all.slice(0, 3).map((candidate) => quote(asking(placeOf(candidate, distinction(candidate, all)))));
    if (known.length > 0) {
      const where = quote(parts.join(", "));
      return new ToolError("not_found", `no ${quote(name)} was found in ${where}. Pass one of: ${known.join("; ")}.`);
    }
  }
  return new ToolError(
    "not_found",
    `no place is named ${quote(location)}. Check the spelling, try the nearest larger town, or pass lat,lon (48.85,2.35).`,
  );
}
