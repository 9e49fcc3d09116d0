import { quote, ToolError } from "@org/server-kit";
import { alternatives } from "../text.ts";
import type { NamedZone, ZoneCatalog } from "../zone/catalog.ts";
import { nearest } from "./nearest.ts";
import type { Places } from "./places.ts";
import { searchZones } from "./search.ts";

/** Where zones and places come from; both are read when first asked for. */
export interface Atlas {
  readonly zones: () => Promise<ZoneCatalog>;
  readonly places: () => Promise<Places>;
}

const LONGEST = 64;
const OFFSET_LIKE = /^(?:utc|gmt|z)?\s*[+\-\u2212]?\d/i;

/**
 * Finds the zone that an argument names.
 * @throws ToolError invalid_input for any other text, with the zones that it may have meant
 */
export async function requireZone(atlas: Atlas, text: string): Promise<NamedZone> {
  const catalog = await atlas.zones();
  const named = catalog.find(text);
  if (named) return named;
  if (OFFSET_LIKE.test(text)) {
    throw new ToolError(
      "invalid_input",
      `${quote(text)} is an offset, not a time zone. Name a zone ("Asia/Karachi"); find_timezones lists those with an offset. A fixed offset is an Etc zone, whose sign is the other way round: Etc/GMT+5 is five hours behind UTC.`,
    );
  }
  const hints = await suggestZones(atlas, text);
  const hint = hints.length > 0 ? ` Did you mean ${alternatives(hints)}?` : "";
  throw new ToolError(
    "invalid_input",
    `unknown time zone ${quote(text)}.${hint} find_timezones finds zones by city or country.`,
  );
}

/** At most three zones that an unknown name may mean: what it is a city, country or abbreviation of, else the nearest. */
export async function suggestZones(atlas: Atlas, text: string): Promise<readonly string[]> {
  const wanted = text.trim();
  if (wanted === "" || wanted.length > LONGEST) return [];
  const [catalog, places] = await Promise.all([atlas.zones(), atlas.places()]);
  // A model makes up America/San_Francisco: what follows the area is a city all the same.
  for (const text of new Set([wanted, wanted.slice(wanted.lastIndexOf("/") + 1)])) {
    const found = searchZones(text, Date.now() / 1000, catalog, places);
    if (found.length > 0) return found.slice(0, 3).map(({ zone }) => zone);
  }
  return nearest(wanted.toLowerCase(), candidates(catalog, places));
}

function* candidates(catalog: ZoneCatalog, places: Places): Generator<readonly [string, string]> {
  for (const name of catalog.names) yield [name.toLowerCase(), name];
  for (const city of places.cities) for (const name of city.folded) yield [name, city.zone];
}
