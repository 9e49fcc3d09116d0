import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { expect, test } from "vitest";
import { addDuration } from "../../src/calendar/add.ts";
import { isoWeek } from "../../src/calendar/civil.ts";
import { calendarDifference } from "../../src/calendar/difference.ts";
import { parseDuration } from "../../src/calendar/duration.ts";
import { resolveWall } from "../../src/calendar/instant.ts";
import { instantsOf } from "../../src/zone/wall.ts";
import { offsetAt } from "../../src/zone/zone.ts";
import { zone } from "../zones.ts";

// Temporal's data is as old as Node, so only zones that have not changed lately can be compared. They include all kinds
// of change: half an hour, two hours, a skipped day, odd minutes.
const ZONES = [
  "America/New_York",
  "America/Santiago",
  "America/St_Johns",
  "Antarctica/Troll",
  "Asia/Kathmandu",
  "Asia/Kolkata",
  "Australia/Lord_Howe",
  "Australia/Sydney",
  "Europe/Dublin",
  "Europe/London",
  "Pacific/Apia",
  "Pacific/Chatham",
  "Pacific/Kwajalein",
  "UTC",
];
const RUNS = { numRuns: 400 };

const zones = fc.constantFrom(...ZONES);
const second = (year: number) => Date.UTC(year, 0, 1) / 1000;
// Half of all instants are near a clock change, where mistakes happen.
const instants = (name: string) => {
  const changes = zone(name)
    .zone.segments.map(({ start }) => start)
    .filter((start) => start > second(1972) && start < second(2037));
  const anywhere = fc.integer({ min: second(1972), max: second(2037) });
  if (changes.length === 0) return anywhere;
  const near = fc
    .tuple(fc.constantFrom(...changes), fc.integer({ min: -200_000, max: 200_000 }))
    .map(([a, b]) => a + b);
  return fc.oneof(anywhere, near);
};
const zoned = (name: string, instant: number) =>
  Temporal.Instant.fromEpochMilliseconds(instant * 1000).toZonedDateTimeISO(name);
const seconds = (time: Temporal.ZonedDateTime) => time.epochMilliseconds / 1000;

test("offsets are Temporal's", () => {
  const points = zones.chain((name) => fc.tuple(fc.constant(name), instants(name)));
  fc.assert(
    fc.property(points, ([name, instant]) => {
      expect(offsetAt(zone(name).zone, instant)).toBe(zoned(name, instant).offsetNanoseconds / 1e9);
    }),
    RUNS,
  );
});

test("a local time has no, one or two instants, and earlier and later match Temporal", () => {
  const points = zones.chain((name) => fc.tuple(fc.constant(name), instants(name)));
  fc.assert(
    fc.property(points, ([name, reading]) => {
      const local = Temporal.Instant.fromEpochMilliseconds(reading * 1000)
        .toZonedDateTimeISO("UTC")
        .toPlainDateTime();
      const [earlier, later] = (["earlier", "later"] as const).map((disambiguation) =>
        seconds(local.toZonedDateTime(name, { disambiguation })),
      );
      expect(resolveWall(zone(name), reading, { disambiguation: "earlier" })).toBe(earlier);
      expect(resolveWall(zone(name), reading, { disambiguation: "later" })).toBe(later);
      const once = earlier === later;
      expect(instantsOf(zone(name).zone, reading).length === 1).toBe(once);
    }),
    RUNS,
  );
});

const durations = fc.record({
  sign: fc.constantFrom("", "-"),
  years: fc.integer({ min: 0, max: 5 }),
  months: fc.integer({ min: 0, max: 30 }),
  weeks: fc.integer({ min: 0, max: 9 }),
  days: fc.integer({ min: 0, max: 70 }),
  hours: fc.integer({ min: 0, max: 60 }),
  seconds: fc.integer({ min: 0, max: 9000 }),
});

test("the ISO week is Temporal's, before 1970 too", () => {
  const day = fc.integer({ min: second(1900) / 86_400, max: second(2101) / 86_400 - 1 });
  fc.assert(
    fc.property(day, (number) => {
      const { yearOfWeek, weekOfYear } = zoned("UTC", number * 86_400);
      expect(isoWeek(number * 86_400)).toBe(`${yearOfWeek}-W${String(weekOfYear).padStart(2, "0")}`);
    }),
    RUNS,
  );
  expect(isoWeek(Date.UTC(1899, 11, 26) / 1000)).toBe("1899-W52");
  expect(isoWeek(Date.UTC(1969, 11, 29) / 1000)).toBe("1970-W01");
});

test("adding a duration is Temporal's", () => {
  const cases = zones.chain((name) => fc.tuple(fc.constant(name), instants(name), durations));
  fc.assert(
    fc.property(cases, ([name, start, { sign, years, months, weeks, days, hours, seconds: rest }]) => {
      const text = `${sign}P${years}Y${months}M${weeks}W${days}DT${hours}H${rest}S`;
      const expected = seconds(zoned(name, start).add(text));
      const readings = (["earlier", "later"] as const).map((choice) =>
        addDuration(zone(name), start, parseDuration(text), { disambiguation: choice }),
      );
      // Temporal chooses by default: the earlier of two, the later across a gap.
      expect(readings).toContain(expected);
      if (readings[0] === readings[1]) expect(addDuration(zone(name), start, parseDuration(text))).toBe(expected);
    }),
    RUNS,
  );
});

/** The polyfill fails for a few pairs whose first day ends with clocks that are set back past midnight. */
function untilOf(start: Temporal.ZonedDateTime, end: Temporal.ZonedDateTime): Temporal.Duration | undefined {
  try {
    return start.until(end, { largestUnit: "years" });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

test("the difference in calendar units is Temporal's", () => {
  const cases = zones.chain((name) => {
    const start = instants(name);
    const near = start.chain((a) =>
      fc.tuple(
        fc.constant(a),
        fc.integer({ min: -300_000, max: 300_000 }).map((b) => a + b),
      ),
    );
    return fc.tuple(fc.constant(name), fc.oneof(fc.tuple(start, start), near));
  });
  fc.assert(
    fc.property(cases, ([name, [start, end]]) => {
      const until = untilOf(zoned(name, start), zoned(name, end));
      fc.pre(until !== undefined);
      const { years, months, days, hours, minutes, seconds } = until;
      const expected = { years, months, days, hours, minutes, seconds };
      expect(calendarDifference(zone(name), start, end)).toEqual(expected);
    }),
    RUNS,
  );
});

test("two seconds are two seconds where clocks are set back past midnight, which Temporal's polyfill cannot say", () => {
  const nothing = { years: 0, months: 0, days: 0, hours: 0, minutes: 0 };
  expect(calendarDifference(zone("America/St_Johns"), 1_004_236_261, 1_004_236_259)).toEqual({
    ...nothing,
    seconds: -2,
  });
});
