import { formatOffset } from "../calendar/civil.ts";
import { segmentAt, segmentsBetween } from "../zone/zone.ts";
import { type Meaning, meaningsNamed, meaningsOf } from "./abbreviations.ts";
import { RANK, type Scored, type Search } from "./match.ts";

const HALF_YEAR = 183 * 86_400;
/** More people than any zone has. */
const MOST_PEOPLE = 1e10;

/**
 * The zones of a time given by abbreviation (IST, PT) or name (India Standard Time, Pacific Time): first one zone for
 * every known meaning, then the others, meaning by meaning.
 */
export function* byTimeName({ text, folded, now, catalog, places }: Search): Generator<Scored> {
  const letters = /^[a-z]{2,5}$/i.test(text) ? text.toUpperCase() : undefined;
  const meanings = letters ? meaningsOf(letters) : meaningsNamed(folded);
  if (!letters && meanings.length === 0) return;
  for (const [index, meaning] of meanings.entries()) {
    const zone = places.zoneOf(meaning.zone);
    const why = describe(meaning);
    yield { zone, country: places.countryOf(zone), why, meaning: why, rank: RANK.meaning, weight: -index };
  }
  const seasonless = meanings.some(({ hours }) => hours === undefined);
  for (const zone of catalog.canonicalNames) {
    const known = catalog.find(zone);
    if (!known) continue;
    const present = segmentAt(known.zone, now);
    const around = segmentsBetween(known.zone, now - HALF_YEAR, now + HALF_YEAR);
    // A zone that was on Pacific Time until last month no longer is: only names of a single season are searched for in
    // both.
    for (const { abbreviation, offset } of seasonless ? [present] : [present, ...around]) {
      const shown = abbreviation.toUpperCase();
      const meaning = meanings.find((each) => each.abbreviation === shown && each.hours === offset / 3600);
      if (!meaning && shown !== letters) continue;
      const why = meaning ? describe(meaning) : `${shown} (UTC${formatOffset(offset)})`;
      // Meaning by meaning, and within each, zones by population.
      const order = meaning ? meanings.indexOf(meaning) : meanings.length;
      const weight = places.population(zone) - order * MOST_PEOPLE;
      yield { zone, country: places.countryOf(zone), why, meaning: why, rank: RANK.abbreviation, weight };
    }
  }
}

const describe = ({ abbreviation, name, hours }: Meaning) =>
  `${abbreviation}: ${name}${hours === undefined ? "" : ` (UTC${formatOffset(hours * 3600)})`}`;
