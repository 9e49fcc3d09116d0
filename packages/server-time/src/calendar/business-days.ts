import type { Zone } from "../zone/zone.ts";
import { DAY, weekdayOf } from "./civil.ts";

// Days are numbered from Thursday, 1970-01-01. In weeks counted from Monday, 1969-12-29:
const MONDAY = -3;

/** Weekdays, Monday to Friday, from that Monday through `day`; negative before it. */
function weekdaysUntil(day: number): number {
  const sinceMonday = day - MONDAY;
  const weeks = Math.floor(sinceMonday / 7);
  return weeks * 5 + Math.min(sinceMonday - weeks * 7 + 1, 5);
}

/** The weekday through which there are `count`: the inverse of weekdaysUntil. */
function weekdayNumber(count: number): number {
  const weeks = Math.floor((count - 1) / 5);
  return MONDAY + weeks * 7 + (count - weeks * 5 - 1);
}

/**
 * The weekdays that a zone never had, in order: Samoa crossed the date line by going from Thursday, 2011-12-29 to
 * Saturday.
 */
function skippedWeekdays({ segments }: Zone): readonly number[] {
  return segments.flatMap(({ start, offset }, index) => {
    const before = segments[index - 1]?.offset ?? offset;
    const first = Math.ceil((start + before) / DAY);
    const next = Math.floor((start + offset) / DAY);
    const days = Array.from({ length: Math.max(0, next - first) }, (_, count) => first + count);
    return days.filter((day) => weekdayOf(day) < 5);
  });
}

/** The day `count` business days of a zone after `day` (before it when negative); `day` itself for 0. */
export function addBusinessDays(zone: Zone, day: number, count: number): number {
  const skipped = skippedWeekdays(zone);
  const forward = skipped.filter((gone) => gone > day);
  const backward = skipped.filter((gone) => gone < day).reverse();
  let landed = addWeekdays(day, count);
  // A skipped day in between, or at the end, costs one more day.
  if (count > 0) for (const gone of forward) if (gone <= landed) landed = addWeekdays(landed, 1);
  if (count < 0) for (const gone of backward) if (gone >= landed) landed = addWeekdays(landed, -1);
  return landed;
}

function addWeekdays(day: number, count: number): number {
  if (count === 0) return day;
  return count > 0 ? weekdayNumber(weekdaysUntil(day) + count) : weekdayNumber(weekdaysUntil(day - 1) + count + 1);
}

/** Business days of a zone in (start, end]; if `end` is earlier, those in [end, start), negative. */
export function businessDaysBetween(zone: Zone, start: number, end: number): number {
  const isForward = start <= end;
  const [from, to] = isForward ? [start, end] : [end - 1, start - 1];
  const skipped = skippedWeekdays(zone).filter((day) => from < day && day <= to).length;
  const count = weekdaysUntil(to) - weekdaysUntil(from) - skipped;
  return isForward ? count : 0 - count;
}
