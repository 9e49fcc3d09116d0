import { defineTool, READ_ONLY } from "@org/server-kit";
import * as z from "zod";
import { dateOf } from "../calendar/civil.ts";
import { resolveWall, wallAt } from "../calendar/instant.ts";
import { parseLocalTime } from "../calendar/parse.ts";
import type { Time } from "../context.ts";
import { requireZone } from "../places/resolve-zone.ts";
import { offsetAt } from "../zone/zone.ts";
import { disambiguationInput, Moment, momentOf, momentText, now, zoneInput } from "./moment.ts";

export const convertTime = defineTool({
  name: "convert_time",
  title: "Convert a time",
  description:
    "Returns what clocks in a target time zone show when those in a source zone show a given time, today or on a " +
    "given date. Use add_time to move a time, time_between to compare two.",
  annotations: READ_ONLY,
  input: z.strictObject({
    time: z
      .string()
      .describe(
        "Local time in source_timezone: HH:MM[:SS] in 24 hours for today there, or YYYY-MM-DDTHH:MM[:SS], 1900 to 2100.",
      ),
    source_timezone: zoneInput("Zone of time"),
    target_timezone: zoneInput("Zone to convert to"),
    disambiguation: disambiguationInput,
  }),
  output: z.object({
    source: Moment,
    target: Moment,
    time_difference: z.string().describe("Target minus source offset at that instant, in hours: +9.0h, -2.5h, +5.75h."),
  }),
  async run({ time, source_timezone, target_timezone, disambiguation }, context: Time) {
    const source = await requireZone(context, source_timezone);
    const target = await requireZone(context, target_timezone);
    const wall = parseLocalTime(time, dateOf(wallAt(source, now())));
    const instant = resolveWall(source, wall, disambiguation);
    const seconds = offsetAt(target.zone, instant) - offsetAt(source.zone, instant);
    return {
      source: momentOf(source, instant),
      target: momentOf(target, instant),
      time_difference: formatHours(seconds),
    };
  },
  render: ({ source, target, time_difference }) =>
    `${momentText(source)} is ${momentText(target)}\nTime difference: ${time_difference}`,
});

/** One decimal at least, two at most: quarters of an hour are exact. */
function formatHours(seconds: number): string {
  const hours = (Math.abs(seconds) / 3600).toFixed(2).replace(/0$/, "");
  return `${seconds < 0 ? "-" : "+"}${hours}h`;
}
