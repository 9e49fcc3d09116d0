import { defineTool, READ_ONLY } from "@org/server-kit";
import * as z from "zod";
import type { Time } from "../context.ts";
import { requireZone } from "../places/resolve-zone.ts";
import { zoneFacts } from "../zone-facts.ts";
import { now, zoneInput } from "./moment.ts";

const Change = z
  .object({
    at: z.string().describe("When, with the new offset."),
    from: z.string().describe("Offset before."),
    to: z.string().describe("Offset after."),
  })
  .nullable();

export const getTimezone = defineTool({
  name: "get_timezone",
  title: "Get a time zone's rules",
  description:
    "Returns a time zone's offset, whether it observes daylight saving time, its last and next clock change, " +
    "its aliases and countries. Use find_timezones when the name is not known.",
  annotations: READ_ONLY,
  input: z.strictObject({ timezone: zoneInput("Zone") }),
  output: z.object({
    timezone: z.string().describe("The zone's name as given, in its proper case."),
    canonical: z.string().describe("The IANA name that an alias stands for."),
    utc_offset: z.string().describe("Offset from UTC now."),
    abbreviation: z.string().describe("What its time is called now: CET, EST, +0545."),
    is_dst: z.boolean().describe("Whether they are ahead of standard time now."),
    observes_dst: z.boolean().describe("Whether they will be at any time in the next 12 months."),
    previous_change: Change.describe("The last change of the offset; null if none is known."),
    next_change: Change.describe("The next change of the offset; null if none is known."),
    aliases: z.array(z.string()).describe("Other IANA names of the canonical zone."),
    countries: z.array(z.string()).describe("Countries that use it, in English."),
    tzdata: z.string().describe("Release of the IANA data: 2026f."),
  }),
  async run({ timezone }, time: Time) {
    return zoneFacts(await requireZone(time, timezone), now(), time);
  },
  render: (zone) => {
    const change = (found: z.output<typeof Change>) =>
      found ? `${found.at} (${found.from} to ${found.to})` : "none known";
    const name = zone.timezone === zone.canonical ? zone.timezone : `${zone.timezone} (alias of ${zone.canonical})`;
    return [
      `${name}: ${zone.abbreviation}, UTC${zone.utc_offset}, DST now: ${yes(zone.is_dst)}, within a year: ${yes(zone.observes_dst)}`,
      `Last change: ${change(zone.previous_change)}. Next: ${change(zone.next_change)}.`,
      `Countries: ${zone.countries.join(", ") || "none"}. Aliases: ${zone.aliases.join(", ") || "none"}. tzdata ${zone.tzdata}`,
    ].join("\n");
  },
});

const yes = (value: boolean) => (value ? "yes" : "no");
