import { describe, expect, test } from "vitest";
import * as z from "zod";
import { useServer } from "../use-server.ts";

const server = useServer();
const Result = z.object({ result: z.object({ datetime: z.string(), day_of_week: z.string() }) });
const add = (start: string, timezone: string, more: Record<string, unknown>) => ({ start, timezone, ...more });
const result = async (start: string, timezone: string, more: Record<string, unknown>) => {
  const { value } = await server.ok("add_time", add(start, timezone, more));
  return Result.parse(value).result;
};

test("start and result have the same form", async () => {
  const { value, text } = await server.ok("add_time", add("2026-03-07T12:00", "America/New_York", { duration: "P1D" }));
  expect(value).toEqual({
    start: {
      timezone: "America/New_York",
      datetime: "2026-03-07T12:00:00-05:00",
      day_of_week: "Saturday",
      is_dst: false,
    },
    result: {
      timezone: "America/New_York",
      datetime: "2026-03-08T12:00:00-04:00",
      day_of_week: "Sunday",
      is_dst: true,
    },
  });
  expect(text).toBe(
    "2026-03-08T12:00:00-04:00 America/New_York (Sunday, DST)\nStart: 2026-03-07T12:00:00-05:00 America/New_York (Saturday)",
  );
});

test.each([
  ["a day across a change keeps the time of day", "2026-03-07T12:00", "P1D", "2026-03-08T12:00:00-04:00"],
  ["24 hours do not", "2026-03-07T12:00", "PT24H", "2026-03-08T13:00:00-04:00"],
  ["days come before hours", "2026-03-07T01:00", "P1DT2H", "2026-03-08T04:00:00-04:00"],
  ["an hour steps over a gap", "2026-03-08T01:30", "PT1H", "2026-03-08T03:30:00-04:00"],
  ["an hour stays in the hour that comes twice", "2026-11-01T01:30:00-04:00", "PT1H", "2026-11-01T01:30:00-05:00"],
  ["the end of a month clamps", "2026-01-31T10:00", "P1M", "2026-02-28T10:00:00-05:00"],
  ["in a leap year to the 29th", "2028-01-31T10:00", "P1M", "2028-02-29T10:00:00-05:00"],
  ["and backwards", "2026-03-31T10:00", "-P1M", "2026-02-28T10:00:00-05:00"],
  ["it clamps once, before days are added", "2026-01-31T10:00", "P1M1D", "2026-03-01T10:00:00-05:00"],
  ["29 February in an ordinary year", "2028-02-29T10:00", "P1Y", "2029-02-28T10:00:00-05:00"],
  ["weeks", "2026-11-20T10:00", "-P2W", "2026-11-06T10:00:00-05:00"],
  ["nothing", "2026-11-20T10:00", "P0D", "2026-11-20T10:00:00-05:00"],
  ["an instant is shown in the zone", "2026-11-20T10:00Z", "PT1.5H", "2026-11-20T06:30:00-05:00"],
])("%s: %s + %s", async (_, start, duration, datetime) => {
  expect(await result(start, "America/New_York", { duration })).toMatchObject({ datetime });
});

describe("where the calendar leads to a time that is shown twice or never", () => {
  test("it is refused with both readings, or chosen", async () => {
    const args = add("2026-03-07T02:30", "America/New_York", { duration: "P1D" });
    const message = await server.error("add_time", args);
    expect(message).toContain("2026-03-08T02:30:00 does not exist");
    expect(message).toContain('"earlier" for 2026-03-08T01:30:00-05:00 or "later" for 2026-03-08T03:30:00-04:00');
    const { value } = await server.ok("add_time", { ...args, disambiguation: "earlier" });
    expect(value).toMatchObject({ result: { datetime: "2026-03-08T01:30:00-05:00" } });
  });

  test("business days too", async () => {
    const args = add("2026-03-06T02:30", "Asia/Jerusalem", { business_days: 15 });
    expect(await server.error("add_time", args)).toContain("2026-03-27T02:30:00 does not exist");
    const { value } = await server.ok("add_time", { ...args, disambiguation: "later" });
    expect(value).toMatchObject({ result: { datetime: "2026-03-27T03:30:00+03:00" } });
  });

  test("a day that the zone never had is refused, and no business day", async () => {
    expect(await server.error("add_time", add("2011-12-29T12:00", "Pacific/Apia", { duration: "P1D" }))).toContain(
      "2011-12-30T12:00:00 does not exist",
    );
    expect(await result("2011-12-29T12:00", "Pacific/Apia", { business_days: 1 })).toMatchObject({
      datetime: "2012-01-02T12:00:00+14:00",
    });
    expect(await result("2012-01-02T12:00", "Pacific/Apia", { business_days: -1 })).toMatchObject({
      datetime: "2011-12-29T12:00:00-10:00",
    });
  });

  test("exact units never are", async () => {
    expect(await result("2026-10-25T01:30", "Europe/Berlin", { duration: "PT1H" })).toMatchObject({
      datetime: "2026-10-25T02:30:00+02:00",
    });
  });
});

test.each([
  ["2026-11-20T17:00", 1, "2026-11-23T17:00:00+01:00", "Monday"],
  ["2026-11-20T17:00", -5, "2026-11-13T17:00:00+01:00", "Friday"],
  ["2026-11-21T17:00", 1, "2026-11-23T17:00:00+01:00", "Monday"],
  ["2026-11-21T17:00", -1, "2026-11-20T17:00:00+01:00", "Friday"],
  ["2026-11-21T17:00", 0, "2026-11-21T17:00:00+01:00", "Saturday"],
  ["2026-03-27T17:00", 1, "2026-03-30T17:00:00+02:00", "Monday"],
  ["2026-11-20T17:00", 18_000, "2095-11-18T17:00:00+01:00", "Friday"],
])("%s and %d business days", async (start, business_days, datetime, day_of_week) => {
  expect(await result(start, "Europe/Berlin", { business_days })).toMatchObject({ datetime, day_of_week });
});

test.each([
  [{}],
  [{ duration: "P1D", business_days: 1 }],
  [{ duration: "P" }],
  [{ duration: "p1d" }],
  [{ business_days: 1.5 }],
  [{ business_days: "one" }],
  [{ duration: "P999999999Y" }],
  [{ duration: "-P999999999M" }],
  [{ duration: "P999999999W" }],
  [{ duration: "PT999999999H" }],
  [{ duration: "PT999999999S", timezone: "Europe/London", start: "2099-01-01T00:00" }],
  [{ business_days: Number.MAX_SAFE_INTEGER }],
  [{ business_days: Number.MIN_SAFE_INTEGER }],
  [{ duration: "P75Y" }],
])("%j is refused", async (more) => {
  expect(await server.error("add_time", add("2026-11-20T10:00", "Europe/Berlin", more))).toMatch(/^invalid_input: /);
});

test("the last year is still served, and the next is not", async () => {
  expect(await result("2099-12-31T23:59", "UTC", { duration: "P1Y" })).toMatchObject({
    datetime: "2100-12-31T23:59:00+00:00",
  });
  expect(await server.error("add_time", add("2100-12-31T23:59", "UTC", { duration: "PT1M" }))).toContain(
    "1900 to 2100",
  );
  expect(await server.error("add_time", add("1900-01-01T00:00", "UTC", { duration: "-PT1S" }))).toContain(
    "1900 to 2100",
  );
});

test("a date alone and Unix time are starts, and business days say what was not counted", async () => {
  expect(await result("2026-11-20", "America/New_York", { business_days: 3 })).toMatchObject({
    datetime: "2026-11-25T00:00:00-05:00",
  });
  expect(await result("1795185000", "America/New_York", { duration: "PT1H" })).toMatchObject({
    datetime: "2026-11-20T10:30:00-05:00",
  });
  const { value, text } = await server.ok("add_time", add("2026-12-24", "UTC", { business_days: 1 }));
  expect(value).toMatchObject({ note: "Mondays to Fridays were counted; public holidays are not known." });
  expect(text).toContain("public holidays are not known");
  expect(await server.error("add_time", add("next Friday", "UTC", { duration: "P1D" }))).toContain("get_current_time");
});
