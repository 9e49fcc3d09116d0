import { defineTool, READ_ONLY } from "@org/server-kit";
import * as z from "zod";
import { formatOffset, isoWeek } from "../calendar/civil.ts";
import { wallAt } from "../calendar/instant.ts";
import type { Time } from "../context.ts";
import { requireZone } from "../places/resolve-zone.ts";
import { segmentAt } from "../zone/zone.ts";
import { Moment, momentOf, momentText, now, zoneInput } from "./moment.ts";

export const getCurrentTime = defineTool({
  name: "get_current_time",
  title: "Get the current time",
  description:
    "Returns the current date, time, weekday, ISO week and UTC offset in a time zone, or in the user's own. " +
    "Use convert_time for another time of day, get_timezone for a zone's rules.",
  annotations: READ_ONLY,
  input: z.strictObject({
    timezone: zoneInput("Zone to show the time in", " Default: the user's own.").optional(),
  }),
  output: Moment.extend({
    utc_offset: z.string().describe("Offset from UTC: +05:45."),
    abbreviation: z.string().describe("What its time is called now: CET, EST, +0545."),
    unix_seconds: z.int().describe("Seconds since 1970-01-01T00:00:00Z."),
    iso_week: z.string().describe("ISO 8601 week: 2026-W47."),
    tzdata: z.string().describe("Release of the IANA data: 2026f."),
  }),
  async run({ timezone }, time: Time) {
    const named = timezone === undefined ? await time.localZone() : await requireZone(time, timezone);
    const instant = now();
    const { offset, abbreviation } = segmentAt(named.zone, instant);
    return {
      ...momentOf(named, instant),
      utc_offset: formatOffset(offset),
      abbreviation,
      unix_seconds: instant,
      iso_week: isoWeek(wallAt(named, instant)),
      tzdata: (await time.zones()).version,
    };
  },
  render: (value) =>
    `${momentText(value)}\n${value.abbreviation}, UTC${value.utc_offset}, week ${value.iso_week}, ` +
    `unix ${value.unix_seconds}, tzdata ${value.tzdata}`,
});
