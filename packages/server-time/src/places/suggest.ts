import { nearest } from "@org/server-kit";
import type { ZoneCatalog } from "../zone/catalog.ts";
import { fold } from "./fold.ts";
import type { Places } from "./places.ts";
import { searchZones } from "./search.ts";

const LONGEST = 64;
const MOST = 3;
/** How much of a name may be misspelt; with more, an invented place would resemble some real one. */
const MISSPELT = 0.22;
// In names this short, one changed letter turns any into any other.
const SHORT = 3;

/**
 * At most three zones that an unknown name may mean: those of a city, country or abbreviation with that name, else the
 * most similar.
 */
export async function suggestZones(text: string, catalog: ZoneCatalog, places: Places): Promise<readonly string[]> {
  const wanted = text.trim();
  if (wanted === "" || wanted.length > LONGEST) return [];
  // Models invent names such as America/San_Francisco, in which the part after the area is still a city.
  for (const part of new Set([wanted, wanted.slice(wanted.lastIndexOf("/") + 1)])) {
    const found = await searchZones(part, Date.now() / 1000, catalog, places);
    // Do not suggest PST8PDT while there is a place that uses its time.
    const placed = found.filter(({ country }) => country !== null);
    if (found.length > 0) return (placed.length > 0 ? placed : found).slice(0, MOST).map(({ zone }) => zone);
  }
  if (fold(wanted).length <= SHORT) return beginningWith(fold(wanted), places);
  const lower = wanted.toLowerCase();
  // Narnia is not Sarnia: people who misspell a place at least get its first letter right.
  const likely = [...candidates(catalog, places)].filter(([name]) => name[0] === lower[0]);
  return nearest(lower, likely, MOST, MISSPELT);
}

/** The zones of the largest cities that begin with this text; one letter says nothing. */
function beginningWith(folded: string, { cities }: Places): readonly string[] {
  if (folded.length < 2) return [];
  const found = cities.filter((city) => city.folded.some((name) => name.startsWith(folded)));
  const zones = found.sort((a, b) => b.population - a.population).map(({ zone }) => zone);
  return [...new Set(zones)].slice(0, MOST);
}

function* candidates(catalog: ZoneCatalog, places: Places): Generator<readonly [string, string]> {
  for (const name of catalog.names) yield [name.toLowerCase(), name];
  for (const city of places.cities) for (const name of city.folded) yield [name, city.zone];
}
