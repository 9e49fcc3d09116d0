import fc from "fast-check";
import { expect, test } from "vitest";
import { addBusinessDays, businessDaysBetween } from "../src/calendar/business-days.ts";

const day = fc.integer({ min: -30_000, max: 50_000 });
// 1970-01-01 was a Thursday.
const isWeekday = (number: number) => (((number + 3) % 7) + 7) % 7 < 5;

/** The same by counting. */
function step(start: number, count: number): number {
  let at = start;
  for (let left = Math.abs(count); left > 0; ) {
    at += Math.sign(count);
    if (isWeekday(at)) left--;
  }
  return at;
}

test("moving is the same as counting day by day, from weekends too", () => {
  fc.assert(
    fc.property(day, fc.integer({ min: -60, max: 60 }), (start, count) => {
      expect(addBusinessDays(start, count)).toBe(step(start, count));
    }),
  );
});

test("the business days between two days lead from one to the other, if that is one", () => {
  fc.assert(
    fc.property(day, day.filter(isWeekday), (start, end) => {
      expect(addBusinessDays(start, businessDaysBetween(start, end))).toBe(end);
    }),
  );
});

test("the way back has as many, from weekday to weekday", () => {
  fc.assert(
    fc.property(day.filter(isWeekday), day.filter(isWeekday), (start, end) => {
      expect(businessDaysBetween(start, end) + businessDaysBetween(end, start)).toBe(0);
    }),
  );
});

test("a weekend has none", () => {
  const saturday = 2;
  expect(businessDaysBetween(saturday - 1, saturday + 1)).toBe(0);
  expect(Object.is(businessDaysBetween(saturday + 1, saturday), 0)).toBe(true);
});
