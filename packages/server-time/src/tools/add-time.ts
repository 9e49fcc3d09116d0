import { defineTool, READ_ONLY, ToolError } from "@org/server-kit";
import * as z from "zod";
import { addBusinessDaysTo, addDuration } from "../calendar/add.ts";
import { parseDuration } from "../calendar/duration.ts";
import { resolveWritten } from "../calendar/instant.ts";
import { parseDateTime } from "../calendar/parse.ts";
import type { Time } from "../context.ts";
import { requireZone } from "../places/resolve-zone.ts";
import { disambiguationInput, Moment, momentOf, momentText, zoneInput } from "./moment.ts";

export const addTime = defineTool({
  name: "add_time",
  title: "Add to a time",
  description:
    "Returns the date and time a duration or a number of business days after (or before) a start. Years to days keep " +
    "the local time of day, hours and shorter are exact, across changes of the clocks. Use time_between for the way back.",
  annotations: READ_ONLY,
  input: z.strictObject({
    start: z
      .string()
      .describe(
        "YYYY-MM-DDTHH:MM[:SS], local to timezone or with an offset (2026-03-08T09:30Z, …-05:00), 1900 to 2100.",
      ),
    timezone: zoneInput("Zone to count in"),
    duration: z
      .string()
      .optional()
      .describe("ISO 8601: P1DT2H, PT90M, -P1M. Ends of months clamp. This or business_days, not both."),
    business_days: z
      .int()
      .optional()
      .describe("Days from Monday to Friday to move by; negative goes back. Public holidays are not known."),
    disambiguation: disambiguationInput,
  }),
  output: z.object({ start: Moment, result: Moment }),
  async run({ start, timezone, duration, business_days, disambiguation }, context: Time) {
    const named = await requireZone(context, timezone);
    const from = resolveWritten(named, parseDateTime("start", start), disambiguation);
    let result: number;
    if (duration !== undefined && business_days === undefined) {
      result = addDuration(named, from, parseDuration(duration), disambiguation);
    } else if (business_days !== undefined && duration === undefined) {
      result = addBusinessDaysTo(named, from, business_days, disambiguation);
    } else {
      throw new ToolError("invalid_input", "pass exactly one of duration and business_days.");
    }
    return { start: momentOf(named, from), result: momentOf(named, result) };
  },
  render: ({ start, result }) => `${momentText(result)}\nStart: ${momentText(start)}`,
});
