import fc from "fast-check";
import { expect, test } from "vitest";
import { formatSeconds, parseDuration } from "../../src/calendar/duration.ts";

test.each([
  ["P1DT2H", { months: 0, days: 1, seconds: 7200 }],
  ["P1Y2M3W4DT5H6M7S", { months: 14, days: 25, seconds: 18367 }],
  ["-P1M", { months: -1, days: 0, seconds: 0 }],
  ["+P2W", { months: 0, days: 14, seconds: 0 }],
  ["PT90M", { months: 0, days: 0, seconds: 5400 }],
  ["PT1.5H", { months: 0, days: 0, seconds: 5400 }],
  ["-PT0,5M", { months: 0, days: 0, seconds: -30 }],
  ["PT1.000S", { months: 0, days: 0, seconds: 1 }],
  ["P0D", { months: 0, days: 0, seconds: 0 }],
  ["-PT0S", { months: 0, days: 0, seconds: 0 }],
])("%s", (text, expected) => {
  expect(parseDuration(text)).toEqual(expected);
});

test.each([
  "",
  "P",
  "PT",
  "P1DT",
  "-P",
  "1D",
  "P1",
  "p1d",
  "pt1h",
  "P1H",
  "PT1D",
  "P1DT-2H",
  "P-1D",
  "--P1D",
  "P1.5D",
  "P1D2W",
  "PT1H1H",
  "P1D ",
  " P1D",
  "P１D",
  "PT1e3S",
  "P1234567890D",
  `P${"1".repeat(1e6)}D`,
])("%.20j is refused with the right form", (text) => {
  expect(() => parseDuration(text)).toThrow(/not an ISO 8601 duration\. Write capitals/);
});

test.each(["PT0.5S", "PT0.0001H", "PT1.5H30M", "PT0.1H0.1M"])("the fraction of %s is refused", (text) => {
  expect(() => parseDuration(text)).toThrow("fraction");
});

test.each([
  [178_200, "PT49H30M"],
  [-3600, "-PT1H"],
  [0, "PT0S"],
  [61, "PT1M1S"],
])("%d seconds are %s", (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});

test("a formatted value parses to the same value", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e9, max: 1e9 }), (seconds) => {
      expect(parseDuration(formatSeconds(seconds))).toEqual({ months: 0, days: 0, seconds });
    }),
  );
});
