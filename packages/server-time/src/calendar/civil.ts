import { ToolError } from "@org/server-kit";

/** A day of the Gregorian calendar; months count from 1. */
export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

// A local date and time ("wall") is represented as a number: the seconds from 1970-01-01T00:00 to it on the same clock.
// Subtracting the offset gives Unix seconds.

export const DAY = 86_400;
const FIRST_YEAR = 1900;
const LAST_YEAR = 2100;
const DAYS_OF_WEEK = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** The local time `seconds` after midnight of a date. */
export const wallOf = ({ year, month, day }: CivilDate, seconds = 0): number =>
  Date.UTC(year, month - 1, day) / 1000 + seconds;

export function dateOf(wall: number): CivilDate {
  const date = new Date(wall * 1000);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** Days from 1970-01-01 to the date of a local time. */
export const dayNumber = (wall: number): number => Math.floor(wall / DAY);

/** Seconds from midnight to a local time, by its own clock. */
export const timeOfDay = (wall: number): number => wall - dayNumber(wall) * DAY;

export const daysInMonth = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** 0 for Monday to 6 for Sunday; day 0 was a Thursday. Days before it are negative, so the remainder is made positive. */
export const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7;

export const dayOfWeek = (wall: number): string => DAYS_OF_WEEK[new Date(wall * 1000).getUTCDay()] ?? "";

/** `2026-W47`: the ISO 8601 week, which belongs to the year of its Thursday. */
export function isoWeek(wall: number): string {
  const day = dayNumber(wall);
  const thursday = day - weekdayOf(day) + 3;
  const { year } = dateOf(thursday * DAY);
  const week = Math.floor((thursday - dayNumber(wallOf({ year, month: 1, day: 1 }))) / 7) + 1;
  return `${year}-W${String(week).padStart(2, "0")}`;
}

/** `2026-11-20T18:45:00` */
export const formatWall = (wall: number): string => new Date(wall * 1000).toISOString().slice(0, 19);

/** `+05:45`, or `-00:44:30` for historical offsets with seconds. */
export function formatOffset(seconds: number): string {
  const clock = new Date(Math.abs(seconds) * 1000).toISOString().slice(11, 19);
  return `${seconds < 0 ? "-" : "+"}${clock.replace(/:00$/, "")}`;
}

/** @throws ToolError invalid_input outside the years for which there is zone data */
export function requireSupportedYear(year: number, what: string): void {
  if (year >= FIRST_YEAR && year <= LAST_YEAR) return;
  throw new ToolError(
    "invalid_input",
    `${what} is outside the years ${FIRST_YEAR} to ${LAST_YEAR} that are supported.`,
  );
}
