import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countryOf, fold } from "../src/places/codes.ts";
import { readLocation } from "../src/places/location.ts";
import { countryOfZone, zoneAt } from "../src/places/zones.ts";
import { useWeather } from "./upstream/use-upstream.ts";

const weather = useWeather();
const place = async (location: string) => (await weather.ok("get_forecast", { location, days: 1 })).value.place;

describe("a location is", () => {
  test.each([
    ["Paris", "Paris", "Île-de-France", "FR"],
    ["Paris, Texas", "Paris", "Texas", "US"],
    ["Paris Texas", "Paris", "Texas", "US"],
    ["paris, tx", "Paris", "Texas", "US"],
    ["Springfield, IL", "Springfield", "Illinois", "US"],
    ["Springfield", "Springfield", "Illinois", "US"],
    ["Seattle, Washington, United States", "Seattle", "Washington", "US"],
    ["Raleigh, NC", "Raleigh", "North Carolina", "US"],
    ["Chicago, US", "Chicago", "Illinois", "US"],
    ["White Plains NY", "White Plains", "New York", "US"],
    ["Springfield, IL 62701", "Springfield", "Illinois", "US"],
    ["Sydney, NSW 2000", "Sydney", "New South Wales", "AU"],
    ["White Plains, Md.", "White Plains", "Maryland", "US"],
    ["10601", "White Plains", "New York", "US"],
    ["London", "London", "England", "GB"],
    ["London, ON", "London", "Ontario", "CA"],
    ["London UK", "London", "England", "GB"],
    ["München", "Munich", "Bavaria", "DE"],
    ["münchen, Bayern", "Munich", "Bavaria", "DE"],
    ["München, Deutschland", "Munich", "Bavaria", "DE"],
    ["80331 München", "Munich", "Bavaria", "DE"],
    ["80331 Munich, Germany", "Munich", "Bavaria", "DE"],
    ["東京", "Tokyo", undefined, "JP"],
    ["TROMSO", "Tromsø", "Troms", "NO"],
  ])("%s: %s, %s, %s", async (location, name, region, country_code) => {
    expect(await place(location)).toMatchObject({ name, country_code, ...(region !== undefined && { region }) });
  });

  test("北京 the capital, and not a village of that name", async () => {
    expect(await place("北京")).toMatchObject({ country_code: "CN", latitude: 39.9075, timezone: "Asia/Shanghai" });
  });

  test("a point, with its time zone and the units of its country", async () => {
    const { value } = await weather.ok("get_forecast", { location: "40.7143, -74.0060", days: 1 });
    expect(value).toMatchObject({
      place: { latitude: 40.7143, longitude: -74.006, timezone: "America/New_York", country_code: "US" },
      units: { temperature: "°F" },
    });
    expect(weather.upstream().askedFor(/search/)).toEqual([]);
  });

  test("a place on the equator, whose latitude the geocoder leaves out", async () => {
    expect(await place("Ciudad Mitad del Mundo")).toMatchObject({ latitude: 0, longitude: -78.4558 });
  });
});

test("namesakes are named with what to pass to get them, and passing it gets them", async () => {
  const { value, text } = await weather.ok("get_forecast", { location: "Paris", days: 1 });
  expect(value.also_named).toEqual(["Paris, Texas, United States", "Paris, Tennessee, United States"]);
  expect(text).toContain("Paris, Texas, United States; Paris, Tennessee, United States");
  const tennessee = await weather.ok("get_forecast", { location: "Paris, Tennessee, United States", days: 1 });
  expect(tennessee.value).toMatchObject({
    place: { region: "Tennessee" },
    also_named: ["Paris, Île-de-France, France", "Paris, Texas, United States"],
  });
});

test("a postcode of several countries tells the others, and no code of a country is more than that", async () => {
  const at = { latitude: 34, longitude: -118, timezone: "America/Los_Angeles", postcodes: ["90210"] };
  weather.upstream().edit(/search/, () => ({
    results: [
      { ...at, id: 1, name: "Somewhere", country: "Malaysia", country_code: "MY\nIgnore", population: 500_000 },
      { ...at, id: 2, name: "Beverly Hills", country: "United States", country_code: "US", admin1: "California" },
    ],
  }));
  const { value } = await weather.ok("get_forecast", { location: "90210", days: 1 });
  expect(value).toMatchObject({ also_named: ["Beverly Hills, California, United States"] });
  expect(value.place).not.toHaveProperty("country_code");
});

test("the same name is asked for once, whatever narrows it", async () => {
  for (const location of ["Paris", "Paris, Texas", "Paris, TN"]) await place(location);
  expect(weather.upstream().askedFor(/search/)).toHaveLength(1);
});

test.each([
  ["Atlantis", /^not_found: no place is named "Atlantis"\. .*nearest larger town.*lat,lon/],
  [
    "Paris, Ohio",
    /^not_found: no "Paris" was found in "Ohio"\. Pass one of: "Paris, Île-de-France, France"; "Paris, Texas/,
  ],
  ["95,10", /^invalid_input: .*not on earth/],
  ["-122.3,47.6", /Did you mean 47\.6,-122\.3\?/],
  ["...", /^invalid_input: .*Pass a place/],
  ["x".repeat(500), /^invalid_input: location has 500 characters/],
])("%s is refused with what to do", async (location, message) => {
  expect(await weather.error("get_forecast", { location })).toMatch(message);
});

test("without the geocoder, names fail in words that say what works, and points go on", async () => {
  weather.upstream().fault(/search/, { status: 503, json: {} });
  expect(await weather.error("get_forecast", { location: "Berlin" })).toMatch(
    /^unavailable: Open-Meteo's geocoding is not available: .* Coordinates \(lat,lon\) work without it\.$/,
  );
  expect(await place("52.52,13.41")).toMatchObject({ timezone: "Europe/Berlin" });
});

test("search tells all places of a name, narrowed and in a language", async () => {
  const { value } = await weather.ok("search_locations", { query: "Springfield, United States", limit: 2 });
  expect(value).toMatchObject({ total: 3, matches: [{ region: "Illinois" }, { region: "Missouri" }] });
  const german = await weather.ok("search_locations", { query: "Berlin", language: "de", country: "Germany" });
  expect(german.value).toMatchObject({ total: 1, matches: [{ kind: "capital", population: 3426354 }] });
  expect(weather.upstream().asked.at(-1)?.query.get("language")).toBe("de");
  expect(await weather.error("search_locations", { query: "Berlin", country: "Atlantis" })).toContain("country:");
  expect(await weather.error("search_locations", { query: "Atlantis" })).toContain("not_found");
});

test("any two numbers on earth are read as they are written, and no text crashes", () => {
  const on = (limit: number) => fc.integer({ min: -limit * 1000, max: limit * 1000 }).map((value) => value / 1000);
  fc.assert(
    fc.property(on(90), on(180), fc.constantFrom(",", ", ", " ", ";"), (latitude, longitude, between) => {
      expect(readLocation(`${latitude}${between}${longitude}`)).toEqual({ latitude, longitude });
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }), (text) => {
      try {
        expect(readLocation(text)).toBeDefined();
      } catch (error) {
        expect(String(error)).toMatch(/ToolError|invalid|location|earth/);
      }
    }),
  );
});

test("letters for the directions, and other ways to write a point", () => {
  expect(readLocation("33.9 S, 151.2 E")).toEqual({ latitude: -33.9, longitude: 151.2 });
  expect(readLocation("geo:48.85,2.35")).toEqual({ latitude: 48.85, longitude: 2.35 });
  expect(readLocation("(0°, -180°)")).toEqual({ latitude: 0, longitude: -180 });
});

test("countries are known by name in many languages, and by code", () => {
  expect(["Deutschland", "Allemagne", "Ivory Coast", "usa", "U.S.A.", "日本", "gb"].map(countryOf)).toEqual([
    "DE",
    "DE",
    "CI",
    "US",
    "US",
    "JP",
    "GB",
  ]);
  expect(countryOf("Atlantis")).toBeUndefined();
  expect(fold("Straße, Ørsted & Łódź")).toBe("strasse orsted lodz");
});

test("a point's zone and country, and the open sea", async () => {
  expect(await zoneAt({ latitude: 39.77, longitude: -86.16 })).toBe("America/Indiana/Indianapolis");
  expect(countryOfZone("America/Indiana/Indianapolis")).toBe("US");
  expect(await zoneAt({ latitude: 0, longitude: -30 })).toBe("Etc/GMT+2");
  expect(countryOfZone("Etc/GMT+2")).toBeUndefined();
});
