import { formatOffset } from "../calendar/civil.ts";
import type { ZoneCatalog } from "../zone/catalog.ts";
import { offsetAt, segmentsBetween } from "../zone/zone.ts";
import { type Meaning, meaningsOf } from "./abbreviations.ts";
import { fold } from "./fold.ts";
import type { Places } from "./places.ts";

/** A zone that a question may mean; `zone` is its canonical name. */
export interface Match {
  readonly zone: string;
  readonly country: string | null;
  readonly why: string;
}

interface Scored {
  readonly zone: string;
  readonly why: string;
  readonly country?: string | undefined;
  readonly rank: number;
  readonly weight: number;
}

interface Search {
  readonly text: string;
  readonly folded: string;
  /** Unix seconds. */
  readonly now: number;
  readonly catalog: ZoneCatalog;
  readonly places: Places;
}

/** How well a zone answers a question. */
const RANK = {
  name: 100,
  meaning: 95,
  // CET or EST as such: zones of no place that nobody should choose, after the places that keep that time.
  bareAbbreviation: 92,
  abbreviation: 90,
  country: 85,
  city: 80,
  countryStart: 50,
  cityStart: 40,
  cityPart: 30,
  namePart: 20,
};
const HALF_YEAR = 183 * 86_400;
const OFFSET = /^(?:utc|gmt)? ?([+\-\u2212])(\d{1,2})(?::?([0-5]\d))?$/i;

/**
 * The zones that a city, a country, an abbreviation, an offset or a part of a zone's name may mean,
 * best first. Abbreviations and offsets are those of the half years before and after `now`.
 */
export function searchZones(query: string, now: number, catalog: ZoneCatalog, places: Places): readonly Match[] {
  const text = query.trim();
  const search = { text, folded: fold(text), now, catalog, places };
  const offset = OFFSET.exec(text);
  const scored = offset ? byOffset(search, secondsOf(offset)) : byWords(search);
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
  return sorted
    .filter(({ rank }) => rank >= least)
    .map(({ zone, why, country }) => ({
      zone,
      why,
      country: countryName(places, country) ?? places.countriesOf(zone)[0]?.name ?? null,
    }));
}

/** What answers exactly leaves out what only contains the letters: Istanbul is no answer to IST. */
function leastRank(best: number): number {
  if (best >= RANK.country) return RANK.city;
  return best === RANK.city ? RANK.cityPart : 0;
}

function* byWords(search: Search): Generator<Scored> {
  if (search.folded === "") return;
  yield* byName(search);
  yield* byAbbreviation(search);
  yield* byCountry(search);
  yield* byCity(search);
}

function* byName({ text, folded, catalog, places }: Search): Generator<Scored> {
  const exact = catalog.find(text);
  if (exact) {
    const isName = exact.name.toLowerCase() === text.toLowerCase();
    const why = isName ? `zone ${exact.name}` : `Windows zone ${text}`;
    const rank = meaningsOf(text).length > 0 ? RANK.bareAbbreviation : RANK.name;
    yield { zone: exact.zone.name, why, rank, weight: 0 };
  }
  if (folded.length < 3) return;
  for (const name of catalog.names) {
    if (!fold(name).includes(folded)) continue;
    const zone = catalog.canonical(name);
    const why = name === zone ? `zone ${name}` : `alias ${name}`;
    yield { zone, why, rank: RANK.namePart, weight: places.population(zone) };
  }
}

/** Every known meaning comes before the other zones that show the same letters. */
function* byAbbreviation({ text, now, catalog, places }: Search): Generator<Scored> {
  if (!/^[a-z]{2,5}$/i.test(text)) return;
  const abbreviation = text.toUpperCase();
  const meanings = meaningsOf(abbreviation);
  for (const [index, meaning] of meanings.entries()) {
    yield {
      zone: catalog.canonical(meaning.zone),
      why: whyMeaning(abbreviation, meaning),
      rank: RANK.meaning,
      weight: -index,
    };
  }
  for (const zone of catalog.canonicalNames) {
    const known = catalog.find(zone);
    const shown = known && segmentsBetween(known.zone, now - HALF_YEAR, now + HALF_YEAR);
    const match = shown?.find((segment) => segment.abbreviation.toUpperCase() === abbreviation);
    if (!match) continue;
    const meaning = meanings.find(({ hours }) => hours * 3600 === match.offset);
    const why = meaning ? whyMeaning(abbreviation, meaning) : `${abbreviation} (UTC${formatOffset(match.offset)})`;
    yield { zone, why, rank: RANK.abbreviation, weight: places.population(zone) };
  }
}

function* byCountry({ folded, catalog, places }: Search): Generator<Scored> {
  const rankOf = (names: readonly string[]) => {
    if (names.includes(folded)) return RANK.country;
    return folded.length >= 3 && names.some((name) => name.startsWith(folded)) ? RANK.countryStart : 0;
  };
  const countries = new Map(places.countries.map((country) => [country.code, rankOf(country.folded)]));
  for (const zone of catalog.canonicalNames) {
    for (const { code, name } of places.countriesOf(zone)) {
      const rank = countries.get(code) ?? 0;
      if (rank > 0) yield { zone, why: `country ${name}`, country: code, rank, weight: places.population(zone) };
    }
  }
}

function* byCity({ folded, places }: Search): Generator<Scored> {
  const rankOf = (name: string) => {
    if (name === folded) return RANK.city;
    if (folded.length >= 3 && name.startsWith(folded)) return RANK.cityStart;
    return folded.length >= 4 && name.includes(folded) ? RANK.cityPart : 0;
  };
  for (const city of places.cities) {
    const rank = Math.max(...city.folded.map(rankOf));
    if (rank === 0) continue;
    yield { zone: city.zone, why: `city ${city.name}`, country: city.country, rank, weight: city.population };
  }
}

function* byOffset({ now, catalog, places }: Search, seconds: number): Generator<Scored> {
  for (const zone of catalog.canonicalNames) {
    const known = catalog.find(zone);
    if (!known || offsetAt(known.zone, now) !== seconds) continue;
    // Places before the zones that only name an offset.
    const rank = places.countriesOf(zone).length > 0 ? 2 : 1;
    yield { zone, why: `UTC${formatOffset(seconds)} now`, rank, weight: places.population(zone) };
  }
}

function secondsOf([, sign, hours, minutes = "0"]: RegExpExecArray): number {
  const seconds = Number(hours) * 3600 + Number(minutes) * 60;
  return sign === "+" ? seconds : 0 - seconds;
}

const whyMeaning = (abbreviation: string, { name, hours }: Meaning) =>
  `${abbreviation}: ${name} (UTC${formatOffset(hours * 3600)})`;

const countryName = (places: Places, code: string | undefined) =>
  places.countries.find((country) => country.code === code)?.name;
