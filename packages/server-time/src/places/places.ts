import type { ZoneCatalog } from "../zone/catalog.ts";
import { fold } from "./fold.ts";
import { OTHER_COUNTRY_NAMES, OTHER_NAMES, ZONES_OF_OLD_NAMES } from "./other-names.ts";
import { type Region, readRegions } from "./regions.ts";

export interface City {
  /** As written, and folded for comparison. */
  readonly name: string;
  readonly folded: readonly string[];
  /** Its zone, under zone.tab's name for the city's country. */
  readonly zone: string;
  /** ISO 3166 code; undefined where that is disputed. */
  readonly country: string | undefined;
  readonly population: number;
}

export interface Country {
  readonly code: string;
  readonly name: string;
  readonly folded: readonly string[];
  /** Its zones in zone.tab, including aliases of other countries' zones. */
  readonly zones: readonly string[];
}

export interface Places {
  readonly cities: readonly City[];
  readonly countries: readonly Country[];
  readonly regions: readonly Region[];
  /** The name to report for a zone or an alias: the one zone.tab has for its place, else the canonical one. */
  zoneOf(name: string): string;
  /** The name of a canonical zone in a country: Bratislava uses Prague's zone, but is not in Czechia. */
  zoneIn(country: string | undefined, canonical: string): string;
  /** A country's English name by its ISO 3166 code. */
  countryName(code: string | undefined): string | null;
  /** The country code of a zone or an alias; undefined for zones without a country. */
  countryOf(name: string): string | undefined;
  /** The countries of all names of a zone, that of `name` itself first. */
  countriesOf(name: string): readonly Country[];
  /** The population of a zone's cities, which shows which of many zones a question is likely to mean. */
  population(zone: string): number;
}

/** Loads the tables of cities and countries; half of the questions do not use a zone's name. */
export async function loadPlaces(catalog: ZoneCatalog): Promise<Places> {
  const [{ default: cityData }, { default: countryData }] = await Promise.all([
    import("../data/cities.json", { with: { type: "json" } }),
    import("../data/countries.json", { with: { type: "json" } }),
  ]);
  const codes = new Map(Object.entries(countryData.zones));
  const oldNames = new Map(Object.entries(ZONES_OF_OLD_NAMES));
  const zoneOf = (name: string) => (codes.has(name) ? name : (oldNames.get(name) ?? catalog.canonical(name)));
  const countryOf = (name: string) => codes.get(zoneOf(name));
  const countries = Object.entries(countryData.names).map(([code, names]): Country => {
    const [name = code, ...others] = names.split("|");
    const folded = [name, ...others].map(fold);
    return {
      code,
      name,
      folded: [...folded, code.toLowerCase(), ...(OTHER_COUNTRY_NAMES[code] ?? [])],
      zones: [...codes].flatMap(([zone, country]) => (country === code ? [zone] : [])),
    };
  });
  const byCode = new Map(countries.map((country) => [country.code, country]));
  const zoneIn = (code: string | undefined, canonical: string) =>
    codes.get(canonical) === code
      ? canonical
      : (byCode.get(code ?? "")?.zones.find((zone) => catalog.canonical(zone) === canonical) ?? canonical);
  const known = Object.entries(cityData).flatMap(([zone, text]) => parseCities(zone, text, zoneIn));
  const population = new Map<string, number>();
  for (const city of known) population.set(city.zone, (population.get(city.zone) ?? 0) + city.population);
  return {
    cities: [...known, ...zoneCities(catalog.names, known, zoneOf, countryOf)],
    countries,
    regions: readRegions(),
    zoneOf,
    zoneIn,
    countryName: (code) => byCode.get(code ?? "")?.name ?? null,
    countryOf,
    countriesOf(name) {
      const canonical = catalog.canonical(name);
      const found = [name, canonical, ...catalog.aliases(canonical)].map((each) => countryOf(each) ?? "");
      return [...new Set(found)].flatMap((code) => byCode.get(code) ?? []);
    },
    population: (zone) => population.get(zone) ?? 0,
  };
}

/** A line of data/cities.json: `DE:Berlin=325;Munich=127|AT:…`, in units of 10,000 people. */
function parseCities(
  canonical: string,
  text: string,
  zoneIn: (country: string | undefined, canonical: string) => string,
): City[] {
  return text.split("|").flatMap((part) => {
    const [code = "", list = ""] = part.split(":");
    const country = code === "-" ? undefined : code;
    const zone = zoneIn(country, canonical);
    return list.split(";").map((entry) => {
      const [names = "", tens] = entry.split("=");
      const [name = "", ...others] = names.split("/");
      const folded = [name, ...others].map(fold);
      const also = Object.hasOwn(OTHER_NAMES, name) ? (OTHER_NAMES[name] ?? []) : [];
      return { name, folded: [...folded, ...also], zone, country, population: Number(tens) * 10_000 };
    });
  });
}

// After these area names comes a part of the country, or no place at all.
const AREAS_WITHOUT_CITIES = new Set(["Brazil", "Canada", "Chile", "Etc", "Mexico", "US"]);

/** The cities that zones are named after: `America/St_Johns`, including aliases such as `Asia/Calcutta`. */
function zoneCities(
  names: readonly string[],
  known: readonly City[],
  zoneOf: (name: string) => string,
  countryOf: (name: string) => string | undefined,
): City[] {
  const there = new Set(known.flatMap((city) => city.folded.map((name) => `${name}|${city.zone}`)));
  return names.flatMap((name) => {
    const [area = "", ...rest] = name.split("/");
    const city = rest.at(-1)?.replaceAll("_", " ");
    const zone = zoneOf(name);
    if (!city || AREAS_WITHOUT_CITIES.has(area) || there.has(`${fold(city)}|${zone}`)) return [];
    return [{ name: city, folded: [fold(city)], zone, country: countryOf(name), population: 0 }];
  });
}
