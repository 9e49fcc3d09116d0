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
 * Adds like Temporal.ZonedDateTime: months (clamped at ends of months), days, then resolves the local time in the zone,
 * then adds exact time. Without calendar steps, the zone is ignored. @param start Unix seconds @throws ToolError
 * invalid_input when the result is outside the supported years, or its local time occurs twice or never
 */
export function addDuration(named: NamedZone, start: number, duration: Duration, choice?: Choice): number {
  const { months, days, seconds } = duration;
  if (months === 0 && days === 0) return requireSupported(named, start + seconds);
  const wall = wallAt(named, start);
  const landed = shiftTo(addMonths(dateOf(wall), months), days, timeOfDay(wall));
  return requireSupported(named, resolveWall(named, landed, choice) + seconds);
}

/** Moves to the date `count` business days away, at the same time of day. Throws like addDuration. */
export function addBusinessDaysTo(named: NamedZone, start: number, count: number, choice?: Choice): number {
  if (count === 0) return start;
  const wall = wallAt(named, start);
  const day = dayNumber(wall);
  const landed = shiftTo(dateOf(wall), addBusinessDays(named.zone, day, count) - day, timeOfDay(wall));
  return requireSupported(named, resolveWall(named, landed, choice));
}

/**
 * The same day `months` later, or the last day of a shorter month. @throws ToolError invalid_input outside the
 * supported years
 */
export function addMonths({ year, month, day }: CivilDate, months: number): CivilDate {
  const index = year * 12 + month - 1 + months;
  const landed = { year: Math.floor(index / 12), month: (((index % 12) + 12) % 12) + 1 };
  // Checked before any Date is made of it, because Dates end in the year 275760. All steps go the same way, so later
  // ones could not come back.
  requireSupportedYear(landed.year, "the result");
  return { ...landed, day: Math.min(day, daysInMonth(landed.year, landed.month)) };
}

function shiftTo(date: CivilDate, days: number, time: number): number {
  const wall = wallOf(date) + days * DAY;
  requireSupportedYear(dateOf(wall).year, "the result");
  return wall + time;
}
