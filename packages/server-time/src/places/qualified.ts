import towns from "../data/towns.json" with { type: "json" };
import { fold } from "./fold.ts";
import { RANK, type Scored, type Search } from "./match.ts";
import type { Places } from "./places.ts";
import type { Region } from "./regions.ts";

/** A country, or a part of one, that says which of several places is meant. */
interface Area {
  readonly name: string;
  readonly country: string | undefined;
  readonly zones: readonly string[];
  /** Undefined for a whole country. */
  readonly region: Region | undefined;
}

/**
 * Places with a qualifier: `Paris, Texas`, `Portland Oregon`, `Moscow, ID, USA`. A town that is in no table is in the
 * zones of its region, the most populous first.
 */
export function byQualified(search: Search): readonly Scored[] {
  const parts = search.text.split(",").flatMap((part) => part.trim() || []);
  const [head = "", ...rest] = parts;
  if (rest.length > 0) return inAreas(head, areasOf(rest, search.places), search, "written");
  const words = search.text.trim().split(/\s+/);
  for (let end = words.length - 1; end > 0; end -= 1) {
    const last = words.slice(end).join(" ");
    // `Paris TX`, but not the `in` of any phrase.
    const isCode = /^\p{Ll}{1,3}$/u.test(last);
    const areas = areasOf([last], search.places);
    const found = inAreas(words.slice(0, end).join(" "), areas, search, isCode ? "known" : "likely");
    if (found.length > 0) return found;
  }
  return [];
}

/** The areas of the first text that names any, within the countries that the others name. */
function areasOf(texts: readonly string[], places: Places): readonly Area[] {
  const [areas = [], ...outer] = texts.map((text) => areasNamed(text, places)).filter((found) => found.length > 0);
  const around = outer.flat().map(({ country }) => country);
  return around.length === 0 ? areas : areas.filter(({ country }) => around.includes(country));
}

function areasNamed(text: string, { regions, countries }: Places): readonly Area[] {
  const folded = fold(text);
  const isNamed = (names: readonly string[]) => names.includes(folded) || names.includes(`${folded} state`);
  const parts = regions.flatMap((region): Area[] =>
    isNamed(region.folded) || region.code === folded ? [{ ...region, region }] : [],
  );
  const wholes = countries.flatMap(({ name, code, folded: names, zones }): Area[] =>
    names.includes(folded) ? [{ name, country: code, zones, region: undefined }] : [],
  );
  return [...parts, ...wholes];
}

/** @param sure how certain it is that an area was meant: without a comma, the last word may be anything */
function inAreas(
  head: string,
  areas: readonly Area[],
  search: Search,
  sure: "written" | "likely" | "known",
): readonly Scored[] {
  const wanted = fold(head);
  if (wanted === "") return [];
  const known = areas.flatMap((area) => [...placesIn(area, wanted, search.places)]);
  if (known.length > 0 || sure === "known") return known;
  return areas.flatMap(({ name, country, zones, region }) => {
    if (sure === "likely" && !region) return [];
    const why = `${region ? "region" : "country"} ${name}; ${head} itself is not in the tables`;
    return zones.map((zone, index) => ({ zone, country, why, rank: RANK.city, weight: -index }));
  });
}

function* placesIn({ name, country, zones, region }: Area, wanted: string, places: Places): Generator<Scored> {
  const town = region && townIn(region, wanted);
  if (town) {
    yield { zone: town.zone, country, why: `town ${town.name}, ${name}`, rank: RANK.city, weight: 0 };
    return;
  }
  for (const city of places.cities) {
    if (city.country !== country || !city.folded.includes(wanted) || !zones.includes(city.zone)) continue;
    yield { zone: city.zone, country, why: `city ${city.name}, ${name}`, rank: RANK.city, weight: city.population };
  }
  if (region) return;
  for (const part of places.regions) {
    if (part.country !== country || !part.folded.includes(wanted)) continue;
    const why = `region ${part.name}, ${name}`;
    for (const [index, zone] of part.zones.entries()) yield { zone, country, why, rank: RANK.city, weight: -index };
  }
}

const TOWNS: ReadonlyMap<string, string> = new Map(Object.entries(towns));

/** A town whose zone differs from most of its region's. `US-FL` has `America/Chicago Pensacola;…|…`. */
function townIn(
  { country, code }: Region,
  wanted: string,
): { readonly name: string; readonly zone: string } | undefined {
  for (const line of TOWNS.get(`${country}-${code?.toUpperCase()}`)?.split("|") ?? []) {
    const space = line.indexOf(" ");
    const names = line.slice(space + 1).split(";");
    const name = names.find((each) => fold(each) === wanted);
    if (name !== undefined) return { name, zone: line.slice(0, space) };
  }
  return undefined;
}
