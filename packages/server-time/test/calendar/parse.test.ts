import fc from "fast-check";
import { expect, test } from "vitest";
import { formatWall, isoWeek } from "../../src/calendar/civil.ts";
import { parseTime } from "../../src/calendar/parse.ts";
import { wall } from "../zones.ts";

const today = { year: 2026, month: 11, day: 20 };
const instead = "Count instead.";
const parse = (text: string) => parseTime(text, { name: "start", days: true, instead });
const parseOfToday = (text: string) => parseTime(text, { name: "time", today, instead });
const at = (text: string) => Date.parse(text) / 1000;

test.each([
  ["09:30", "2026-11-20T09:30:00"],
  ["23:59:59", "2026-11-20T23:59:59"],
  ["00:00", "2026-11-20T00:00:00"],
  ["2026-03-08T09:30", "2026-03-08T09:30:00"],
  ["2026-03-08 09:30", "2026-03-08T09:30:00"],
  ["2026-03-08T09:30:00.000", "2026-03-08T09:30:00"],
  ["2028-02-29T00:00:01", "2028-02-29T00:00:01"],
  ["1900-01-01T00:00", "1900-01-01T00:00:00"],
  ["2100-12-31T23:59:59", "2100-12-31T23:59:59"],
])("%s is a local time", (text, expected) => {
  expect(parseOfToday(text)).toEqual({ kind: "reading", wall: wall(expected) });
});

test.each([
  ["2026-11-20T18:45Z", "2026-11-20T18:45:00Z"],
  ["2026-11-20t18:45z", "2026-11-20T18:45:00Z"],
  ["2026-11-20T18:45:00.000Z", "2026-11-20T18:45:00Z"],
  ["2026-11-20T18:45:00+05:45", "2026-11-20T13:00:00Z"],
  ["2026-11-20T18:45+0545", "2026-11-20T13:00:00Z"],
  ["2026-11-20T18:45:00-00:44:30", "2026-11-20T19:29:30Z"],
  ["1772980200", "2026-03-08T14:30:00Z"],
  ["1772980200000", "2026-03-08T14:30:00Z"],
  ["1772980200999", "2026-03-08T14:30:00Z"],
  ["-1772980200", "1913-10-26T09:30:00Z"],
  ["-1772980200000", "1913-10-26T09:30:00Z"],
  ["999999999", "2001-09-09T01:46:39Z"],
  ["99999999999", "1973-03-03T09:46:39Z"],
])("%s is an instant", (text, expected) => {
  for (const parsed of [parse(text), parseOfToday(text)]) {
    expect(parsed).toEqual({ kind: "instant", instant: at(expected) });
  }
});

test("a date alone is a day where that is accepted", () => {
  expect(parse("2028-02-29")).toEqual({ kind: "day", wall: wall("2028-02-29T00:00:00") });
  expect(() => parseOfToday("2028-02-29")).toThrow('time "2028-02-29" has no time of day.');
  expect(() => parse("2027-02-29")).toThrow("2027-02 has 28 days");
  expect(() => parse("09:30")).toThrow("is not a date and time");
});

test.each([
  ["24:00", "midnight is 00:00 of the next day"],
  ["2026-01-01T24:00:00", "midnight is 00:00 of the next day"],
  ["12:60", "minutes go from 00 to 59"],
  ["12:00:60", "leap seconds are not counted"],
  ["12:00:00.5", "fractions of a second are not supported"],
  ["2026-02-30T10:00", "2026-02 has 28 days"],
  ["2100-02-29T10:00", "2100-02 has 28 days"],
  ["2026-13-01T10:00", "months go from 01 to 12"],
  ["2026-00-01T10:00", "months go from 01 to 12"],
  ["2026-04-00T10:00", "2026-04 has 30 days"],
  ["2026-11-20T18:45+24:00", "hours go from 00 to 23"],
  ["2026-11-20T18:45+05:60", "minutes go from 00 to 59"],
  ["1899-12-31T23:59", "outside the years 1900 to 2100"],
  ["2101-01-01T00:00", "outside the years 1900 to 2100"],
  ["0000-01-01T00:00", "outside the years 1900 to 2100"],
])("%j is refused: %s", (text, why) => {
  expect(() => parseOfToday(text)).toThrow(why);
});

test.each([
  "9am",
  "9:30",
  "T09:00",
  "09:30Z",
  " 09:30",
  "09:30 ",
  "09:30\n",
  "٠٩:٣٠",
  "０９:３０",
  "",
  "09",
  "-09:30",
  "2026",
  "20261120",
  "17729802000000",
  "2026-11-20T18:45+05",
  "2026-11-20T09:30[UTC]",
  "x".repeat(1e6),
])("%.30j is not a time, and the message has the right forms", (text) => {
  for (const read of [parse, parseOfToday]) {
    expect(() => read(text)).toThrow(/is not a date and time\..* Write .*YYYY-MM-DDTHH:MM\[:SS\].*Unix seconds/);
  }
});

test.each(["now", "next Friday", "tomorrow at 9", "in two weeks", "nächsten Freitag", "来週の金曜日"])(
  "%j is words, and the message says what to do instead",
  (text) => {
    for (const read of [parse, parseOfToday])
      expect(() => read(text)).toThrow("Words are not understood: Count instead.");
  },
);

test("written text is read back the same", () => {
  const seconds = fc.integer({ min: wall("1900-01-01T00:00:00"), max: wall("2100-12-31T23:59:59") });
  fc.assert(
    fc.property(seconds, (reading) => {
      expect(parse(formatWall(reading))).toEqual({ kind: "reading", wall: reading });
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
