import * as z from "zod";
import { dayOfWeek } from "../calendar/civil.ts";
import { formatInstant, wallAt } from "../calendar/instant.ts";
import type { NamedZone } from "../zone/catalog.ts";
import { isDst } from "../zone/dst.ts";

/** An instant as the clocks of a zone show it. */
export const Moment = z.object({
  timezone: z.string().describe("The zone's name."),
  datetime: z.string().describe("Local date and time with the offset from UTC: 2026-11-20T18:45:00+05:45."),
  day_of_week: z.string().describe("In English."),
  is_dst: z.boolean().describe("Whether the clocks are ahead of the zone's standard time."),
});

/** @param instant Unix seconds */
export const momentOf = (named: NamedZone, instant: number): z.output<typeof Moment> => ({
  timezone: named.name,
  datetime: formatInstant(named, instant),
  day_of_week: dayOfWeek(wallAt(named, instant)),
  is_dst: isDst(named.zone, instant),
});

/** `2026-11-20T18:45:00+05:45 Asia/Kathmandu (Friday, DST)` */
export const momentText = ({ timezone, datetime, day_of_week, is_dst }: z.output<typeof Moment>): string =>
  `${datetime} ${timezone} (${day_of_week}${is_dst ? ", DST" : ""})`;

const YEARS = "Years 1900 to 2100";

const ZONE = "IANA name or alias in any case (Europe/Berlin) or Windows name (W. Europe Standard Time)";

export const zoneInput = (role: string, more = "") => z.string().min(1).describe(`${role}: ${ZONE}.${more}`);

/** A time as text. A number is accepted as well, as Unix time. */
export const timeInput = (description: string) =>
  z
    .preprocess((value) => (typeof value === "number" ? String(value) : value), z.string())
    .describe(`${description} ${YEARS}.`);

const CHOICE = z.enum(["earlier", "later"]).optional();

export const disambiguationInput = CHOICE.describe(
  "Which reading to take of a local time that occurs twice or never when clocks change. Default: such a time is refused.",
);

export const endDisambiguationInput = CHOICE.describe("The same for end alone. Default: disambiguation.");

/** What a model should do instead of writing "next Friday". */
export const COUNT_INSTEAD =
  "get_current_time gives today's date and weekday, add_time counts days, weeks and business days from it.";

/** Whole Unix seconds. */
export const now = (): number => Math.floor(Date.now() / 1000);
