import { quote, READ_ONLY, ToolError } from "@org/server-kit";
import * as z from "zod";
import type { DateRange } from "../context.ts";
import { addDays, daysBetween, isDate } from "../forecast/zone.ts";
import { UNIT_SYSTEMS } from "../units/system.ts";

/** Read-only, but with requests to the internet. */
export const READS_ONLINE = { ...READ_ONLY, openWorldHint: true };

export const locationInput = z
  .string()
  .min(1)
  .describe("Place in any language (München; Paris, Texas; White Plains NY), postcode, or lat,lon (48.85,2.35).");

export const unitsInput = z
  .enum(UNIT_SYSTEMS)
  .optional()
  .describe("metric (°C, km/h), imperial (°F, mph), si (°C, m/s) or uk (°C, mph). Default: those used there.");

export const dateInput = (words: string) => z.string().min(1).describe(`${words} YYYY-MM-DD.`);

export const FIRST_DATE = "1940-01-01";
const LONGEST = 366;

const invalid = (message: string) => new ToolError("invalid_input", message);

const dateInUtc = (time: number): string => new Date(time).toISOString().slice(0, 10);

/**
 * @param today the date to suggest to callers who meant "tomorrow": the place's local date, if known
 * @throws ToolError `invalid_input` when the text is not a date
 */
export function requireDate(name: string, text: string, today = `${dateInUtc(Date.now())} in UTC`): string {
  if (isDate(text)) return text;
  throw invalid(`${name}: ${quote(text)} is not a date. Write it as YYYY-MM-DD; today is ${today}.`);
}

/**
 * A past period.
 * @param future what to suggest for future days
 * @throws ToolError `invalid_input` for dates that do not exist, are in the wrong order, too early, in the future or
 * too far apart
 */
export function pastRange(start: string, end: string, future = "get_forecast has the next 16 days"): DateRange {
  const range = { start: requireDate("start_date", start), end: requireDate("end_date", end) };
  if (start < FIRST_DATE) throw invalid(`start_date: figures begin with ${FIRST_DATE}. Pass that or a later date.`);
  if (end < start) throw invalid(`end_date ${end} is before start_date ${start}. Pass the earlier one as start_date.`);
  if (daysBetween(start, end) >= LONGEST) {
    throw invalid(
      `${start} to ${end} has more than ${LONGEST} days. Pass end_date ${addDays(start, LONGEST - 1)} or earlier.`,
    );
  }
  // Local time may be up to fourteen hours ahead of UTC.
  const today = dateInUtc(Date.now() + 14 * 3_600_000);
  if (end > today)
    throw invalid(`end_date ${end} is in the future. For that, ${future}; get_climate has what is normal.`);
  return range;
}
