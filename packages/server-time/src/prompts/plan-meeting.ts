import { definePrompt, quote, ToolError } from "@org/server-kit";
import * as z from "zod";
import { dayOfWeek, formatOffset, formatWall } from "../calendar/civil.ts";
import { parseDuration } from "../calendar/duration.ts";
import { wallAt } from "../calendar/instant.ts";
import { meetingSlots } from "../calendar/meeting.ts";
import type { Time } from "../context.ts";
import { requireZone } from "../places/resolve-zone.ts";
import { zoneNames } from "../resources/zones.ts";
import { now } from "../tools/moment.ts";
import type { NamedZone } from "../zone/catalog.ts";
import { offsetAt } from "../zone/zone.ts";

const MOST_ZONES = 10;
const LONGEST_TYPED = 500;
const SHORTEST_MEETING = 60;
const LONGEST_MEETING = 8 * 3600;

export const planMeeting = definePrompt({
  name: "plan_meeting",
  title: "Plan a meeting",
  description:
    "Proposes times for a meeting of people in several time zones, from slots computed for the next five business days.",
  args: z.strictObject({
    zones: z.string().describe("Time zones, separated by commas: Europe/Berlin, America/New_York."),
    duration: z.string().describe("Length: 45m, 1h, 1h30m or ISO 8601 (PT45M)."),
  }),
  complete: {
    async zones(typed, time: Time) {
      // Each of up to a hundred answers repeats what was typed.
      if (typed.length > LONGEST_TYPED) return [];
      const done = typed.slice(0, typed.lastIndexOf(",") + 1);
      const rest = typed.slice(done.length);
      const space = /^ */.exec(rest)?.[0] ?? "";
      return (await zoneNames(rest.trim(), time)).map((name) => done + space + name);
    },
    duration: (typed) => ["30m", "45m", "1h", "1h30m"].filter((text) => text.startsWith(typed)),
  },
  async run({ zones, duration }, time: Time) {
    const length = meetingLength(duration);
    const names = zones.split(",").flatMap((name) => name.trim() || []);
    if (names.length > MOST_ZONES) {
      throw new ToolError("invalid_input", `zones: at most ${MOST_ZONES} can be compared.`);
    }
    const [first, ...others] = await Promise.all(names.map((name) => requireZone(time, name)));
    if (!first) throw new ToolError("invalid_input", "zones: name at least one time zone.");
    return promptText([first, ...others], length, now());
  },
});

function meetingLength(text: string): number {
  const short = /^(?=\d)(?:(\d{1,2})h)?(?:(\d{1,3})m)?$/.exec(text.trim());
  const seconds = short ? Number(short[1] ?? 0) * 3600 + Number(short[2] ?? 0) * 60 : isoLength(text.trim());
  if (seconds >= SHORTEST_MEETING && seconds <= LONGEST_MEETING) return seconds;
  throw new ToolError(
    "invalid_input",
    `duration ${quote(text)}: a meeting lasts from 1 minute to 8 hours. Write 45m, 1h30m or PT45M.`,
  );
}

function isoLength(text: string): number {
  const { months, days, seconds } = parseDuration(text);
  return months === 0 && days === 0 ? seconds : 0;
}

function promptText(zones: readonly [NamedZone, ...NamedZone[]], length: number, instant: number): string {
  const { good, leastBad } = meetingSlots(zones, instant, length);
  const minutes = Math.round(length / 60);
  const local = (at: number) => zones.map((zone) => `${zone.name} ${clock(zone, at)}`).join(", ");
  const windows = good.map(({ first, last }) =>
    first === last ? `- start ${local(first)}` : `- start from ${local(first)}\n  to ${local(last)}`,
  );
  const facts = good.length
    ? ["Everyone is within 09:00-17:00, Monday to Friday, at these times of the next five business days:", ...windows]
    : [
        "No time of the next five business days is within 09:00-17:00, Monday to Friday, for everyone. The least bad starts:",
        ...leastBad.map((start) => `- ${local(start)}`),
      ];
  return [
    `Help me to plan a meeting of ${minutes} minutes.`,
    "Now it is:",
    ...zones.map(
      (zone) => `- ${zone.name}: ${clock(zone, instant)} (UTC${formatOffset(offsetAt(zone.zone, instant))})`,
    ),
    ...facts,
    "Propose two or three times. Give each in every participant's local time with the weekday, and name who has to " +
      "get up early or stay late. These times are computed; check any other with convert_time. Holidays are not known.",
  ].join("\n");
}

/** `Monday 2026-11-23 15:30` */
function clock(zone: NamedZone, instant: number): string {
  const wall = wallAt(zone, instant);
  return `${dayOfWeek(wall)} ${formatWall(wall).slice(0, 16).replace("T", " ")}`;
}
