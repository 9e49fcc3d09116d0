import { expect, test } from "vitest";
import { parsePosixRule, ruleSegments } from "../../src/zone/posix-rule.ts";
import { at } from "../zones.ts";

const changes = (rule: string, year: number) =>
  [...ruleSegments(parsePosixRule(rule), year, year)].map(({ start, offset, flagged }) => ({ start, offset, flagged }));

test.each([
  [
    "north of the equator",
    "EST5EDT,M3.2.0,M11.1.0",
    [
      { start: at("2026-03-08T02:00:00-05:00"), offset: -14400, flagged: true },
      { start: at("2026-11-01T02:00:00-04:00"), offset: -18000, flagged: false },
    ],
  ],
  [
    "south of it, the year begins in summer",
    "AEST-10AEDT,M10.1.0,M4.1.0/3",
    [
      { start: at("2026-04-05T03:00:00+11:00"), offset: 36000, flagged: false },
      { start: at("2026-10-04T02:00:00+10:00"), offset: 39600, flagged: true },
    ],
  ],
  [
    "half an hour",
    "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
    [
      { start: at("2026-04-05T02:00:00+11:00"), offset: 37800, flagged: false },
      { start: at("2026-10-04T02:00:00+10:30"), offset: 39600, flagged: true },
    ],
  ],
  [
    "a winter that is the exception",
    "IST-1GMT0,M10.5.0,M3.5.0/1",
    [
      { start: at("2026-03-29T01:00:00Z"), offset: 3600, flagged: false },
      { start: at("2026-10-25T01:00:00Z"), offset: 0, flagged: true },
    ],
  ],
  [
    "hours of the day before",
    "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
    [
      { start: at("2026-03-28T23:00:00-02:00"), offset: -3600, flagged: true },
      { start: at("2026-10-25T00:00:00-01:00"), offset: -7200, flagged: false },
    ],
  ],
  [
    "hours of days after",
    "EET-2EEST,M3.4.4/50,M10.4.4/50",
    [
      { start: at("2026-03-28T02:00:00+02:00"), offset: 10800, flagged: true },
      { start: at("2026-10-24T02:00:00+03:00"), offset: 7200, flagged: false },
    ],
  ],
])("reads %s", (_, rule, expected) => {
  expect(changes(rule, 2026)).toEqual(expected);
});

test("a rule without summer time makes no change", () => {
  expect(changes("<+0545>-5:45", 2026)).toEqual([]);
  expect(parsePosixRule("<+0545>-5:45").standard).toEqual({ abbreviation: "+0545", offset: 20700 });
});

test.each(["", "CET", "CET-1CEST", "CET-1CEST,J60,J300", "<+05-5", "EST5EDT,M3.2.0"])("refuses %j", (rule) => {
  expect(() => parsePosixRule(rule)).toThrow(RangeError);
});
