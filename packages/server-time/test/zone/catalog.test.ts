import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadPlaces } from "../../src/places/places.ts";
import { requireZone } from "../../src/places/resolve-zone.ts";
import { loadZoneCatalog } from "../../src/zone/catalog.ts";

const catalog = await loadZoneCatalog();
const atlas = { zones: async () => catalog, places: () => loadPlaces(catalog) };

test.each([
  ["europe/berlin", "Europe/Berlin", "Europe/Berlin"],
  ["AMERICA/NEW_YORK", "America/New_York", "America/New_York"],
  ["asia/calcutta", "Asia/Calcutta", "Asia/Kolkata"],
  ["us/pacific", "US/Pacific", "America/Los_Angeles"],
  ["utc", "UTC", "Etc/UTC"],
  ["gmt+0", "GMT+0", "Etc/GMT"],
  ["etc/gmt+5", "Etc/GMT+5", "Etc/GMT+5"],
  ["est5edt", "EST5EDT", "EST5EDT"],
  ["W. Europe Standard Time", "Europe/Berlin", "Europe/Berlin"],
  ["pacific standard time", "America/Los_Angeles", "America/Los_Angeles"],
])("%s is %s, whose canonical name is %s", (given, name, canonical) => {
  expect(catalog.find(given)).toMatchObject({ name, zone: { name: canonical } });
});

test("every name and alias is found in any case, and is reported as requested", () => {
  expect(catalog.names.length).toBeGreaterThan(590);
  for (const name of catalog.names) {
    expect(catalog.find(name)?.name).toBe(name);
    expect(catalog.find(name.toUpperCase())?.name).toBe(name);
    expect(catalog.canonicalNames).toContain(catalog.canonical(name));
  }
});

test.each([
  "",
  " ",
  "Europe",
  "Mars/Olympus",
  " Europe/Berlin",
  "Europe/Berlin\n",
  "Europe/Berlin\0",
  "__proto__",
  "constructor",
  "toString",
  "Asia/Bang\u212Aok",
  "Εurope/Berlin",
  "Europe／Berlin",
  "../Europe/Berlin",
])("%j is no zone", (name) => {
  expect(catalog.find(name)).toBeUndefined();
});

describe("an invalid name", () => {
  const refusal = (name: string) =>
    requireZone(atlas, name).then(
      () => expect.unreachable(),
      (error: unknown) => String(error),
    );

  test.each([
    ["Europe/Berln", "Did you mean Europe/Berlin"],
    ["New York", "Did you mean America/New_York?"],
    ["america/new york", "Did you mean America/New_York?"],
    ["US/Pacfic", "Did you mean US/Pacific?"],
    ["Asia/Bombay", "Asia/Kolkata"],
    ["München", "Did you mean Europe/Berlin?"],
    ["IST", "Did you mean Asia/Kolkata, Europe/Dublin or Asia/Jerusalem?"],
    ["America/San_Francisco", "America/Los_Angeles"],
    ["Pacific Time", "Did you mean America/Los_Angeles or America/Tijuana?"],
    ["Texas", "Did you mean America/Chicago or America/Denver?"],
    ["q", 'unknown time zone "q". find_timezones finds'],
    [" Europe/Berlin ", "Did you mean Europe/Berlin?"],
  ])("%s: %s", async (name, hint) => {
    expect(await refusal(name)).toContain(hint);
  });

  test.each(["GMT+5", "UTC+3", "UTC-03:00", "+05:30", "-3", "+0530", "Z+1", "utc +2", "−3"])(
    "%s is an offset, and the sign of Etc zones is explained",
    async (name) => {
      expect(await refusal(name)).toMatch(/is an offset.*Etc\/GMT\+5 is five hours behind UTC/);
    },
  );

  test("whatever is sent, the answer is short and visible", { timeout: 20_000 }, async () => {
    for (const text of [
      "x".repeat(1e6),
      " ".repeat(1e6),
      "+1".repeat(5e5),
      "a/".repeat(5e5),
      "\u202Etxt",
      "\0",
      "\uD800",
    ]) {
      const message = await refusal(text);
      expect(message.length).toBeLessThan(400);
      expect(message).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
    }
  });

  test("any text is either a zone or refused as such", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", maxLength: 30 }), async (text) => {
        if (!catalog.find(text)) expect(await refusal(text)).toMatch(/^ToolError: .*\.$/);
      }),
      { numRuns: 50 },
    );
  });
});
