import { defineTool, READ_ONLY, ToolError } from "@org/server-kit";
import * as z from "zod";
import { addBusinessDaysTo, addDuration } from "../calendar/add.ts";
import { parseDuration } from "../calendar/duration.ts";
import { resolveWritten } from "../calendar/instant.ts";
import { parseTime } from "../calendar/parse.ts";
import type { Time } from "../context.ts";
import { requireZone } from "../places/resolve-zone.ts";
import { COUNT_INSTEAD, disambiguationInput, Moment, momentOf, momentText, timeInput, zoneInput } from "./moment.ts";

const NO_HOLIDAYS = "Mondays to Fridays were counted; public holidays are not known.";

export const addTime = defineTool({
  name: "add_time",
  title: "Add to a time",
  description:
    "Returns the date and time that lies a duration or a number of business days after (or before) a start. Years to days keep " +
    "the local time of day, hours and shorter are exact, across clock changes. Use time_between to measure a duration.",
  annotations: READ_ONLY,
  input: z.strictObject({
    start: timeInput(
      "YYYY-MM-DDTHH:MM[:SS], local to timezone or with an offset (2026-03-08T09:30Z, …-05:00); a date alone for the start of " +
        "that day; Unix seconds or milliseconds.",
    ),
    timezone: zoneInput("Zone to count in"),
    duration: z
      .string()
      .min(1)
      .optional()
      .describe(
        "ISO 8601: P1DT2H, PT90M, -P1M. Past a month's end, its last day counts. Pass this or business_days, not both.",
      ),
    business_days: z
      .int()
      .optional()
      .describe("Days from Monday to Friday to move by; negative goes back. Public holidays are not known."),
    disambiguation: disambiguationInput,
  }),
  output: z.object({
    start: Moment,
    result: Moment,
    note: z.string().optional().describe("With business_days: what was not counted."),
  }),
  async run({ start, timezone, duration, business_days, disambiguation }, context: Time) {
    const named = await requireZone(context, timezone);
    const choice = { disambiguation };
    const written = parseTime(start, { name: "start", days: true, instead: COUNT_INSTEAD });
    const from = resolveWritten(named, written, choice);
    if (duration !== undefined && business_days === undefined) {
      const result = addDuration(named, from, parseDuration(duration), choice);
      return { start: momentOf(named, from), result: momentOf(named, result) };
    }
    if (business_days !== undefined && duration === undefined) {
      const result = addBusinessDaysTo(named, from, business_days, choice);
      return { start: momentOf(named, from), result: momentOf(named, result), note: NO_HOLIDAYS };
    }
    throw new ToolError("invalid_input", "pass exactly one of duration and business_days.");
  },
  render: ({ start, result, note }) =>
    [momentText(result), `Start: ${momentText(start)}`, ...(note === undefined ? [] : [note])].join("\n"),
});
