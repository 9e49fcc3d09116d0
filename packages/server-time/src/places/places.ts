import type { ZoneCatalog } from "../zone/catalog.ts";
import { fold } from "./fold.ts";

export interface City {
  /** As it is written, and folded for comparison. */
  readonly name: string;
  readonly folded: readonly string[];
  /** The canonical name of its zone. */
  readonly zone: string;
  /** ISO 3166 code; undefined where that is disputed. */
  readonly country: string | undefined;
  readonly population: number;
}

export interface Country {
  readonly code: string;
  readonly name: string;
  readonly folded: readonly string[];
}

export interface Places {
  readonly cities: readonly City[];
  readonly countries: readonly Country[];
  /** The countries that zone.tab gives for the zone and its aliases, its own first. */
  countriesOf(canonical: string): readonly Country[];
  /** People in the cities of a zone: which of many zones a question is likely to mean. */
  population(canonical: string): number;
}

// Names in daily use that neither zone names nor the table of cities have.
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  Beijing: ["peking"],
  Bengaluru: ["bangalore"],
  Chennai: ["madras"],
  Cologne: ["koln"],
  Kolkata: ["calcutta"],
  Kyiv: ["kiev"],
  Lisbon: ["lisboa"],
  "Los Angeles": ["la"],
  Milan: ["milano"],
  Mumbai: ["bombay"],
  Munich: ["munchen"],
  "New York": ["new york city", "nyc"],
  Prague: ["praha"],
  Rome: ["roma"],
  "San Francisco": ["sf"],
  "St. Petersburg": ["saint petersburg"],
  "The Hague": ["den haag"],
  Vienna: ["wien"],
  "Washington, D.C.": ["dc"],
};
const OTHER_COUNTRY_NAMES: Readonly<Record<string, readonly string[]>> = {
  AE: ["uae", "emirates"],
  BY: ["belorussia"],
  CI: ["ivory coast"],
  CN: ["prc"],
  CZ: ["czech republic"],
  GB: ["uk", "great britain", "england", "scotland", "wales", "northern ireland"],
  KP: ["north korea"],
  KR: ["south korea", "korea"],
  MM: ["burma"],
  NL: ["holland"],
  SZ: ["swaziland"],
  TR: ["turkey"],
  US: ["usa", "united states of america", "america"],
  VA: ["vatican"],
};

/** Reads the tables of cities and countries; half of what a zone is asked for by is not its name. */
export async function loadPlaces(catalog: ZoneCatalog): Promise<Places> {
  const [{ default: cityData }, { default: countryData }] = await Promise.all([
    import("../data/cities.json", { with: { type: "json" } }),
    import("../data/countries.json", { with: { type: "json" } }),
  ]);
  const countries = Object.entries(countryData.names).map(([code, names]): Country => {
    const [name = code, ...others] = names.split("|");
    const folded = [name, ...others].map(fold);
    return { code, name, folded: [...folded, code.toLowerCase(), ...(OTHER_COUNTRY_NAMES[code] ?? [])] };
  });
  const byCode = new Map(countries.map((country) => [country.code, country]));
  const byZone = new Map(Object.entries(countryData.zones));
  const cities = Object.entries(cityData).flatMap(([zone, text]) => parseCities(zone, text));
  const population = new Map<string, number>();
  for (const city of cities) population.set(city.zone, (population.get(city.zone) ?? 0) + city.population);
  return {
    cities: [...cities, ...zoneCities(catalog, cities)],
    countries,
    countriesOf(canonical) {
      const codes = [canonical, ...catalog.aliases(canonical)].flatMap((name) => byZone.get(name) ?? []);
      return [...new Set(codes)].flatMap((code) => byCode.get(code) ?? []);
    },
    population: (canonical) => population.get(canonical) ?? 0,
  };
}

/** A line of data/cities.json: `DE:Berlin=325;Munich=127|AT:…`, in units of 10,000 people. */
function parseCities(zone: string, text: string): City[] {
  return text.split("|").flatMap((part) => {
    const [code = "", list = ""] = part.split(":");
    const country = code === "-" ? undefined : code;
    return list.split(";").map((entry) => {
      const [names = "", tens] = entry.split("=");
      const [name = "", ...others] = names.split("/");
      const folded = [name, ...others].map(fold);
      const also = Object.hasOwn(OTHER_NAMES, name) ? (OTHER_NAMES[name] ?? []) : [];
      return { name, folded: [...folded, ...also], zone, country, population: Number(tens) * 10_000 };
    });
  });
}

/** The cities that zones are named after: `America/St_Johns`, and `Asia/Calcutta` as well. */
function zoneCities(catalog: ZoneCatalog, known: readonly City[]): City[] {
  const there = new Set(known.flatMap((city) => city.folded.map((name) => `${name}|${city.zone}`)));
  return catalog.names.flatMap((name) => {
    const [area, ...rest] = name.split("/");
    const city = rest.at(-1)?.replaceAll("_", " ");
    const zone = catalog.canonical(name);
    if (!city || area === "Etc" || area === "US" || area === "Canada" || there.has(`${fold(city)}|${zone}`)) return [];
    return [{ name: city, folded: [fold(city)], zone, country: undefined, population: 0 }];
  });
}
