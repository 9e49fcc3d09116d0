import { defineTool, READ_ONLY } from "@org/server-kit";
import * as z from "zod";
import { businessDaysBetween } from "../calendar/business-days.ts";
import { dayNumber } from "../calendar/civil.ts";
import { calendarDifference } from "../calendar/difference.ts";
import { formatSeconds } from "../calendar/duration.ts";
import { resolveWritten, wallAt } from "../calendar/instant.ts";
import { parseTime } from "../calendar/parse.ts";
import type { Time } from "../context.ts";
import { requireZone } from "../places/resolve-zone.ts";
import { COUNT_INSTEAD, disambiguationInput, endDisambiguationInput, timeInput, zoneInput } from "./moment.ts";

const COUNTED =
  "Mondays to Fridays after the start date, up to and including the end date; public holidays are not known.";
const COUNTED_BACK =
  "Mondays to Fridays before the start date, back to and including the end date; public holidays are not known.";

const pointInput = (role: string) =>
  timeInput(
    `${role}: YYYY-MM-DDTHH:MM[:SS], local to timezone or with an offset (…Z, …-05:00); a date alone for the start of that ` +
      "day; Unix seconds or milliseconds.",
  );

export const timeBetween = defineTool({
  name: "time_between",
  title: "Measure the time between",
  description:
    "Returns the time from one date or time to another: exact, in calendar units, in days and in business days; negative " +
    "when end is earlier. Use add_time to move a time by a duration.",
  annotations: READ_ONLY,
  input: z.strictObject({
    start: pointInput("From"),
    end: pointInput("To"),
    timezone: zoneInput("Zone to count in"),
    disambiguation: disambiguationInput,
    end_disambiguation: endDisambiguationInput,
  }),
  output: z.object({
    exact: z
      .object({
        iso8601: z.string().describe("Elapsed time in hours and less: PT49H30M, -PT1H."),
        seconds: z.int().describe("The same in seconds."),
      })
      .describe("What a stopwatch shows."),
    calendar: z
      .object({
        years: z.int(),
        months: z.int(),
        days: z.int(),
        hours: z.int(),
        minutes: z.int(),
        seconds: z.int(),
      })
      .describe("What a calendar in timezone shows: whole years, then months, then days, then the rest."),
    days: z.int().describe("Days from start's date to end's date in timezone, whatever the times of day."),
    business_days: z.int().describe("Mondays to Fridays, as the note says; negative when end is earlier."),
    business_days_note: z.string().describe("Which end dates count, and that public holidays are not known."),
  }),
  async run({ start, end, timezone, disambiguation, end_disambiguation }, context: Time) {
    const named = await requireZone(context, timezone);
    const parse = (name: string, text: string) => parseTime(text, { name, days: true, instead: COUNT_INSTEAD });
    const from = resolveWritten(named, parse("start", start), { disambiguation });
    const to = resolveWritten(named, parse("end", end), {
      disambiguation: end_disambiguation ?? disambiguation,
      argument: "end_disambiguation",
    });
    const [first, last] = [dayNumber(wallAt(named, from)), dayNumber(wallAt(named, to))];
    // Where clocks went back past midnight, the later time has the earlier date.
    const isAgainstClock = (last - first) * (to - from) < 0;
    return {
      exact: { iso8601: formatSeconds(to - from), seconds: to - from },
      calendar: calendarDifference(named, from, to),
      days: isAgainstClock ? 0 : last - first,
      business_days: isAgainstClock ? 0 : businessDaysBetween(named.zone, first, last),
      business_days_note: to < from ? COUNTED_BACK : COUNTED,
    };
  },
  render: ({ exact, calendar, days, business_days, business_days_note }) => {
    const units = Object.entries(calendar).filter(([, count]) => count !== 0);
    const counted =
      units.map(([unit, count]) => `${count} ${Math.abs(count) === 1 ? unit.slice(0, -1) : unit}`).join(", ") ||
      "0 seconds";
    return `${exact.iso8601} (${exact.seconds} seconds)\nCalendar: ${counted}. Days by date: ${days}.\nBusiness days: ${business_days}. ${business_days_note}`;
  },
});
