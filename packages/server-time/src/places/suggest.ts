import { nearest } from "@org/server-kit";
import type { ZoneCatalog } from "../zone/catalog.ts";
import { fold } from "./fold.ts";
import type { Places } from "./places.ts";
import { searchZones } from "./search.ts";

const LONGEST = 64;
const MOST = 3;
/** How much of a name may be misspelt: with more, an invented place is near some real one. */
const MISSPELT = 0.22;
// A change of one letter makes any of these from any other.
const SHORT = 3;

/** At most three zones that an unknown name may mean: what it is a city, country or abbreviation of, else the nearest. */
export async function suggestZones(text: string, catalog: ZoneCatalog, places: Places): Promise<readonly string[]> {
  const wanted = text.trim();
  if (wanted === "" || wanted.length > LONGEST) return [];
  // A model makes up America/San_Francisco: what follows the area is a city all the same.
  for (const part of new Set([wanted, wanted.slice(wanted.lastIndexOf("/") + 1)])) {
    const found = await searchZones(part, Date.now() / 1000, catalog, places);
    // PST8PDT is not a zone to choose while there is a place that keeps its time.
    const placed = found.filter(({ country }) => country !== null);
    if (found.length > 0) return (placed.length > 0 ? placed : found).slice(0, MOST).map(({ zone }) => zone);
  }
  if (fold(wanted).length <= SHORT) return beginningWith(fold(wanted), places);
  const lower = wanted.toLowerCase();
  // Narnia is not Sarnia: whoever misspells a place at least begins it right.
  const likely = [...candidates(catalog, places)].filter(([name]) => name[0] === lower[0]);
  return nearest(lower, likely, MOST, MISSPELT);
}

/** The zones of the largest cities that begin so; one letter says nothing. */
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
