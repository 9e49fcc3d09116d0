import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { moonPhase, sunOn } from "../src/forecast/sun.ts";
import { compass, weatherWords } from "../src/forecast/words.ts";
import {
  addDays,
  dateAt,
  daysBetween,
  hoursOfDay,
  isDate,
  localTime,
  offsetAt,
  startOfDay,
} from "../src/forecast/zone.ts";
import { readMoments } from "../src/providers/open-meteo/sections.ts";
import { convert, convertSpan, uniformUnit } from "../src/units/convert.ts";
import { limitOf, retryAfter } from "../src/upstream/limits.ts";
import { createQueue } from "../src/upstream/queue.ts";

const HOUR = 3_600_000;
const ZONES = [
  "Europe/Berlin",
  "America/New_York",
  "America/St_Johns",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "Asia/Kathmandu",
  "America/Sao_Paulo",
  "Etc/GMT+12",
  "UTC",
];
const zones = fc.constantFrom(...ZONES);
const times = fc.integer({ min: Date.parse("1985-01-01"), max: Date.parse("2030-01-01") });

describe("units", () => {
  test.each([
    [0, "°C", "°F", 32],
    [-40, "°C", "°F", -40],
    [451, "°F", "°C", 232.8],
    [100, "km/h", "mph", 62.1],
    [36, "km/h", "m/s", 10],
    [1, "kn", "km/h", 1.9],
    [25.4, "mm", "in", 1],
    [1013.25, "hPa", "inHg", 29.92],
    [101_325, "Pa", "hPa", 1013.3],
    [16_090, "m", "mi", 10],
    [-0.01, "°C", "m/s", undefined],
    [5, "%", "°C", undefined],
  ])("%d %s in %s is %s", (value, from, to, expected) => {
    expect(convert(value, from, to)).toBe(expected);
  });

  test("there and back again is nearly the same, and never -0", () => {
    const pairs = fc.constantFrom(["°C", "°F"], ["km/h", "m/s"], ["mph", "km/h"], ["hPa", "inHg"], ["m", "ft"]);
    fc.assert(
      fc.property(pairs, fc.integer({ min: -900, max: 12_000 }), ([from = "", to = ""], tenths) => {
        const there = convert(tenths / 10, from, to);
        const back = convert(there, to, from);
        expect(Math.abs((back ?? Number.NaN) - tenths / 10)).toBeLessThan(0.3);
        expect(Object.is(there, -0) || Object.is(back, -0)).toBe(false);
      }),
    );
  });

  test("differences have no zero, and units one spelling", () => {
    expect(convertSpan(10, "°C", "°F")).toBe(18);
    const spellings = ["mp/h", "inch", "celsius", "wmoUnit:degC", "unit:km_h-1", "constructor"];
    expect(spellings.map(uniformUnit)).toEqual(["mph", "in", "°C", "°C", "km/h", "constructor"]);
  });
});

describe("zones", () => {
  test("a moment's date is the one whose day it lies in", () => {
    fc.assert(
      fc.property(zones, times, (zone, time) => {
        const date = dateAt(zone, time);
        expect(startOfDay(zone, date)).toBeLessThanOrEqual(time);
        expect(startOfDay(zone, addDays(date, 1))).toBeGreaterThan(time);
        expect(Date.parse(localTime(zone, time))).toBe(Math.floor(time / 60_000) * 60_000);
      }),
      { numRuns: 300 },
    );
  });

  test("clocks that change at one minute past midnight", () => {
    const change = Date.parse("2010-11-07T02:31:00Z");
    expect(offsetAt("America/St_Johns", change - 1)).toBe(-2.5 * 3600);
    expect(offsetAt("America/St_Johns", change)).toBe(-3.5 * 3600);
  });

  test("offsets are those of the zone at every moment, however they are remembered", () => {
    fc.assert(
      fc.property(zones, times, (zone, time) => {
        const parts = new Intl.DateTimeFormat("sv", { timeZone: zone, dateStyle: "short", timeStyle: "medium" });
        const wall = Date.parse(`${parts.format(time).replace(" ", "T")}Z`);
        expect(offsetAt(zone, time) * 1000).toBe(wall - Math.floor(time / 1000) * 1000);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ["Europe/Berlin", "2026-03-29", 23],
    ["Europe/Berlin", "2026-10-25", 25],
    ["Australia/Lord_Howe", "2026-04-05", 24.5],
    ["America/Sao_Paulo", "2018-02-17", 25],
    ["America/Sao_Paulo", "2018-11-04", 23],
    ["Pacific/Apia", "2011-12-30", 0],
    ["UTC", "2026-10-25", 24],
  ])("%s: %s has %d hours", (zone, date, hours) => {
    expect(hoursOfDay(zone, date)).toBe(hours);
  });

  test("dates that exist, and how far apart they are", () => {
    expect(["2024-02-29", "2023-02-29", "2026-13-01", "2026-1-1", "today"].map(isDate)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(daysBetween("2026-03-28", "2026-03-30")).toBe(2);
  });
});

describe("the local times of an answer", () => {
  const moments = (timezone: string, offset: number, time: readonly unknown[]) =>
    readMoments({ fields: new Map([["hourly", { time }]]), timezone, offset }, "hourly", "time");
  const iso = (time: number) => new Date(time).toISOString().slice(0, 16);

  test("counted from one offset are the instants that they were made of", () => {
    fc.assert(
      fc.property(zones, times, fc.integer({ min: 2, max: 100 }), (zone, time, count) => {
        const offset = offsetAt(zone, time);
        const first = Math.floor(time / HOUR) * HOUR;
        const instants = Array.from({ length: count }, (_, hour) => first + hour * HOUR);
        expect(
          moments(
            zone,
            offset,
            instants.map((one) => iso(one + offset * 1000)),
          ),
        ).toEqual(instants);
      }),
    );
  });

  test("shown as clocks there do are, too, wherever the change shows in them", () => {
    for (const [zone, change] of [
      ["Europe/Berlin", "2026-10-25T01:00Z"],
      ["America/New_York", "2026-03-08T07:00Z"],
    ] as const) {
      const first = Date.parse(change) - 30 * HOUR;
      const instants = Array.from({ length: 60 }, (_, hour) => first + hour * HOUR);
      const walls = instants.map((one) => iso(one + offsetAt(zone, one) * 1000));
      expect(moments(zone, offsetAt(zone, first), walls)).toEqual(instants);
    }
  });

  test("as Unix seconds are taken as they are; what is no time is none", () => {
    expect(moments("Europe/Berlin", 3600, [1_700_000_000])).toEqual([1_700_000_000_000]);
    expect(moments("Europe/Berlin", 0, ["2026-11-28T12:00", null, "x", "2026-99-01"])).toEqual([
      Date.parse("2026-11-28T12:00Z"),
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
  });
});

describe("the sky", () => {
  const at = (latitude: number, longitude: number) => ({ name: "", latitude, longitude, timezone: "UTC" });

  test.each([
    ["Berlin", at(52.52, 13.41), "Europe/Berlin", "2026-11-28", "07:4", "15:5"],
    ["Sydney", at(-33.87, 151.21), "Australia/Sydney", "2026-06-21", "06:5", "16:5"],
    ["Kiritimati, a day ahead of its sun", at(1.87, -157.43), "Pacific/Kiritimati", "2026-03-20", "06:3", "18:4"],
    ["Honolulu", at(21.3, -157.86), "Pacific/Honolulu", "2026-03-20", "06:3", "18:4"],
  ])("over %s the sun rises and sets on the date there", (_, place, zone, date, rise, set) => {
    const { sunrise = 0, sunset = 0 } = sunOn(place, zone, date);
    expect(localTime(zone, sunrise).slice(0, 15)).toBe(`${date}T${rise}`);
    expect(localTime(zone, sunset).slice(0, 15)).toBe(`${date}T${set}`);
  });

  test("moons that were seen", () => {
    expect(moonPhase("UTC", "2024-04-08")).toBe("new moon");
    expect(moonPhase("UTC", "2025-03-14")).toBe("full moon");
    expect(moonPhase("UTC", "2025-11-12")).toBe("last quarter");
  });

  test("codes and directions in words", () => {
    expect([0, 65, 99, 42, undefined].map(weatherWords)).toEqual([
      "clear sky",
      "heavy rain",
      "thunderstorm with heavy hail",
      "weather code 42",
      "not available",
    ]);
    expect([0, 359, 11, 12, 225, -90, undefined].map(compass)).toEqual([
      "N",
      "N",
      "N",
      "NNE",
      "SW",
      "W",
      "not available",
    ]);
  });
});

describe("when to come back", () => {
  const now = Date.parse("2026-11-28T12:00:30Z");
  test.each([
    ["5", now + 5000],
    ["Sat, 28 Nov 2026 12:01:30 GMT", now + 60_000],
    ["Sat, 28 Nov 2026 11:00:00 GMT", now],
    ["soon", undefined],
    ["", undefined],
    [undefined, undefined],
    ["-1", undefined],
  ])("Retry-After %s", (header, expected) => {
    expect(retryAfter(header, now)).toBe(expected);
  });

  test("a reason that names no limit is none", () => {
    expect(limitOf("Too many concurrent requests", now)).toBeUndefined();
    expect(limitOf("Hourly API request limit exceeded.", now)).toEqual({
      until: Date.parse("2026-11-28T13:00:00Z"),
      isLong: true,
    });
  });
});

test("a queue never runs more than its width, keeps the order, and forgets who left", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.boolean(), { maxLength: 30 }),
      async (width, leaving) => {
        const inTurn = createQueue(width);
        let [running, most] = [0, 0];
        const begun: number[] = [];
        const jobs = leaving.map((leaves, at) => {
          const stop = new AbortController();
          const job = inTurn(stop.signal, async () => {
            begun.push(at);
            most = Math.max(most, ++running);
            await Promise.resolve();
            running--;
          }).catch(() => undefined);
          if (leaves && at >= width) stop.abort();
          return job;
        });
        await Promise.all(jobs);
        expect(most).toBeLessThanOrEqual(width);
        expect(begun).toEqual([...begun].sort((a, b) => a - b));
        expect(begun).toEqual([...leaving.keys()].filter((at) => !(leaving[at] && at >= width)));
        await expect(inTurn(new AbortController().signal, async () => "free")).resolves.toBe("free");
      },
    ),
  );
});
