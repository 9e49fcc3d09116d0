import fc from "fast-check";
import { expect, test } from "vitest";
import { addBusinessDays, businessDaysBetween } from "../../src/calendar/business-days.ts";
import { weekdayOf } from "../../src/calendar/civil.ts";
import { instantsOf } from "../../src/zone/wall.ts";
import type { Zone } from "../../src/zone/zone.ts";
import { wall, zone } from "../zones.ts";

const DAY = 86_400;
// Samoa and Tokelau never had Friday, 2011-12-30; Kwajalein and Kiritimati skipped a Saturday each.
const SKIPPING = ["Pacific/Apia", "Pacific/Fakaofo", "Pacific/Kiritimati", "Pacific/Kwajalein"];
const days = fc.oneof(
  fc.integer({ min: -25_000, max: 47_000 }),
  ...["1993-08-21", "1994-12-31", "2011-12-30"].map((date) => {
    const day = wall(`${date}T00:00:00`) / DAY;
    return fc.integer({ min: day - 12, max: day + 12 });
  }),
);
const places = fc.constantFrom("UTC", "Europe/Berlin", ...SKIPPING).map((name) => zone(name).zone);
const exists = (place: Zone, day: number) =>
  Array.from({ length: 24 }, (_, hour) => day * DAY + hour * 3600).some((at) => instantsOf(place, at).length > 0);
const isBusinessDay = (place: Zone, day: number) => weekdayOf(day) < 5 && exists(place, day);

/** The same, by counting. */
function step(place: Zone, start: number, count: number): number {
  let at = start;
  for (let left = Math.abs(count); left > 0; ) {
    at += Math.sign(count);
    if (isBusinessDay(place, at)) left--;
  }
  return at;
}

test("moving is the same as counting day by day, from weekends too", () => {
  fc.assert(
    fc.property(places, days, fc.integer({ min: -40, max: 40 }), (place, start, count) => {
      fc.pre(exists(place, start));
      expect(addBusinessDays(place, start, count)).toBe(step(place, start, count));
    }),
    { numRuns: 300 },
  );
});

test("the business days between two days lead from one to the other, if that is one", () => {
  fc.assert(
    fc.property(places, days, days, (place, start, end) => {
      fc.pre(exists(place, start) && isBusinessDay(place, end));
      expect(addBusinessDays(place, start, businessDaysBetween(place, start, end))).toBe(end);
    }),
    { numRuns: 300 },
  );
});

test("the way back has as many, from weekday to weekday", () => {
  fc.assert(
    fc.property(places, days, days, (place, start, end) => {
      fc.pre(isBusinessDay(place, start) && isBusinessDay(place, end));
      expect(businessDaysBetween(place, start, end) + businessDaysBetween(place, end, start)).toBe(0);
    }),
  );
});

test("a weekend has none", () => {
  const utc = zone("UTC").zone;
  const saturday = 2;
  expect(businessDaysBetween(utc, saturday - 1, saturday + 1)).toBe(0);
  expect(Object.is(businessDaysBetween(utc, saturday + 1, saturday), 0)).toBe(true);
});

test("of the days that were left out, only Fridays are missed", () => {
  const between = (name: string, start: string, end: string) =>
    businessDaysBetween(zone(name).zone, wall(`${start}T00:00:00`) / DAY, wall(`${end}T00:00:00`) / DAY);
  expect(between("Pacific/Apia", "2011-12-26", "2012-01-02")).toBe(4);
  expect(between("UTC", "2011-12-26", "2012-01-02")).toBe(5);
  expect(between("Pacific/Kwajalein", "1993-08-16", "1993-08-23")).toBe(5);
});
