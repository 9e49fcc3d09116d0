import { describe, expect, test } from "vitest";
import { formatInstant, resolveWall } from "../../src/calendar/instant.ts";
import { instantsOf } from "../../src/zone/wall.ts";
import { at, wall, zone } from "../zones.ts";

test.each([
  ["an ordinary time", "Europe/Berlin", "2026-06-01T12:00:00", ["2026-06-01T12:00:00+02:00"]],
  ["a gap", "America/New_York", "2026-03-08T02:30:00", []],
  ["its first second", "America/New_York", "2026-03-08T02:00:00", []],
  ["the second after it", "America/New_York", "2026-03-08T03:00:00", ["2026-03-08T03:00:00-04:00"]],
  [
    "a time that occurs twice",
    "America/New_York",
    "2026-11-01T01:30:00",
    ["2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00"],
  ],
  ["the second after the repeated hour", "America/New_York", "2026-11-01T02:00:00", ["2026-11-01T02:00:00-05:00"]],
  [
    "half an hour twice",
    "Australia/Lord_Howe",
    "2026-04-05T01:45:00",
    ["2026-04-05T01:45:00+11:00", "2026-04-05T01:45:00+10:30"],
  ],
  ["a day that Samoa left out", "Pacific/Apia", "2011-12-30T12:00:00", []],
  ["a day that Kwajalein left out", "Pacific/Kwajalein", "1993-08-21T12:00:00", []],
])("%s: %s, %s", (_, name, reading, instants) => {
  expect(instantsOf(zone(name).zone, wall(reading))).toEqual(instants.map(at));
});

describe("a reading that is not one instant", () => {
  const chosen = (name: string, reading: string) =>
    (["earlier", "later"] as const).map((choice) =>
      formatInstant(zone(name), resolveWall(zone(name), wall(reading), { disambiguation: choice })),
    );

  test("earlier and later mean the same as in Temporal", () => {
    expect(chosen("America/New_York", "2026-03-08T02:30:00")).toEqual([
      "2026-03-08T01:30:00-05:00",
      "2026-03-08T03:30:00-04:00",
    ]);
    expect(chosen("America/New_York", "2026-11-01T01:30:00")).toEqual([
      "2026-11-01T01:30:00-04:00",
      "2026-11-01T01:30:00-05:00",
    ]);
    expect(chosen("Pacific/Apia", "2011-12-30T12:00:00")).toEqual([
      "2011-12-29T12:00:00-10:00",
      "2011-12-31T12:00:00+14:00",
    ]);
  });

  test("without a choice it is refused with both readings and what the clocks did", () => {
    expect(() => resolveWall(zone("America/New_York"), wall("2026-03-08T02:30:00"))).toThrow(
      "2026-03-08T02:30:00 does not exist in America/New_York: the clocks went forward from " +
        '2026-03-08T02:00:00-05:00 to 2026-03-08T03:00:00-04:00. Pass disambiguation "earlier" for ' +
        '2026-03-08T01:30:00-05:00 or "later" for 2026-03-08T03:30:00-04:00.',
    );
    expect(() => resolveWall(zone("Europe/Berlin"), wall("2026-10-25T02:30:00"))).toThrow(
      "2026-10-25T02:30:00 occurs twice in Europe/Berlin: the clocks went back from " +
        '2026-10-25T03:00:00+02:00 to 2026-10-25T02:00:00+01:00. Pass disambiguation "earlier" for ' +
        '2026-10-25T02:30:00+02:00 or "later" for 2026-10-25T02:30:00+01:00.',
    );
  });
});
