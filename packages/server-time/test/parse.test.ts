import fc from "fast-check";
import { expect, test } from "vitest";
import { formatWall, isoWeek } from "../src/calendar/civil.ts";
import { parseDateTime, parseLocalTime } from "../src/calendar/parse.ts";
import { wall } from "./zones.ts";

const today = { year: 2026, month: 11, day: 20 };

test.each([
  ["09:30", "2026-11-20T09:30:00"],
  ["23:59:59", "2026-11-20T23:59:59"],
  ["00:00", "2026-11-20T00:00:00"],
  ["2026-03-08T09:30", "2026-03-08T09:30:00"],
  ["2028-02-29T00:00:01", "2028-02-29T00:00:01"],
  ["1900-01-01T00:00", "1900-01-01T00:00:00"],
  ["2100-12-31T23:59:59", "2100-12-31T23:59:59"],
])("%s is a local time", (text, expected) => {
  expect(formatWall(parseLocalTime(text, today))).toBe(expected);
});

test.each([
  ["24:00", "midnight is 00:00 of the next day"],
  ["2026-01-01T24:00:00", "midnight is 00:00 of the next day"],
  ["12:60", "minutes go from 00 to 59"],
  ["12:00:60", "leap seconds are not counted"],
  ["2026-02-30T10:00", "2026-02 has 28 days"],
  ["2100-02-29T10:00", "2100-02 has 28 days"],
  ["2026-13-01T10:00", "months go from 01 to 12"],
  ["2026-00-01T10:00", "months go from 01 to 12"],
  ["2026-04-00T10:00", "2026-04 has 30 days"],
  ["1899-12-31T23:59", "outside the years 1900 to 2100"],
  ["2101-01-01T00:00", "outside the years 1900 to 2100"],
  ["0000-01-01T00:00", "outside the years 1900 to 2100"],
  ["2026-01-01T09:00Z", "It takes no offset"],
  ["2026-01-01T09:00+01:00", "It takes no offset"],
])("%j is refused: %s", (text, why) => {
  expect(() => parseLocalTime(text, today)).toThrow(why);
});

test.each([
  "9am",
  "9:30",
  "T09:00",
  "09:30Z",
  "09:30.5",
  " 09:30",
  "09:30 ",
  "09:30\n",
  "2026-11-20",
  "2026-11-20 09:30",
  "2026-11-20t09:30",
  "٠٩:٣٠",
  "０９:３０",
  "",
  "now",
  "09",
  "-09:30",
  "2026-11-20T09:30[UTC]",
])("%j is no local time, and the right form is told", (text) => {
  expect(() => parseLocalTime(text, today)).toThrow(/is no local time\..* Write HH:MM\[:SS\]/);
});

test.each([
  ["2026-11-20T18:45", undefined],
  ["2026-11-20T18:45Z", 0],
  ["2026-11-20T18:45:00+05:45", 20700],
  ["2026-11-20T18:45:00-00:44:30", -2670],
])("%s has the offset %s", (text, offset) => {
  expect(parseDateTime("start", text)).toEqual({ wall: wall("2026-11-20T18:45:00"), offset });
});

test.each([
  "09:30",
  "2026-11-20",
  "2026-11-20T18:45z",
  "2026-11-20T18:45+0545",
  "2026-11-20T18:45+05",
  "2026-11-20T18:45:00.000Z",
  "2026-11-20T18:45+24:00",
  "2026-11-20T18:45+05:60",
  "x".repeat(1e6),
])("%.30j is no date and time", (text) => {
  expect(() => parseDateTime("end", text)).toThrow(/is no date and time\. Write|does not exist/);
});

test("what is written is what is read", () => {
  const seconds = fc.integer({ min: wall("1900-01-01T00:00:00"), max: wall("2100-12-31T23:59:59") });
  fc.assert(
    fc.property(seconds, (reading) => {
      expect(parseLocalTime(formatWall(reading), today)).toBe(reading);
    }),
  );
});

test.each([
  ["2026-11-20", "2026-W47"],
  ["2027-01-01", "2026-W53"],
  ["2024-12-30", "2025-W01"],
  ["2021-01-03", "2020-W53"],
  ["1900-01-01", "1900-W01"],
])("%s is in week %s", (date, week) => {
  expect(isoWeek(wall(`${date}T12:00:00`))).toBe(week);
});
