import type { NamedZone } from "../zone/catalog.ts";
import { addBusinessDays } from "./business-days.ts";
import {
  type CivilDate,
  DAY,
  dateOf,
  dayNumber,
  daysInMonth,
  requireSupportedYear,
  timeOfDay,
  wallOf,
} from "./civil.ts";
import type { Duration } from "./duration.ts";
import { type Choice, requireSupported, resolveWall, wallAt } from "./instant.ts";

/**
 * Adds as Temporal.ZonedDateTime does: months (ends of months clamp), days, the zone's reading of
 * that, then exact time. Without a step of the calendar the zone has no say.
 * @param start Unix seconds
 * @throws ToolError invalid_input when the years are left, or clocks do not read that once
 */
export function addDuration(named: NamedZone, start: number, duration: Duration, choice?: Choice): number {
  const { months, days, seconds } = duration;
  if (months === 0 && days === 0) return requireSupported(named, start + seconds);
  const wall = wallAt(named, start);
  const landed = shiftTo(addMonths(dateOf(wall), months), days, timeOfDay(wall));
  return requireSupported(named, resolveWall(named, landed, choice) + seconds);
}

/** Moves to the date `count` business days away, at the same time of day. Errors as addDuration. */
export function addBusinessDaysTo(named: NamedZone, start: number, count: number, choice?: Choice): number {
  if (count === 0) return start;
  const wall = wallAt(named, start);
  const day = dayNumber(wall);
  const landed = shiftTo(dateOf(wall), addBusinessDays(named.zone, day, count) - day, timeOfDay(wall));
  return requireSupported(named, resolveWall(named, landed, choice));
}

/**
 * The same day `months` later, or the last of its month where that has fewer days.
 * @throws ToolError invalid_input when the years are left
 */
export function addMonths({ year, month, day }: CivilDate, months: number): CivilDate {
  const index = year * 12 + month - 1 + months;
  const landed = { year: Math.floor(index / 12), month: (((index % 12) + 12) % 12) + 1 };
  // Before any Date is made of it: those end in the year 275760. All steps go the same way, so no
  // later one could come back.
  requireSupportedYear(landed.year, "the result");
  return { ...landed, day: Math.min(day, daysInMonth(landed.year, landed.month)) };
}

function shiftTo(date: CivilDate, days: number, time: number): number {
  const wall = wallOf(date) + days * DAY;
  requireSupportedYear(dateOf(wall).year, "the result");
  return wall + time;
}
