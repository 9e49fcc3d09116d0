import { Temporal } from "temporal-polyfill";
import { expect, test } from "vitest";
import { calendarDifference } from "../../src/calendar/difference.ts";
import { loadZoneCatalog } from "../../src/zone/catalog.ts";
import { segmentsBetween } from "../../src/zone/zone.ts";
import { at, zone } from "../zones.ts";

const DAY = 86_400;
const catalog = await loadZoneCatalog();
const dateAt = (instant: number, offset: number) => Math.floor((instant + offset) / DAY);

/** Every change of every zone after which the clocks show the previous day's date. */
const CHANGES = catalog.canonicalNames.flatMap((name) => {
  const named = zone(name);
  return named.zone.segments.flatMap(({ start, offset }, index) => {
    const before = named.zone.segments[index - 1];
    return before && dateAt(start - 1, before.offset) > dateAt(start, offset) ? [{ name, named, start }] : [];
  });
});

/** Undefined where Temporal has no answer, or older data than this package. */
function byTemporal(name: string, start: number, end: number) {
  const [from, to] = [start, end].map((instant) =>
    Temporal.Instant.fromEpochMilliseconds(instant * 1000).toZonedDateTimeISO(name),
  );
  const isSame = [from, to].every((time, index) => {
    const segment = segmentsBetween(zone(name).zone, index === 0 ? start : end, (index === 0 ? start : end) + 1)[0];
    return time && segment && time.offsetNanoseconds / 1e9 === segment.offset;
  });
  if (!from || !to || !isSame) return undefined;
  try {
    const { years, months, days, hours, minutes, seconds } = from.until(to, { largestUnit: "years" });
    return { years, months, days, hours, minutes, seconds };
  } catch (error) {
    // It gives up where the date goes one way and the time the other.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const exactly = (seconds: number) => {
  const [sign, rest] = [Math.sign(seconds), Math.abs(seconds)];
  const signed = (amount: number) => (amount === 0 ? 0 : amount * sign);
  return {
    years: 0,
    months: 0,
    days: 0,
    hours: signed(Math.floor(rest / 3600)),
    minutes: signed(Math.floor((rest % 3600) / 60)),
    seconds: signed(rest % 60),
  };
};

test("there are such changes, and the known ones are among them", () => {
  expect(CHANGES.length).toBeGreaterThan(50);
  expect(new Set(CHANGES.map(({ name }) => name))).toContain("Antarctica/Casey");
});

test("where clocks go back past midnight, the calendar never counts against the clock, in any zone", () => {
  let decided = 0;
  const wrong: unknown[] = [];
  const steps = Array.from({ length: 17 }, (_, index) => (index - 8) * 2400 + 600);
  for (const { name, named, start: change } of CHANGES) {
    for (const one of steps) {
      for (const other of [...steps, 3 * DAY, -3 * DAY]) {
        const [start, end] = [change + one, change + other];
        const units = calendarDifference(named, start, end);
        const isSigned = (all: object) =>
          Object.values(all).every((unit) => unit === 0 || Math.sign(unit) === Math.sign(end - start));
        const temporal = byTemporal(name, start, end);
        // Where its result runs against the clock, as from 00:10 back to 23:10 of the same night, it decides nothing.
        const expected = temporal && isSigned(temporal) ? temporal : undefined;
        if (expected) decided += 1;
        // Differences that Temporal does not decide are less than a day by any clock, so they are exact time.
        const right = expected ?? (Math.abs(end - start) < DAY ? exactly(end - start) : units);
        if (!isSigned(units) || JSON.stringify(units) !== JSON.stringify(right))
          wrong.push({ name, start, end, units, right });
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(decided).toBeGreaterThan(1000);
});

test.each([
  ["Antarctica/Casey", "2010-03-05T01:00:00+11:00", "2010-03-04T23:10:00+08:00", 70 * 60],
  ["Antarctica/Casey", "2010-03-04T23:10:00+08:00", "2010-03-05T01:00:00+11:00", -70 * 60],
])("%s from %s to %s", (name, start, end, seconds) => {
  expect(at(end) - at(start)).toBe(seconds);
  expect(calendarDifference(zone(name), at(start), at(end))).toEqual(exactly(seconds));
});
