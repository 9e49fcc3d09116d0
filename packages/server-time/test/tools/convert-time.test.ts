import { describe, expect, test, vi } from "vitest";
import { useServer } from "../use-server.ts";

const server = useServer();
const convert = (time: string, source_timezone: string, target_timezone: string, more = {}) => ({
  time,
  source_timezone,
  target_timezone,
  ...more,
});

test("a time of today", async () => {
  const { value, text } = await server.ok("convert_time", convert("09:30", "America/New_York", "Asia/Kolkata"));
  expect(value).toEqual({
    source: {
      timezone: "America/New_York",
      datetime: "2026-11-20T09:30:00-05:00",
      day_of_week: "Friday",
      is_dst: false,
    },
    target: { timezone: "Asia/Kolkata", datetime: "2026-11-20T20:00:00+05:30", day_of_week: "Friday", is_dst: false },
    time_difference: "+10.5h",
    unix_seconds: 1795185000,
  });
  expect(text).toBe(
    "2026-11-20T09:30:00-05:00 America/New_York (Friday) is 2026-11-20T20:00:00+05:30 Asia/Kolkata (Friday)\n" +
      "Time difference: +10.5h. Unix seconds: 1795185000",
  );
});

test("today is today in the source zone", async () => {
  vi.setSystemTime(new Date("2026-11-20T22:00:00Z"));
  const { value } = await server.ok("convert_time", convert("09:00", "Asia/Tokyo", "UTC"));
  expect(value).toMatchObject({ source: { datetime: "2026-11-21T09:00:00+09:00" } });
});

test.each([
  ["2026-07-01T12:00", "Europe/London", "Asia/Tokyo", "2026-07-01T20:00:00+09:00", "+8.0h"],
  ["2026-12-01T12:00", "Europe/London", "Asia/Tokyo", "2026-12-01T21:00:00+09:00", "+9.0h"],
  ["2026-12-01T12:00", "UTC", "America/St_Johns", "2026-12-01T08:30:00-03:30", "-3.5h"],
  ["2026-12-01T12:00", "UTC", "Asia/Kathmandu", "2026-12-01T17:45:00+05:45", "+5.75h"],
  ["2026-12-01T12:00", "UTC", "Africa/Abidjan", "2026-12-01T12:00:00+00:00", "+0.0h"],
  ["2026-12-01T12:00", "Pacific/Kiritimati", "Pacific/Pago_Pago", "2026-11-30T11:00:00-11:00", "-25.0h"],
  ["1930-01-01T12:00:30", "Africa/Monrovia", "UTC", "1930-01-01T12:45:00+00:00", "+0.74h"],
  ["1900-01-01T00:00", "Pacific/Auckland", "UTC", "1899-12-31T12:30:00+00:00", "-11.5h"],
  ["2100-12-31T23:00", "America/New_York", "UTC", "2101-01-01T04:00:00+00:00", "+5.0h"],
])("%s %s to %s", async (time, source, target, datetime, time_difference) => {
  const { value } = await server.ok("convert_time", convert(time, source, target));
  expect(value).toMatchObject({ target: { datetime }, time_difference });
});

describe("a time that the clocks show twice or never", () => {
  const gap = convert("2026-03-08T02:30", "America/New_York", "UTC");
  const twice = convert("2026-11-01T01:30", "America/New_York", "UTC");
  const leftOut = convert("2011-12-30T12:00", "Pacific/Apia", "UTC");

  test.each([
    [gap, "does not exist", "2026-03-08T01:30:00-05:00", "2026-03-08T03:30:00-04:00"],
    [twice, "occurs twice", "2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00"],
    [leftOut, "does not exist", "2011-12-29T12:00:00-10:00", "2011-12-31T12:00:00+14:00"],
  ])("$time in $source_timezone is refused, and taken when chosen", async (args, what, earlier, later) => {
    const message = await server.error("convert_time", args);
    expect(message).toMatch(/^invalid_input: /);
    for (const part of [what, earlier, later, "disambiguation"]) expect(message).toContain(part);
    for (const [disambiguation, datetime] of [
      ["earlier", earlier],
      ["later", later],
    ]) {
      const { value } = await server.ok("convert_time", { ...args, disambiguation });
      expect(value).toMatchObject({ source: { datetime } });
    }
  });

  test("a choice changes nothing about any other time", async () => {
    const args = convert("2026-06-01T12:00", "America/New_York", "UTC");
    const { value } = await server.ok("convert_time", args);
    expect((await server.ok("convert_time", { ...args, disambiguation: "later" })).value).toEqual(value);
  });

  test("there is no third choice", async () => {
    expect(await server.error("convert_time", { ...gap, disambiguation: "compatible" })).toContain("disambiguation");
  });
});

test.each(["24:00", "12:60", "9am", "2026-02-30T10:00", "2026-11-20", "next Friday", "٠٩:٣٠", "", "9".repeat(1e6)])(
  "%.20j is refused",
  async (time) => {
    expect(await server.error("convert_time", convert(time, "UTC", "UTC"))).toMatch(/^invalid_input: /);
  },
);

test.each(["2026-11-20T14:30Z", "2026-11-20T15:30+01:00", "1795185000", "1795185000000", 1795185000])(
  "%s is an instant, whatever the source zone",
  async (time) => {
    const { value } = await server.ok("convert_time", { ...convert("", "America/New_York", "Asia/Kolkata"), time });
    expect(value).toMatchObject({
      source: { datetime: "2026-11-20T09:30:00-05:00" },
      target: { datetime: "2026-11-20T20:00:00+05:30" },
    });
  },
);

test("several targets at once, in the requested order", async () => {
  const zones = "Asia/Tokyo, europe/london,Asia/Kathmandu";
  const { value, text } = await server.ok("convert_time", convert("2026-07-01T12:00", "UTC", zones));
  expect(value).toMatchObject({
    target: { timezone: "Asia/Tokyo", datetime: "2026-07-01T21:00:00+09:00" },
    time_difference: "+9.0h",
    more_targets: [
      { timezone: "Europe/London", datetime: "2026-07-01T13:00:00+01:00", is_dst: true, time_difference: "+1.0h" },
      { timezone: "Asia/Kathmandu", datetime: "2026-07-01T17:45:00+05:45", time_difference: "+5.75h" },
    ],
  });
  expect(text.split("\n")).toHaveLength(5);
  expect(await server.error("convert_time", convert("12:00", "UTC", "Asia/Tokyo, Nowhere"))).toContain('"Nowhere"');
  const many = Array.from({ length: 21 }, () => "UTC").join();
  expect(await server.error("convert_time", convert("12:00", "UTC", many))).toContain("at most 20");
  expect(await server.error("convert_time", convert("12:00", "UTC", ","))).toMatch(/^invalid_input: /);
});

test("words are refused with the way to compute them", async () => {
  const message = await server.error("convert_time", convert("next Friday 9am", "UTC", "Asia/Tokyo"));
  expect(message).toMatch(/Words are not understood: get_current_time gives today's date.*add_time/);
});

test("either zone may be unknown", async () => {
  expect(await server.error("convert_time", convert("09:00", "Nowhere", "UTC"))).toContain('"Nowhere"');
  expect(await server.error("convert_time", convert("09:00", "UTC", "UTC+3"))).toContain("is an offset");
});
