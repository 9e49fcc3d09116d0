import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import * as z from "zod";
import { fold } from "../src/places/fold.ts";

const require = createRequire(import.meta.url);
// Every zone's own city is in its name; these are the others that people ask for.
const LEAST_POPULATION = 100_000;

// Cities for which the source has no zone, or a wrong one, by the source's country.
const ZONES_OF_CITIES: Readonly<Record<string, string>> = {
  "Comodoro Rivadavia, AR": "America/Argentina/Catamarca",
  "Penza, RU": "Europe/Moscow",
  "Perm, RU": "Asia/Yekaterinburg",
  "Urmia, IR": "Asia/Tehran",
  "Windsor, CA": "America/Toronto",
};
// Cities for which the source has a wrong country, or a disputed one.
const COUNTRIES_OF_CITIES: Readonly<Record<string, string>> = {
  "Laayoune, MA": "-",
  "Saint-Louis, MR": "SN",
};

/** The content of tzdata.zi: its version, the zones, and the aliases with their targets. */
export async function readIndex(directory: string) {
  const lines = (await readFile(join(directory, "tzdata.zi"), "utf8")).split("\n");
  const version = lines[0]?.match(/^# version (\d{4}[a-z]+)$/)?.[1];
  if (!version) throw new RangeError(`${join(directory, "tzdata.zi")} does not begin with a release version.`);
  const zones = lines.flatMap((line) => (line.startsWith("Z ") ? line.split(" ").slice(1, 2) : []));
  const links = lines.flatMap((line) => (line.startsWith("L ") ? [line.split(" ").slice(1)] : []));
  return { version, zones, links: new Map(links.map(([target = "", alias = ""]) => [alias, target])) };
}

/** ISO 3166 codes: each zone's country in zone.tab, and each country's English names. */
export async function readCountries(directory: string) {
  const rows = async (file: string) =>
    (await readFile(join(directory, file), "utf8")).split("\n").flatMap((line) => {
      return line === "" || line.startsWith("#") ? [] : [line.split("\t")];
    });
  const common = new Intl.DisplayNames("en", { type: "region" });
  const names = (await rows("iso3166.tab")).map(([code = "", name = ""]) => {
    const usual = common.of(code) ?? name;
    return [code, fold(usual) === fold(name) ? usual : `${usual}|${name}`] as const;
  });
  const zones = (await rows("zone.tab")).map(([code = "", , zone = ""]) => [zone, code] as const);
  return { names: new Map(names), zones: new Map(zones) };
}

const Windows = z.object({
  supplemental: z.object({
    windowsZones: z.object({
      mapTimezones: z.array(
        z.object({ mapZone: z.object({ _other: z.string(), _type: z.string(), _territory: z.string() }) }),
      ),
    }),
  }),
});

/** Windows' zone names with the IANA zone that CLDR gives for each, regardless of territory. */
export function readWindowsZones(): Map<string, string> {
  const { supplemental } = Windows.parse(require("cldr-core/supplemental/windowsZones.json"));
  const all = supplemental.windowsZones.mapTimezones.map(({ mapZone }) => mapZone);
  return new Map(all.filter((row) => row._territory === "001").map((row) => [row._other, row._type]));
}

const Cities = z.array(
  z.object({
    city: z.string(),
    city_ascii: z.string(),
    // Disputed territories carry a number instead of a code.
    iso2: z.unknown().transform((code) => (typeof code === "string" ? code : "-")),
    pop: z.number(),
    timezone: z.string().nullable(),
  }),
);

/** A zone's cities in the format of data/cities.json: `DE:Berlin=325;Munich=127|AT:…`, in units of 10,000 people. */
export function readCities(canonical: (zone: string) => string | undefined, note: (text: string) => void) {
  // The source has many stations in Antarctica without a zone; the cities of Antarctica's zones are enough.
  const rows = Cities.parse(require("city-timezones/data/cityMap.json")).filter(({ iso2 }) => iso2 !== "AQ");
  const cities = rows.sort((a, b) => b.pop - a.pop);
  const zones = new Map<string, Map<string, string[]>>();
  const countries = new Set<string>();
  for (const { city, city_ascii, iso2, pop, timezone } of cities) {
    const key = `${city}, ${iso2}`;
    const country = COUNTRIES_OF_CITIES[key] ?? iso2;
    // A country's largest city is kept however small, because it is often the capital.
    if (pop < LEAST_POPULATION && countries.has(country)) continue;
    const zone = canonical(ZONES_OF_CITIES[key] ?? timezone ?? "");
    if (!zone) {
      note(`no zone for ${city} (${timezone ?? "none given"})`);
      continue;
    }
    countries.add(country);
    const here = zones.get(zone) ?? new Map<string, string[]>();
    const names = fold(city) === fold(city_ascii) ? city : `${city}/${city_ascii}`;
    here.set(country, [...(here.get(country) ?? []), `${names}=${Math.round(pop / 10_000)}`]);
    zones.set(zone, here);
  }
  const text = (here: Map<string, string[]>) => [...here].map(([code, list]) => `${code}:${list.join(";")}`).join("|");
  return new Map([...zones].map(([zone, here]) => [zone, text(here)]));
}
