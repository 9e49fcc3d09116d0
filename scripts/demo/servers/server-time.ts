import type { Client } from "@modelcontextprotocol/client";
import { asking, type Demo, has } from "../play.ts";
import type { Answer } from "../report.ts";

const GAP = { time: "2026-03-08T02:30", source_timezone: "America/New_York", target_timezone: "Europe/Berlin" };

const kathmandu = asking(
  "What time is it in Kathmandu?",
  "get_current_time",
  { timezone: "Asia/Kathmandu" },
  "this machine's clock plus 5 hours 45 minutes, which is Nepal's time",
  ({ value }) => isNow(value, "+05:45"),
);

export const demo: Demo = {
  stdio: {
    "2026-07-28": [
      kathmandu,
      asking(
        "And in Vancouver?",
        "get_current_time",
        { timezone: "America/Vancouver" },
        "British Columbia has kept UTC-7 all year since 8 March 2026",
        ({ value }) => isNow(value, "-07:00"),
      ),
      asking(
        "New York's clocks show 02:30 on 8 March 2026. What do Berlin's show?",
        "convert_time",
        GAP,
        "that time does not exist: the clocks went from 02:00 to 03:00. It is refused, with both readings",
        ({ failed, text }) => failed && /01:30:00-05:00.*03:30:00-04:00/.test(text),
      ),
      asking(
        "Then take the later reading.",
        "convert_time",
        { ...GAP, disambiguation: "later" },
        "03:30 at UTC-4 is 07:30 UTC, 08:30 in Berlin, where summer time has not begun",
        ({ value }) => has(value, { target: { datetime: "2026-03-08T08:30:00+01:00" }, time_difference: "+5.0h" }),
      ),
      asking(
        "What is a month after 31 January 2026, 09:00 in Berlin?",
        "add_time",
        { start: "2026-01-31T09:00", timezone: "Europe/Berlin", duration: "P1M" },
        "February 2026 ends with the 28th, a Saturday",
        ({ value }) => has(value, { result: { datetime: "2026-02-28T09:00:00+01:00", day_of_week: "Saturday" } }),
      ),
      asking(
        "How long is it from noon on 7 March to noon on 8 March 2026 in New York?",
        "time_between",
        { start: "2026-03-07T12:00", end: "2026-03-08T12:00", timezone: "America/New_York" },
        "a day on the calendar, and 23 hours on a stopwatch: one is skipped that night",
        ({ value }) => has(value, { exact: { seconds: 23 * 3600 }, calendar: { days: 1, hours: 0 } }),
      ),
      asking(
        "Which zone is IST?",
        "find_timezones",
        { query: "IST" },
        "India, Ireland and Israel all call their time so",
        ({ value, text }) =>
          has(value, { total: 3 }) &&
          ["Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"].every((zone) => text.includes(zone)),
      ),
      asking(
        "When do Vancouver's clocks change next?",
        "get_timezone",
        { timezone: "America/Vancouver" },
        "never again, after 8 March 2026",
        ({ value }) =>
          has(value, {
            observes_dst: false,
            previous_change: { at: "2026-03-08T03:00:00-07:00", from: "-08:00", to: "-07:00" },
            next_change: null,
          }),
      ),
      asking(
        "What time is it in America/San_Francisco?",
        "get_current_time",
        { timezone: "America/San_Francisco" },
        "there is no such zone; the city's zone is America/Los_Angeles",
        ({ failed, text }) => failed && text.includes("Did you mean America/Los_Angeles"),
      ),
    ],
    "2025-11-25": [
      kathmandu,
      {
        asks: "The prompt plan_meeting: an hour for Berlin and New York.",
        fact: "when it is 09:00 in New York, Berlin has time for an hour before 17:00, in summer and winter",
        ask: askPlan,
      },
      {
        asks: "The resource time://zones/Asia/Tokyo.",
        fact: "Japan is at UTC+9 and does not change its clocks",
        ask: askZone,
      },
      {
        asks: "Which zones begin with europe/ber?",
        fact: "one does: Europe/Berlin",
        ask: askCompletion,
      },
    ],
  },
  http: kathmandu,
};

/** Compares with this machine's clock, which needs no zone data. */
function isNow(value: unknown, offset: string): boolean {
  if (typeof value !== "object" || value === null || !("datetime" in value)) return false;
  const datetime = String(value.datetime);
  return datetime.endsWith(offset) && Math.abs(Date.parse(datetime) - Date.now()) < 5000;
}

async function askPlan(client: Client): Promise<Answer> {
  const { messages } = await client.getPrompt({
    name: "plan_meeting",
    arguments: { zones: "Europe/Berlin, America/New_York", duration: "1h" },
  });
  const says = messages.map(({ content }) => (content.type === "text" ? content.text : "")).join("\n");
  const shown = says.split("\n").slice(0, 7).join("\n");
  return {
    says: `${shown}\n…`,
    right: /start from Europe\/Berlin .* America\/New_York \w+day [\d-]+ 09:00/.test(says),
  };
}

async function askZone(client: Client): Promise<Answer> {
  const { contents } = await client.readResource({ uri: "time://zones/Asia/Tokyo" });
  const [content] = contents;
  const says = content && "text" in content ? content.text : "no text";
  return { says, right: has(JSON.parse(says), { utc_offset: "+09:00", observes_dst: false, next_change: null }) };
}

async function askCompletion(client: Client): Promise<Answer> {
  const { completion } = await client.complete({
    ref: { type: "ref/resource", uri: "time://zones/{+zone}" },
    argument: { name: "zone", value: "europe/ber" },
  });
  return { says: completion.values.join(", "), right: completion.values.join() === "Europe/Berlin" };
}
