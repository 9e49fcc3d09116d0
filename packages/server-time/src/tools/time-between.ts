import { defineTool, READ_ONLY } from "@org/server-kit";
import * as z from "zod";
import { businessDaysBetween } from "../calendar/business-days.ts";
import { dayNumber } from "../calendar/civil.ts";
import { calendarDifference } from "../calendar/difference.ts";
import { formatSeconds } from "../calendar/duration.ts";
import { resolveWritten, wallAt } from "../calendar/instant.ts";
import { parseDateTime } from "../calendar/parse.ts";
import type { Time } from "../context.ts";
import { requireZone } from "../places/resolve-zone.ts";
import { disambiguationInput, zoneInput } from "./moment.ts";

const pointInput = (role: string) =>
  z
    .string()
    .describe(`${role}: YYYY-MM-DDTHH:MM[:SS], local to timezone or with an offset (…Z, …-05:00), 1900 to 2100.`);

export const timeBetween = defineTool({
  name: "time_between",
  title: "Measure the time between",
  description:
    "Returns the time from one date and time to another: exact, in calendar units, and in business days; negative " +
    "when end is earlier. Use add_time to move a time by a duration.",
  annotations: READ_ONLY,
  input: z.strictObject({
    start: pointInput("From"),
    end: pointInput("To"),
    timezone: zoneInput("Zone to count in"),
    disambiguation: disambiguationInput,
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
    business_days: z.int().describe("Mondays to Fridays after start's date up to and with end's date."),
  }),
  async run({ start, end, timezone, disambiguation }, context: Time) {
    const named = await requireZone(context, timezone);
    const from = resolveWritten(named, parseDateTime("start", start), disambiguation);
    const to = resolveWritten(named, parseDateTime("end", end), disambiguation);
    return {
      exact: { iso8601: formatSeconds(to - from), seconds: to - from },
      calendar: calendarDifference(named, from, to),
      business_days: businessDaysBetween(named.zone, dayNumber(wallAt(named, from)), dayNumber(wallAt(named, to))),
    };
  },
  render: ({ exact, calendar, business_days }) => {
    const units = Object.entries(calendar).filter(([, count]) => count !== 0);
    const counted =
      units.map(([unit, count]) => `${count} ${Math.abs(count) === 1 ? unit.slice(0, -1) : unit}`).join(", ") ||
      "0 seconds";
    return `${exact.iso8601} (${exact.seconds} seconds)\nCalendar: ${counted}. Business days: ${business_days}`;
  },
});
