import { formatOffset } from "../calendar/civil.ts";
import type { ZoneCatalog } from "../zone/catalog.ts";
import { offsetAt } from "../zone/zone.ts";
import { meaningsOf } from "./abbreviations.ts";
import { byCity, byCountry, byRegion } from "./by-place.ts";
import { byTimeName } from "./by-time-name.ts";
import { fold } from "./fold.ts";
import { RANK, type Scored, type Search } from "./match.ts";
import type { Places } from "./places.ts";

/** A zone that a question may mean: its canonical name, or zone.tab's alias for the place. */
export interface Match {
  readonly zone: string;
  /** The English name; null for places and zones without a country. */
  readonly country: string | null;
  readonly why: string;
  /** The meaning of a time's name, for grouping; undefined for places. */
  readonly meaning: string | undefined;
}

const OFFSET = /^(?:utc|gmt)? ?([+\-\u2212])(\d{1,2})(?::?([0-5]\d))?$/i;

/**
 * The zones that a city, a region, a country, the name or abbreviation of a time, an offset or a part of a zone's name
 * may mean, best first. Abbreviations are those used within half a year of `now` (Unix seconds), offsets those at
 * `now`.
 * English names found directly come first. Otherwise the tables of qualifiers (`Paris, Texas`) and of other languages
 * (`東京`) are loaded; a partial match of a name is the last resort.
 */
export async function searchZones(query: string, now: number, catalog: ZoneCatalog, places: Places) {
  const text = query.trim();
  const search = { text, folded: fold(text), now, catalog, places };
  const offset = OFFSET.exec(text);
  const found = offset ? bestOf(byOffset(search, secondsOf(offset))) : await byWords(search);
  return found.map(
    ({ zone, why, meaning, country }): Match => ({ zone, why, meaning, country: places.countryName(country) }),
  );
}

async function byWords(search: Search): Promise<readonly Scored[]> {
  const direct = bestOf(allByWords(search));
  if (isSure(direct)) return direct;
  // Tokyo time, the Azores: only the place counts.
  const text = search.text
    .replace(/ (?:standard |local )?time$/i, "")
    .replace(/^(?:the|(?:city|state|province) of) /i, "");
  const place = { ...search, text, folded: fold(text) };
  const plain = text === search.text ? direct : bestOf(allByWords(place));
  if (isSure(plain)) return plain;
  const { byQualified } = await import("./qualified.ts");
  const qualified = bestOf(byQualified(place));
  if (qualified.length > 0) return qualified;
  const { byOtherLanguage } = await import("./other-languages.ts");
  const other = bestOf(await byOtherLanguage(place));
  if (isSure(other)) return other;
  return [direct, plain, other].find((found) => found.length > 0) ?? [];
}

const isSure = ([best]: readonly Scored[]) => best !== undefined && best.rank >= RANK.city;

/** The best match of each zone, without those much worse than the best of all. */
function bestOf(scored: Iterable<Scored>): readonly Scored[] {
  const best = new Map<string, Scored>();
  for (const match of scored) {
    const other = best.get(match.zone);
    if (!other || match.rank > other.rank || (match.rank === other.rank && match.weight > other.weight)) {
      best.set(match.zone, match);
    }
  }
  const sorted = [...best.values()].sort(
    (a, b) => b.rank - a.rank || b.weight - a.weight || (a.zone < b.zone ? -1 : 1),
  );
  const least = leastRank(sorted[0]?.rank ?? 0);
  return sorted.filter(({ rank }) => rank >= least);
}

/** Exact answers exclude names that only contain the letters: Istanbul does not answer IST. */
function leastRank(best: number): number {
  if (best >= RANK.country) return RANK.city;
  return best === RANK.city ? RANK.cityPart : 0;
}

function* allByWords(search: Search): Generator<Scored> {
  if (search.folded === "") return;
  yield* byZoneName(search);
  yield* byTimeName(search);
  yield* byCountry(search);
  yield* byRegion(search);
  yield* byCity(search);
}

function* byZoneName({ text, folded, catalog, places }: Search): Generator<Scored> {
  const match = (name: string) => {
    const zone = places.zoneOf(name);
    const why = name === zone ? `zone ${name}` : `alias ${name}`;
    return { zone, country: places.countryOf(zone), why, weight: places.population(zone) };
  };
  const exact = catalog.find(text);
  if (exact) {
    const isName = exact.name.toLowerCase() === text.toLowerCase();
    const rank = meaningsOf(text).length > 0 ? RANK.bareAbbreviation : RANK.name;
    yield { ...match(exact.name), ...(isName ? {} : { why: `Windows zone ${text}` }), rank, weight: 0 };
  }
  if (folded.length < 3) return;
  for (const name of catalog.names) {
    if (fold(name).includes(folded)) yield { ...match(name), rank: RANK.namePart };
  }
}

function* byOffset({ now, catalog, places }: Search, seconds: number): Generator<Scored> {
  for (const zone of catalog.canonicalNames) {
    const known = catalog.find(zone);
    if (!known || offsetAt(known.zone, now) !== seconds) continue;
    const country = places.countryOf(zone);
    // Places before zones that only name an offset.
    const rank = country ? 2 : 1;
    yield { zone, country, why: `UTC${formatOffset(seconds)} now`, rank, weight: places.population(zone) };
  }
}

function secondsOf([, sign, hours, minutes = "0"]: RegExpExecArray): number {
  const seconds = Number(hours) * 3600 + Number(minutes) * 60;
  return sign === "+" ? seconds : 0 - seconds;
}
