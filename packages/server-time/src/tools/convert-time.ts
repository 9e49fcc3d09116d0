import { defineTool, READ_ONLY, ToolError } from "@org/server-kit";
import * as z from "zod";
import { dateOf } from "../calendar/civil.ts";
import { resolveWritten, wallAt } from "../calendar/instant.ts";
import { parseTime } from "../calendar/parse.ts";
import type { Time } from "../context.ts";
import { requireZone } from "../places/resolve-zone.ts";
import type { NamedZone } from "../zone/catalog.ts";
import { offsetAt } from "../zone/zone.ts";
import {
  COUNT_INSTEAD,
  disambiguationInput,
  Moment,
  momentOf,
  momentText,
  now,
  timeInput,
  zoneInput,
} from "./moment.ts";

const MOST_TARGETS = 20;

const difference = z.string().describe("Target minus source offset at that instant, in hours: +9.0h, -2.5h, +5.75h.");

export const convertTime = defineTool({
  name: "convert_time",
  title: "Convert a time",
  description:
    "Converts a time in one zone to one or more other zones, for today or a given date. Returns each local time with its " +
    "offset and weekday, and the Unix time. Use add_time to move a time, time_between to compare two.",
  annotations: READ_ONLY,
  input: z.strictObject({
    time: timeInput(
      "Local time in source_timezone: HH:MM[:SS] in 24 hours for today there, or YYYY-MM-DDTHH:MM[:SS]. Or an instant: with " +
        "an offset (2026-03-08T14:30Z), or Unix seconds or milliseconds (1772980200).",
    ),
    source_timezone: zoneInput("Zone that time is in"),
    target_timezone: z
      .string()
      .describe(
        `Zone to convert to, as source_timezone; or up to ${MOST_TARGETS}, separated by commas (Asia/Tokyo, Europe/London).`,
      ),
    disambiguation: disambiguationInput,
  }),
  output: z.object({
    source: Moment,
    target: Moment,
    time_difference: difference,
    unix_seconds: z.int().describe("The instant in seconds since 1970-01-01T00:00:00Z."),
    more_targets: z
      .array(Moment.extend({ time_difference: difference }))
      .optional()
      .describe("The second and further targets, in the order asked for."),
  }),
  async run({ time, source_timezone, target_timezone, disambiguation }, context: Time) {
    const source = await requireZone(context, source_timezone);
    const [first, ...others] = await targetsOf(context, target_timezone);
    const today = dateOf(wallAt(source, now()));
    const written = parseTime(time, { name: "time", today, instead: COUNT_INSTEAD });
    const instant = resolveWritten(source, written, { disambiguation });
    const shown = (target: NamedZone) => ({
      target: momentOf(target, instant),
      time_difference: formatHours(offsetAt(target.zone, instant) - offsetAt(source.zone, instant)),
    });
    const more = others.map(shown).map(({ target, time_difference }) => ({ ...target, time_difference }));
    return {
      source: momentOf(source, instant),
      ...shown(first),
      unix_seconds: instant,
      ...(more.length > 0 && { more_targets: more }),
    };
  },
  render: ({ source, target, time_difference, unix_seconds, more_targets }) => {
    const unix = `Unix seconds: ${unix_seconds}`;
    if (!more_targets) {
      return `${momentText(source)} is ${momentText(target)}\nTime difference: ${time_difference}. ${unix}`;
    }
    const lines = [{ ...target, time_difference }, ...more_targets].map(
      (each) => `${momentText(each)}, time difference: ${each.time_difference}`,
    );
    return [`${momentText(source)} is`, ...lines, unix].join("\n");
  },
});

async function targetsOf(context: Time, text: string): Promise<[NamedZone, ...NamedZone[]]> {
  const names = text.split(",").flatMap((name) => name.trim() || []);
  if (names.length > MOST_TARGETS) {
    throw new ToolError("invalid_input", `target_timezone names ${names.length} zones; pass at most ${MOST_TARGETS}.`);
  }
  const [first = text, ...others] = names;
  return [await requireZone(context, first), ...(await Promise.all(others.map((name) => requireZone(context, name))))];
}

/** One or two decimals: quarters of an hour are exact. */
function formatHours(seconds: number): string {
  const hours = (Math.abs(seconds) / 3600).toFixed(2).replace(/0$/, "");
  return `${seconds < 0 ? "-" : "+"}${hours}h`;
}
