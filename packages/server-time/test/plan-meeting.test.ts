import { describe, expect, test } from "vitest";
import { formatInstant } from "../src/calendar/instant.ts";
import { meetingSlots } from "../src/calendar/meeting.ts";
import { useServer } from "./use-server.ts";
import { at, zone } from "./zones.ts";

const server = useServer();
const plan = async (zones: string, duration: string) => {
  const { messages } = await server.client().getPrompt({ name: "plan_meeting", arguments: { zones, duration } });
  const content = messages[0]?.content;
  return content?.type === "text" ? content.text : "";
};

test("tells the hours that all share, in everyone's time", async () => {
  const text = await plan("Europe/Berlin, America/New_York", "1h");
  expect(text).toContain("meeting of 60 minutes");
  expect(text).toContain("- Europe/Berlin: Friday 2026-11-20 14:00 (UTC+01:00)");
  expect(text).toContain(
    "- start from Europe/Berlin Monday 2026-11-23 15:00, America/New_York Monday 2026-11-23 09:00\n" +
      "  to Europe/Berlin Monday 2026-11-23 16:00, America/New_York Monday 2026-11-23 10:00",
  );
  expect(text.match(/- start from/g)).toHaveLength(5);
});

test("where none is shared, the least bad", async () => {
  const text = await plan("Europe/Berlin, America/Los_Angeles, Asia/Tokyo", "PT45M");
  expect(text).toContain("No time of the next five business days");
  expect(text).toMatch(/- Europe\/Berlin \w+ 2026-11-2\d \d\d:\d\d, America\/Los_Angeles .*, Asia\/Tokyo /);
});

describe("slots", () => {
  const now = at("2026-11-20T13:00:00Z");

  test("a meeting ends by 17:00, and one of a whole day fits exactly", () => {
    const berlin = zone("Europe/Berlin");
    const { good } = meetingSlots([berlin], now, 8 * 3600);
    expect(good.map(({ first, last }) => [formatInstant(berlin, first), first === last])).toEqual([
      ["2026-11-23T09:00:00+01:00", true],
      ["2026-11-24T09:00:00+01:00", true],
      ["2026-11-25T09:00:00+01:00", true],
      ["2026-11-26T09:00:00+01:00", true],
      ["2026-11-27T09:00:00+01:00", true],
    ]);
  });

  test("nobody's Saturday is a business day", () => {
    const [honolulu, auckland] = [zone("Pacific/Honolulu"), zone("Pacific/Auckland")];
    const { good } = meetingSlots([honolulu, auckland], now, 1800);
    expect(good.map(({ first }) => formatInstant(auckland, first).slice(0, 10))).not.toContain("2026-11-28");
    expect(good.length).toBeGreaterThan(0);
  });

  test("the least bad is fair: two hours early for one, late for the other", () => {
    const zones = [zone("Europe/London"), zone("Australia/Sydney")] as const;
    const { good, leastBad } = meetingSlots(zones, now, 3600);
    expect(good).toEqual([]);
    expect(leastBad.map((start) => formatInstant(zones[0], start).slice(11, 16))).toEqual(Array(5).fill("07:00"));
  });
});

test.each([
  ["Europe/Berlin, Nope", "1h", 'unknown time zone "Nope"'],
  ["", "1h", "name at least one time zone"],
  [" , ,", "1h", "name at least one time zone"],
  ["UTC,".repeat(20), "1h", "at most 10"],
  ["UTC", "9h", "1 minute to 8 hours"],
  ["UTC", "0m", "1 minute to 8 hours"],
  ["UTC", "PT1S", "from 1 minute to 8 hours"],
  ["UTC", "PT59S", "from 1 minute to 8 hours"],
  ["UTC", "P1D", "1 minute to 8 hours"],
  ["UTC", "soon", "ISO 8601"],
  ["UTC", "h", "ISO 8601"],
])("%s for %s is refused", async (zones, duration, why) => {
  await expect(plan(zones, duration)).rejects.toThrow(why);
});

test("empty parts of the list are passed over, and a minute is long enough", async () => {
  const text = await plan("Europe/Berlin,, America/New_York,", "PT1M");
  expect(text).toContain("- America/New_York: Friday 2026-11-20 08:00");
  expect(text.match(/^- .*\(UTC/gm)).toHaveLength(2);
});

test("the last zone of a list completes", async () => {
  const complete = async (value: string) => {
    const argument = { name: "zones", value };
    const ref = { type: "ref/prompt", name: "plan_meeting" } as const;
    return (await server.client().complete({ ref, argument })).completion.values;
  };
  expect(await complete("europe/berlin, america/new")).toEqual(["europe/berlin, America/New_York"]);
  expect(await complete("Asia/Tok")).toEqual(["Asia/Tokyo"]);
  expect(await complete(",".repeat(100_000))).toEqual([]);
});
