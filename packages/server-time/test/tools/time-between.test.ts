import { expect, test } from "vitest";
import { useServer } from "../use-server.ts";

const server = useServer();
const between = async (start: string, end: string, timezone: string) =>
  (await server.ok("time_between", { start, end, timezone })).value;
const calendar = (years: number, months: number, days: number, hours = 0, minutes = 0, seconds = 0) => ({
  years,
  months,
  days,
  hours,
  minutes,
  seconds,
});

test("exact, by the calendar, and in business days", async () => {
  const args = { start: "2026-11-20T10:00", end: "2028-02-29T09:00:30", timezone: "America/New_York" };
  const { value, text } = await server.ok("time_between", args);
  expect(value).toEqual({
    exact: { iso8601: "PT11183H30S", seconds: 40258830 },
    calendar: calendar(1, 3, 8, 23, 0, 30),
    days: 466,
    business_days: 332,
    business_days_note:
      "Mondays to Fridays after the start date, up to and including the end date; public holidays are not known.",
  });
  expect(text).toBe(
    "PT11183H30S (40258830 seconds)\nCalendar: 1 year, 3 months, 8 days, 23 hours, 30 seconds. Days by date: 466.\n" +
      "Business days: 332. Mondays to Fridays after the start date, up to and including the end date; public holidays " +
      "are not known.",
  );
});

test.each([
  ["a day of 23 hours", "2026-03-07T12:00", "2026-03-08T12:00", "PT23H", calendar(0, 0, 1), 0],
  ["a day of 25 hours", "2026-10-31T12:00", "2026-11-01T12:00", "PT25H", calendar(0, 0, 1), 0],
  ["two hours on the clock, one in truth", "2026-03-08T01:30", "2026-03-08T03:30", "PT1H", calendar(0, 0, 0, 1), 0],
  ["nothing", "2026-03-07T12:00", "2026-03-07T12:00", "PT0S", calendar(0, 0, 0), 0],
  ["backwards", "2026-11-23T12:00", "2026-11-20T11:00", "-PT73H", calendar(0, 0, -3, -1), -1],
  ["from the end of a month", "2026-01-31T00:00", "2026-03-01T00:00", "PT696H", calendar(0, 1, 1), 20],
  ["Friday to Monday", "2026-11-20T09:00", "2026-11-23T09:00", "PT72H", calendar(0, 0, 3), 1],
  ["instants", "2026-11-20T09:00Z", "2026-11-20T09:00-05:00", "PT5H", calendar(0, 0, 0, 5), 0],
])("%s", async (_, start, end, iso8601, units, business_days) => {
  expect(await between(start, end, "America/New_York")).toMatchObject({
    exact: { iso8601 },
    calendar: units,
    business_days,
  });
});

test("business days are those of the zone's dates", async () => {
  const [start, end] = ["2026-11-22T22:00Z", "2026-11-23T02:00Z"];
  expect(await between(start, end, "UTC")).toMatchObject({ business_days: 1 });
  expect(await between(start, end, "Asia/Tokyo")).toMatchObject({ business_days: 0 });
});

test("a day that was left out does not count in exact time, nor as a business day", async () => {
  expect(await between("2011-12-29T12:00", "2011-12-31T12:00", "Pacific/Apia")).toMatchObject({
    exact: { iso8601: "PT24H" },
    calendar: calendar(0, 0, 2),
    business_days: 0,
  });
  expect(await between("2012-01-02T12:00", "2011-12-28T12:00", "Pacific/Apia")).toMatchObject({ business_days: -2 });
  expect(await between("2011-12-29T12:00", "2011-12-31T12:00", "Pacific/Auckland")).toMatchObject({
    business_days: 1,
  });
});

test("either end may be shown twice or never", async () => {
  const [ordinary, gap] = ["2026-03-01T00:00", "2026-03-08T02:30"];
  for (const [start, end] of [
    [ordinary, gap],
    [gap, ordinary],
  ]) {
    const args = { start, end, timezone: "America/New_York" };
    expect(await server.error("time_between", args)).toContain("2026-03-08T02:30:00 does not exist");
    await server.ok("time_between", { ...args, disambiguation: "earlier" });
  }
});

test("each end has its own choice, and both readings of each are reached", async () => {
  const timezone = "America/New_York";
  const twice = { start: "2026-11-01T01:30", end: "2026-11-01T01:30", timezone };
  const seconds = async (more: Record<string, unknown>) =>
    (await server.ok("time_between", { ...twice, ...more })).value;
  expect(await seconds({ disambiguation: "earlier" })).toMatchObject({ exact: { seconds: 0 } });
  expect(await seconds({ disambiguation: "earlier", end_disambiguation: "later" })).toMatchObject({
    exact: { iso8601: "PT1H" },
  });
  expect(await seconds({ disambiguation: "later", end_disambiguation: "earlier" })).toMatchObject({
    exact: { iso8601: "-PT1H" },
  });
  const message = await server.error("time_between", { ...twice, start: "2026-10-31T12:00" });
  expect(message).toContain('Pass end_disambiguation "earlier" for 2026-11-01T01:30:00-04:00');
  expect(message).toContain("or write the time with its offset");
  const written = { ...twice, start: "2026-11-01T01:30:00-04:00", end: "2026-11-01T01:30:00-05:00" };
  expect((await server.ok("time_between", written)).value).toMatchObject({ exact: { iso8601: "PT1H" } });
});

test("a date alone is the start of that day, whenever that is", async () => {
  expect(await between("2026-03-08", "2026-03-09", "America/New_York")).toMatchObject({
    exact: { iso8601: "PT23H" },
    calendar: calendar(0, 0, 1),
    business_days: 1,
  });
  // Midnight was skipped: the day began at 01:00.
  expect(await between("2018-11-04", "2018-11-05", "America/Sao_Paulo")).toMatchObject({ exact: { iso8601: "PT23H" } });
  const args = { start: "2011-12-30", end: "2012-01-01", timezone: "Pacific/Apia" };
  expect(await server.error("time_between", args)).toContain("does not exist in Pacific/Apia");
});

test("days are counted by date, in either direction", async () => {
  expect(await between("2026-11-20T13:00", "2026-12-25", "Europe/Berlin")).toMatchObject({ days: 35 });
  expect(await between("2026-12-25", "2026-11-20T13:00", "Europe/Berlin")).toMatchObject({ days: -35 });
  expect(await between("2026-11-20T23:59", "2026-11-21T00:01", "UTC")).toMatchObject({ days: 1 });
});

test("Unix seconds and milliseconds, as text or number", async () => {
  for (const [start, end] of [
    ["1772980200", "1772983800"],
    ["1772980200000", "1772983800000"],
    [1772980200, 1772983800],
    ["2026-03-08T10:30", 1772983800000],
  ]) {
    const { value } = await server.ok("time_between", { start, end, timezone: "America/New_York" });
    expect(value).toMatchObject({ exact: { iso8601: "PT1H" } });
  }
});

test("business days say which ends count, in either direction, and not that a later time is an earlier day", async () => {
  const forward = await server.ok("time_between", { start: "2026-11-20", end: "2026-11-23", timezone: "UTC" });
  expect(forward.value).toMatchObject({ business_days: 1 });
  expect(forward.text).toMatch(/after the start date, up to and including the end date; public holidays are not known/);
  const back = await server.ok("time_between", { start: "2026-11-23", end: "2026-11-20", timezone: "UTC" });
  expect(back.value).toMatchObject({ business_days: -1 });
  expect(back.text).toMatch(/before the start date, back to and including the end date; public holidays are not known/);
  const casey = ["2010-03-05T01:00:00+11:00", "2010-03-04T23:10:00+08:00"] as const;
  expect(await between(...casey, "Antarctica/Casey")).toMatchObject({
    exact: { iso8601: "PT1H10M" },
    calendar: calendar(0, 0, 0, 1, 10),
    business_days: 0,
  });
});

test("words are refused with the way to compute them", async () => {
  const args = { start: "2026-11-20", end: "next Friday", timezone: "UTC" };
  expect(await server.error("time_between", args)).toMatch(/get_current_time gives today's date.*add_time counts/);
});

test.each(["2026-11-20T", "10:00", "2026-11-20T25:00", "yesterday", "x".repeat(1e6)])(
  "%.20j is refused as either end",
  async (text) => {
    const good = "2026-11-20T10:00";
    expect(await server.error("time_between", { start: text, end: good, timezone: "UTC" })).toMatch(/^invalid_input: /);
    expect(await server.error("time_between", { start: good, end: text, timezone: "UTC" })).toMatch(/^invalid_input: /);
  },
);
