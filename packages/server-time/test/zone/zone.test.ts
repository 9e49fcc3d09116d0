import { describe, expect, test } from "vitest";
import { formatOffset } from "../../src/calendar/civil.ts";
import { isDst } from "../../src/zone/dst.ts";
import { nextChange, previousChange, segmentAt } from "../../src/zone/zone.ts";
import { at, zone } from "../zones.ts";

// [zone, instant, offset, abbreviation, is_dst]
test.each([
  ["America/New_York", "2026-07-01T00:00:00Z", "-04:00", "EDT", true],
  ["America/New_York", "2026-12-01T00:00:00Z", "-05:00", "EST", false],
  ["America/New_York", "1942-12-01T00:00:00Z", "-04:00", "EWT", true],
  // British Columbia, Alberta and Morocco changed in 2026: older data gives other times.
  ["America/Vancouver", "2026-07-01T00:00:00Z", "-07:00", "PDT", true],
  ["America/Vancouver", "2026-12-01T00:00:00Z", "-07:00", "MST", false],
  ["America/Edmonton", "2026-12-01T00:00:00Z", "-06:00", "CST", false],
  ["Africa/Casablanca", "2026-11-20T00:00:00Z", "+00:00", "+00", false],
  // Here the IANA flag says the opposite.
  ["Europe/Dublin", "2026-07-01T00:00:00Z", "+01:00", "IST", true],
  ["Europe/Dublin", "2026-01-01T00:00:00Z", "+00:00", "GMT", false],
  ["Europe/Dublin", "2099-07-01T00:00:00Z", "+01:00", "IST", true],
  ["Europe/Dublin", "1967-07-01T00:00:00Z", "+01:00", "IST", true],
  ["Africa/Casablanca", "2025-03-15T00:00:00Z", "+00:00", "+00", false],
  ["Africa/Casablanca", "2025-07-01T00:00:00Z", "+01:00", "+01", true],
  ["Europe/Prague", "1947-01-01T00:00:00Z", "+00:00", "GMT", false],
  ["Europe/Prague", "1947-03-01T00:00:00Z", "+01:00", "CET", false],
  ["Europe/Prague", "1947-07-01T00:00:00Z", "+02:00", "CEST", true],
  // A change of standard time is not daylight saving time.
  ["Europe/Dublin", "1970-01-01T00:00:00Z", "+01:00", "IST", false],
  ["Europe/London", "1970-01-01T00:00:00Z", "+01:00", "BST", false],
  ["Europe/Istanbul", "2026-07-01T00:00:00Z", "+03:00", "+03", false],
  ["Pacific/Apia", "2026-01-01T00:00:00Z", "+13:00", "+13", false],
  // Unusual amounts.
  ["Antarctica/Troll", "2026-07-01T00:00:00Z", "+02:00", "+02", true],
  ["Australia/Lord_Howe", "2026-01-01T00:00:00Z", "+11:00", "+11", true],
  ["Australia/Lord_Howe", "2026-07-01T00:00:00Z", "+10:30", "+1030", false],
  ["Europe/London", "1944-07-01T00:00:00Z", "+02:00", "BDST", true],
  // Historical offsets with seconds.
  ["Africa/Monrovia", "1971-12-31T00:00:00Z", "-00:44:30", "MMT", false],
  ["Europe/Dublin", "1916-01-01T00:00:00Z", "-00:25:21", "DMT", false],
  ["Europe/Amsterdam", "1930-01-01T00:00:00Z", "+00:19:32", "AMT", false],
  // Beyond every table.
  ["America/New_York", "2100-07-01T00:00:00Z", "-04:00", "EDT", true],
  ["Australia/Sydney", "2100-12-31T00:00:00Z", "+11:00", "AEDT", true],
  ["Asia/Gaza", "2099-07-01T00:00:00Z", "+03:00", "EEST", true],
  ["Asia/Kathmandu", "2100-01-01T00:00:00Z", "+05:45", "+0545", false],
])("%s at %s is %s %s, is_dst %s", (name, instant, offset, abbreviation, dst) => {
  const segment = segmentAt(zone(name).zone, at(instant));
  expect(formatOffset(segment.offset)).toBe(offset);
  expect(segment.abbreviation).toBe(abbreviation);
  expect(isDst(zone(name).zone, at(instant))).toBe(dst);
});

describe("changes of the offset", () => {
  const berlin = zone("Europe/Berlin").zone;
  const autumn = { at: at("2026-10-25T01:00:00Z"), from: 7200, to: 3600 };
  const spring = { at: at("2027-03-28T01:00:00Z"), from: 3600, to: 7200 };

  test("the last and the next one", () => {
    expect(previousChange(berlin, at("2026-11-20T13:00:00Z"))).toEqual(autumn);
    expect(nextChange(berlin, at("2026-11-20T13:00:00Z"))).toEqual(spring);
  });

  test("one that happens now is the last one", () => {
    expect(previousChange(berlin, autumn.at)).toEqual(autumn);
    expect(nextChange(berlin, autumn.at - 1)).toEqual(autumn);
  });

  test("a change of name or law alone does not count", () => {
    expect(previousChange(zone("America/Vancouver").zone, at("2026-12-01T00:00:00Z"))).toEqual({
      at: at("2026-03-08T10:00:00Z"),
      from: -28800,
      to: -25200,
    });
  });

  test("a zone that never changes has none", () => {
    expect(previousChange(zone("UTC").zone, 0)).toBeUndefined();
    expect(nextChange(zone("UTC").zone, 0)).toBeUndefined();
  });

  test("a rule continues for all supported years", () => {
    expect(nextChange(berlin, at("2100-04-01T00:00:00Z"))).toEqual({
      at: at("2100-10-31T01:00:00Z"),
      from: 7200,
      to: 3600,
    });
  });
});
