import { expect, test, vi } from "vitest";
import { useServer } from "../use-server.ts";

const server = useServer();
const get = async (timezone: string) => (await server.ok("get_timezone", { timezone })).value;

test("a zone with daylight saving time", async () => {
  expect(await get("europe/berlin")).toEqual({
    timezone: "Europe/Berlin",
    canonical: "Europe/Berlin",
    utc_offset: "+01:00",
    abbreviation: "CET",
    is_dst: false,
    observes_dst: true,
    previous_change: { at: "2026-10-25T02:00:00+01:00", from: "+02:00", to: "+01:00" },
    next_change: { at: "2027-03-28T03:00:00+02:00", from: "+01:00", to: "+02:00" },
    aliases: expect.arrayContaining(["Arctic/Longyearbyen"]),
    countries: expect.arrayContaining(["Germany"]),
    tzdata: expect.stringMatching(/^20\d\d[a-z]$/),
  });
});

test("an alias is reported under the requested name", async () => {
  expect(await get("Asia/Calcutta")).toMatchObject({
    timezone: "Asia/Calcutta",
    canonical: "Asia/Kolkata",
    aliases: ["Asia/Calcutta"],
    observes_dst: false,
    previous_change: { from: "+06:30", to: "+05:30" },
    next_change: null,
  });
});

test("a zone of no place and no change", async () => {
  expect(await get("Etc/GMT+5")).toMatchObject({
    utc_offset: "-05:00",
    previous_change: null,
    next_change: null,
    aliases: [],
    countries: [],
  });
});

test.each([
  ["Europe/Dublin", { is_dst: false, observes_dst: true }],
  ["Australia/Sydney", { is_dst: true, observes_dst: true }],
  ["America/Vancouver", { is_dst: false, observes_dst: false, abbreviation: "MST", next_change: null }],
  ["Africa/Casablanca", { is_dst: false, observes_dst: false, utc_offset: "+00:00", next_change: null }],
  ["Europe/Istanbul", { is_dst: false, observes_dst: false, countries: ["Türkiye"] }],
])("%s", async (timezone, facts) => {
  expect(await get(timezone)).toMatchObject(facts);
});

test("the countries of an alias begin with its own", async () => {
  expect(await get("Europe/Busingen")).toMatchObject({ countries: ["Germany", "Switzerland"] });
  expect(await get("Europe/Zurich")).toMatchObject({ countries: ["Switzerland", "Germany"] });
  expect(await get("Pacific/Yap")).toMatchObject({ countries: ["Micronesia", "Papua New Guinea"] });
});

test("in a summer that the law calls standard", async () => {
  vi.setSystemTime(new Date("2026-07-01T00:00:00Z"));
  expect(await get("Europe/Dublin")).toMatchObject({ is_dst: true, abbreviation: "IST", observes_dst: true });
});

test("the text says all of it", async () => {
  const { text } = await server.ok("get_timezone", { timezone: "US/Pacific" });
  expect(text).toMatch(
    /^US\/Pacific \(alias of America\/Los_Angeles\): PST, UTC-08:00, DST now: no, within a year: yes\n/,
  );
  expect(text).toContain("Last change: 2026-11-01T01:00:00-08:00 (-07:00 to -08:00). Next: 2027-03-14T03:00:00-07:00");
  expect(text).toContain("Countries: United States. Aliases: US/Pacific.");
});

test("an unknown zone is invalid input", async () => {
  expect(await server.error("get_timezone", { timezone: "Mars/Olympus" })).toMatch(/^invalid_input: unknown time zone/);
});
