// Days are numbered from Thursday, 1970-01-01. In weeks counted from Monday, 1969-12-29:
const MONDAY = -3;

/** Weekdays, Monday to Friday, from that Monday up to and with `day`; negative before it. */
function weekdaysUntil(day: number): number {
  const sinceMonday = day - MONDAY;
  const weeks = Math.floor(sinceMonday / 7);
  return weeks * 5 + Math.min(sinceMonday - weeks * 7 + 1, 5);
}

/** The weekday up to and with which there are `count`: weekdaysUntil turned round. */
function weekdayNumber(count: number): number {
  const weeks = Math.floor((count - 1) / 5);
  return MONDAY + weeks * 7 + (count - weeks * 5 - 1);
}

/** The day `count` business days after `day` (before it when negative); `day` itself for 0. */
export function addBusinessDays(day: number, count: number): number {
  if (count === 0) return day;
  return count > 0 ? weekdayNumber(weekdaysUntil(day) + count) : weekdayNumber(weekdaysUntil(day - 1) + count + 1);
}

/** Business days in (start, end]; when `end` is earlier those in [end, start), negative. */
export function businessDaysBetween(start: number, end: number): number {
  const count =
    start <= end ? weekdaysUntil(end) - weekdaysUntil(start) : weekdaysUntil(end - 1) - weekdaysUntil(start - 1);
  return count === 0 ? 0 : count;
}
