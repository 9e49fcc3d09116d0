import { expect, test } from "vitest";
import { loadPlaces } from "../../src/places/places.ts";
import { loadZoneCatalog } from "../../src/zone/catalog.ts";
import { offsetAt } from "../../src/zone/zone.ts";
import { NOW } from "../use-server.ts";

const catalog = await loadZoneCatalog();
const places = await loadPlaces(catalog);
const now = NOW.getTime() / 1000;
const offsetOf = (name: string) => {
  const named = catalog.find(name);
  return named && offsetAt(named.zone, now);
};

test("the name that is answered for an alias keeps its time, and stands for itself", () => {
  for (const name of catalog.names) {
    const zone = places.zoneOf(name);
    expect([name, offsetOf(zone)]).toEqual([name, offsetOf(name)]);
    expect(places.zoneOf(zone)).toBe(zone);
  }
});

test("a country has only zones that lie in it", () => {
  for (const { code, zones } of places.countries) {
    for (const zone of zones) expect([zone, places.countryOf(zone)]).toEqual([zone, code]);
  }
  expect(places.countryOf("Europe/Busingen")).toBe("DE");
  expect(places.countryOf("Etc/UTC")).toBeUndefined();
});

test("regions name known zones of their country, each once", () => {
  expect(new Set(places.regions.map(({ name, country }) => `${name}, ${country}`)).size).toBe(places.regions.length);
  for (const { name, country, zones } of places.regions) {
    expect(new Set(zones).size).toBe(zones.length);
    for (const zone of zones) {
      expect(catalog.names, name).toContain(zone);
      if (country) expect([name, zone, places.countryOf(zone)]).toEqual([name, zone, country]);
    }
  }
});

test("every zone and country of the tables of names and towns is one", async () => {
  const [{ default: names }, { default: towns }] = await Promise.all([
    import("../../src/data/names.json", { with: { type: "json" } }),
    import("../../src/data/towns.json", { with: { type: "json" } }),
  ]);
  const codes = new Set(places.countries.map(({ code }) => code));
  for (const [zone, line] of Object.entries(names)) {
    expect([zone, catalog.canonicalNames.includes(zone)]).toEqual([zone, true]);
    for (const text of line.split("|")) {
      expect(text).toMatch(/^(?:[A-Z]{2}|--) [^|=;]+=\d+=[^|=]+$/);
      if (!text.startsWith("--")) expect([text, codes.has(text.slice(0, 2))]).toEqual([text, true]);
    }
  }
  for (const [region, line] of Object.entries(towns)) {
    const [country, code] = region.split("-");
    const known = places.regions.find((each) => each.country === country && each.code === code?.toLowerCase());
    for (const text of line.split("|")) expect(known?.zones.slice(1)).toContain(text.slice(0, text.indexOf(" ")));
  }
});
