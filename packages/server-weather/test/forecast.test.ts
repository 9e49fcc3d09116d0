import { describe, expect, test } from "vitest";
import { rowsOf, useWeather } from "./upstream/use-upstream.ts";

const weather = useWeather();
const FORECAST = /^\/v1\/forecast$/;

const forecast = async (given: Readonly<Record<string, unknown>>) => (await weather.ok("get_forecast", given)).value;
const days = async (given: Readonly<Record<string, unknown>>) => rowsOf((await forecast(given)).days);
const hours = async (given: Readonly<Record<string, unknown>>) =>
  rowsOf((await forecast({ granularity: "hourly", ...given })).hours);

/** Changes one column of the answer. */
function column(section: string, name: string, change: (values: unknown[]) => unknown) {
  weather.upstream().edit(FORECAST, (json) => {
    const answer = Object(json);
    return { ...answer, [section]: { ...answer[section], [name]: change(answer[section][name]) } };
  });
}

describe("units", () => {
  test.each([
    ["London", undefined, "°C", "mph", "mm"],
    ["Oslo", undefined, "°C", "m/s", "mm"],
    ["Berlin", undefined, "°C", "km/h", "mm"],
    ["Chicago", undefined, "°F", "mph", "in"],
    ["Chicago", "si", "°C", "m/s", "mm"],
    ["Berlin", "imperial", "°F", "mph", "in"],
    ["Oslo", "uk", "°C", "mph", "mm"],
  ])("%s, %s: %s, %s, %s", async (location, units, temperature, wind, precipitation) => {
    const { value, text } = await weather.ok("get_forecast", { location, days: 1, ...(units && { units }) });
    expect(value.units).toMatchObject({
      temperature,
      wind,
      precipitation,
      humidity: "%",
      precipitation_probability: "%",
    });
    for (const unit of [temperature, wind, precipitation]) expect(text).toContain(` ${unit}`);
  });

  test("figures are converted from the unit that the answer names, whatever was expected", async () => {
    weather.upstream().edit(FORECAST, (json) => {
      const answer = Object(json);
      return {
        ...answer,
        daily_units: {
          ...answer.daily_units,
          temperature_2m_max: "°F",
          wind_speed_10m_max: "mp/h",
          precipitation_sum: "inch",
        },
        daily: {
          ...answer.daily,
          temperature_2m_max: answer.daily.time.map(() => 50),
          wind_speed_10m_max: answer.daily.time.map(() => 10),
          precipitation_sum: answer.daily.time.map(() => 0.5),
        },
      };
    });
    const [day] = await days({ location: "Berlin", days: 1 });
    expect(day).toMatchObject({ temperature_max: 10, wind_speed_max: 16.1, precipitation: 12.7 });
  });

  test("a unit that does not belong to a figure makes it not available", async () => {
    weather.upstream().edit(FORECAST, (json) => ({
      ...Object(json),
      daily_units: { ...Object(json).daily_units, temperature_2m_max: "hPa" },
    }));
    expect((await days({ location: "Berlin", days: 1 }))[0]).toMatchObject({ temperature_max: "not available" });
  });
});

describe("holes", () => {
  test("a missing figure is not available, never 0 or null, and the rest is answered", async () => {
    column("daily", "temperature_2m_min", (values) => [null, ...values.slice(1)]);
    column("daily", "weather_code", (values) => [null, ...values.slice(1)]);
    column("daily", "wind_direction_10m_dominant", () => undefined);
    const { value, text } = await weather.ok("get_forecast", { location: "Berlin", days: 2 });
    const [first, second] = rowsOf(value.days);
    expect(first).toMatchObject({
      temperature_min: "not available",
      weather: "not available",
      wind_direction: "not available",
      temperature_max: expect.any(Number),
    });
    expect(second).toMatchObject({ temperature_min: expect.any(Number) });
    expect(text).toContain("not available to ");
    expect(JSON.stringify(value)).not.toMatch(/null|NaN/);
  });

  test("marks of models for missing figures are no figures", async () => {
    column("daily", "precipitation_sum", (values) => values.map(() => -9999));
    column("daily", "temperature_2m_max", (values) => values.map(() => 9.96921e36));
    column("daily", "precipitation_probability_max", (values) => values.map(() => 250));
    expect((await days({ location: "Berlin", days: 1 }))[0]).toMatchObject({
      precipitation: "not available",
      precipitation_probability: "not available",
      temperature_max: "not available",
      temperature_min: expect.any(Number),
    });
  });

  test("in a zone that this Node.js does not know, days are those of the answer's clock", async () => {
    weather.upstream().edit(FORECAST, (json) => ({ ...Object(json), timezone: "Europe/New_Town" }));
    const { value } = await weather.ok("get_forecast", { location: "52.52,13.41", days: 1 });
    expect(value).toMatchObject({ place: { timezone: expect.stringMatching(/^Etc\/GMT-[12]$/) } });
  });

  test("dates without hours, and an answer without daily figures", async () => {
    weather.upstream().edit(FORECAST, (json) => ({ ...Object(json), hourly: undefined, hourly_units: undefined }));
    expect(await days({ location: "Berlin" })).toHaveLength(7);
    expect(await hours({ location: "Berlin" })).toEqual([]);
  });

  test("the last hours of a model that ends early", async () => {
    column("hourly", "temperature_2m", (values) => values.map((value, at) => (at > 20 ? null : value)));
    const rows = await hours({ location: "Berlin", days: 3 });
    expect(rows.at(-1)).toMatchObject({ temperature: "not available", wind_speed: expect.any(Number) });
  });
});

describe("days and hours are the place's own", () => {
  test("the day on which the clocks go back has 25 hours, and the hour that comes twice has two offsets", async () => {
    weather.at("2026-10-24T10:00:00Z");
    const rows = await days({ location: "Berlin", days: 3 });
    expect(rows.map(({ date, hours }) => [date, hours])).toEqual([
      ["2026-10-24", undefined],
      ["2026-10-25", 25],
      ["2026-10-26", undefined],
    ]);
    const twice = await hours({ location: "Berlin", start: "2026-10-25", days: 1 });
    expect(twice).toHaveLength(25);
    expect(twice.slice(1, 5).map(({ time }) => time)).toEqual([
      "2026-10-25T01:00+02:00",
      "2026-10-25T02:00+02:00",
      "2026-10-25T02:00+01:00",
      "2026-10-25T03:00+01:00",
    ]);
  });

  test("the day on which they go forward has 23", async () => {
    weather.at("2026-03-07T15:00:00Z");
    expect((await days({ location: "Chicago", days: 2 })).map(({ hours }) => hours)).toEqual([undefined, 23]);
    const short = await hours({ location: "Chicago", start: "2026-03-08", days: 1 });
    expect(short).toHaveLength(23);
    expect(short.slice(1, 3).map(({ time }) => time)).toEqual(["2026-03-08T01:00-06:00", "2026-03-08T03:00-05:00"]);
  });

  test("days after a change are made of their own hours, not of the source's", async () => {
    weather.at("2026-10-24T10:00:00Z");
    // The source counts in summer time: its 26 October ends at 23:00 by the clocks there.
    column("hourly", "temperature_2m", (values) => values.map((_, at) => (at === 72 ? 40 : 10)));
    column("daily", "temperature_2m_max", (values) => values.map(() => 10));
    const rows = await days({ location: "Berlin", days: 4 });
    expect(rows.map(({ temperature_max }) => temperature_max)).toEqual([10, 10, 40, 10]);
  });

  test("an answer whose times are those of the clocks there is read as well", async () => {
    weather.at("2026-10-25T10:00:00Z");
    weather.upstream().edit(FORECAST, (json) => {
      const answer = Object(json);
      const time = answer.hourly.time.slice();
      time.splice(2, 0, "2026-10-25T02:00");
      return {
        ...answer,
        utc_offset_seconds: 3600,
        hourly: { ...answer.hourly, time: time.slice(0, -1) },
      };
    });
    const rows = await hours({ location: "Berlin", days: 2 });
    expect(rows[0]?.time).toBe("2026-10-25T11:00+01:00");
  });

  test.each([
    ["Pacific/Kiritimati", "1.87,-157.43", "2026-11-28T11:30:00Z", "2026-11-29"],
    ["Pacific/Honolulu", "21.3,-157.85", "2026-11-28T09:30:00Z", "2026-11-27"],
    ["Asia/Kathmandu", "27.7,85.3", "2026-11-28T18:30:00Z", "2026-11-29"],
    ["Etc/GMT+12 at sea", "0,-180", "2026-11-28T11:30:00Z", "2026-11-27"],
  ])("%s: today is today there", async (_, location, now, today) => {
    weather.at(now);
    const [first] = await days({ location, days: 1 });
    expect(first).toMatchObject({ date: today });
  });

  test("what is over is not shown, though the source still tells it", async () => {
    weather.at("2026-11-28T12:30:00Z");
    weather.upstream().edit(FORECAST, (json) => {
      const answer = Object(json);
      const back = (text: string) => new Date(Date.parse(`${text}Z`) - 86_400_000).toISOString();
      return {
        ...answer,
        daily: { ...answer.daily, time: answer.daily.time.map((date: string) => back(`${date}T00:00`).slice(0, 10)) },
        hourly: { ...answer.hourly, time: answer.hourly.time.map((time: string) => back(time).slice(0, 16)) },
      };
    });
    expect((await days({ location: "Berlin" }))[0]).toMatchObject({ date: "2026-11-28" });
    expect((await hours({ location: "Berlin" }))[0]).toMatchObject({ time: "2026-11-28T13:00+01:00" });
  });

  test("a forecast that is over altogether is none", async () => {
    column("daily", "time", (dates) => dates.map((_, at) => `2020-01-${String(at + 1).padStart(2, "0")}`));
    column("hourly", "time", (times) => times.map((_, at) => new Date(at * 3_600_000).toISOString().slice(0, 16)));
    column("current", "time", () => "2020-01-01T00:00");
    weather.upstream().fault(/weatherapi/, { status: 500, json: {} });
    expect(await weather.error("get_forecast", { location: "Berlin" })).toMatch(/^unavailable: .*is over already/);
  });
});

describe("the sun", () => {
  test.each([
    ["2026-06-21T10:00:00Z", "69.65,18.95", "does not set"],
    ["2026-12-21T10:00:00Z", "69.65,18.95", "does not rise"],
    ["2026-06-21T10:00:00Z", "-78,167", "does not rise"],
    ["2026-12-21T10:00:00Z", "-78,167", "does not set"],
  ])("%s at %s: it %s", async (now, location, words) => {
    weather.at(now);
    const { value, text } = await weather.ok("get_forecast", { location, days: 1 });
    expect(rowsOf(value.days)[0]).toMatchObject({ sunrise: words, sunset: words });
    expect(text).toContain(`sun ${words}`);
    expect(text).not.toMatch(/00:00|1970/);
  });

  test("moments that the source invents (1970) are not repeated", async () => {
    weather.at("2026-12-21T10:00:00Z");
    for (const name of ["sunrise", "sunset"]) column("daily", name, (values) => values.map(() => "1970-01-01T00:00"));
    column("daily", "daylight_duration", (values) => values.map(() => 0));
    expect((await days({ location: "69.65,18.95", days: 1 }))[0]).toMatchObject({ sunrise: "does not rise" });
  });

  test("elsewhere it rises and sets in the place's time, and the moon has its phase", async () => {
    weather.at("2026-11-24T10:00:00Z");
    expect((await days({ location: "Berlin", days: 1 }))[0]).toMatchObject({
      sunrise: expect.stringMatching(/^2026-11-24T07:4\d\+01:00$/),
      sunset: expect.stringMatching(/^2026-11-24T1[56]:\d\d\+01:00$/),
      moon_phase: "full moon",
    });
  });
});

describe("what is asked for", () => {
  test("sixteen days, and no further than the source tells", async () => {
    weather.at("2026-11-28T12:00:00Z");
    const value = await forecast({ location: "Berlin", days: 16 });
    expect(
      rowsOf(value.days)
        .map(({ date }) => date)
        .at(-1),
    ).toBe("2026-12-13");
    const later = await forecast({ location: "Berlin", start: "2026-12-10", days: 7 });
    expect(later).toMatchObject({ notes: ["Open-Meteo's forecast ends on 2026-12-13."] });
    expect(rowsOf(later.days)).toHaveLength(4);
  });

  test.each([
    ["2026-11-27", "forecasts go from 2026-11-28 to 2026-12-13"],
    ["2026-12-14", "get_climate what is normal"],
    ["2026-02-30", "is not a date"],
    ["tomorrow", "is not a date. Write it as YYYY-MM-DD; today is 2026-11-28 there."],
    ["2026-11-29Tnoon", "write it as"],
    ["2026-11-29T25:00", "write it as"],
  ])("start %s is refused", async (start, message) => {
    weather.at("2026-11-28T12:00:00Z");
    expect(await weather.error("get_forecast", { location: "Berlin", start })).toContain(message);
  });

  test("what does not fit goes on where it ends, with nothing twice and nothing left out", async () => {
    weather.at("2026-11-28T12:30:00Z");
    await weather.client(["--max-output", "6000"]);
    const seen: unknown[] = [];
    let start: unknown = "2026-11-28T13:00";
    for (let page = 0; typeof start === "string" && page < 30; page++) {
      const value = await forecast({ location: "Berlin", granularity: "hourly", days: 16, start });
      seen.push(...rowsOf(value.hours).map(({ time }) => time));
      start = value.next_start;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(16 * 24 - 13);
  });

  test("an ensemble without runs, for all days or the last ones, is said to know nothing about them", async () => {
    const lasts = (days: number) => (json: unknown) => {
      const { daily, ...rest } = Object(json);
      const cut = ([name, values]: [string, unknown[]]) => [
        name,
        name === "time" ? values : values.map((value, at) => (at < days ? value : null)),
      ];
      return { ...rest, daily: Object.fromEntries(Object.entries<unknown[]>(daily).map(cut)) };
    };
    weather.upstream().edit(/ensemble/, lasts(2));
    const some = await weather.ok("get_forecast", { location: "52.52,13.41", days: 3, uncertainty: true });
    expect(rowsOf(some.value.uncertainty)).toHaveLength(2);
    expect(some.text).toMatch(/no runs for \d{4}-\d\d-\d\d: how sure these are is not available\./);
    weather.upstream().edit(/ensemble/, lasts(0));
    await weather.renew();
    const none = await weather.ok("get_forecast", { location: "52.52,13.41", days: 3, uncertainty: true });
    expect(none.value).toMatchObject({ notes: expect.arrayContaining([expect.stringContaining("no runs for")]) });
    expect(none.text).not.toContain("not available to");
  });

  test("a start with an offset is a moment, also where the clocks there show another time", async () => {
    weather.at("2026-11-28T12:00:00Z");
    const first = async (start: string) => (await hours({ location: "Berlin", start, days: 1 }))[0]?.time;
    expect(await first("2026-11-29T14:00")).toBe("2026-11-29T14:00+01:00");
    expect(await first("2026-11-29T14:00+01:00")).toBe("2026-11-29T14:00+01:00");
    expect(await first("2026-11-29T14:00:00Z")).toBe("2026-11-29T15:00+01:00");
    expect(await first("2026-11-29T23:30-05:00")).toBe("2026-11-30T06:00+01:00");
    expect(await weather.error("get_forecast", { location: "Berlin", start: "2026-11-29T14:00 or so" })).toMatch(
      /^invalid_input: start: write it as/,
    );
  });

  test("how sure it is, from the runs of an ensemble; without it, the forecast stands", async () => {
    const { value, text } = await weather.ok("get_forecast", { location: "Berlin", days: 10, uncertainty: true });
    const rows = rowsOf(value.uncertainty);
    expect(rows).toHaveLength(10);
    expect(rows[0]).toMatchObject({ runs: 51, confidence: "the runs agree" });
    expect(rows.at(-1)).toMatchObject({ confidence: "very uncertain" });
    expect(text).toContain("of 51 runs");
    weather.upstream().fault(/ensemble/, { status: 500, json: {} });
    const { value: without } = await weather.ok("get_forecast", { location: "Oslo", uncertainty: true });
    expect(without).toMatchObject({ notes: [expect.stringContaining("The uncertainty is not available")] });
  });
});

describe("the second provider", () => {
  const down = () => weather.upstream().fault(FORECAST, { status: 500, json: {} });

  test("is asked as it demands, and its hours and longer steps make days", async () => {
    weather.at("2026-11-28T12:30:00Z");
    down();
    const { value } = await weather.ok("get_forecast", { location: "Munich", days: 9 });
    expect(value).toMatchObject({ source: { name: "MET Norway", attribution: expect.stringContaining("CC BY 4.0") } });
    const [asked] = weather.upstream().askedFor(/weatherapi/);
    expect(asked?.query.toString()).toBe("lat=48.1374&lon=11.5755&altitude=524");
    expect(asked?.headers["user-agent"]).toMatch(/https:\/\/github\.com/);
    const rows = rowsOf(value.days);
    // 0.3 mm an hour, then 1.2 mm in six.
    expect(rows[1]).toMatchObject({
      precipitation: 7.2,
      temperature_max: 4.5,
      wind_speed_max: 18.4,
      weather: "light rain showers",
    });
    expect(rows[5]).toMatchObject({
      precipitation: 4.8,
      feels_like_max: "not available",
      uv_index_max: "not available",
    });
    expect(value.days).not.toContainEqual(expect.objectContaining({ sunrise: "not available" }));
  });

  test("a missing window is bridged by the longer one, and by nothing where there is none", async () => {
    weather.at("2026-11-28T12:30:00Z");
    down();
    weather.upstream().edit(/weatherapi/, (json) => {
      const answer = Object(json);
      const timeseries = answer.properties.timeseries.map((step: { time: string; data: object }) => {
        const data: Record<string, unknown> = { ...step.data };
        if (step.time === "2026-11-29T06:00:00Z") delete data.next_1_hours;
        if (step.time === "2026-11-29T08:00:00Z") for (const hours of [1, 6, 12]) delete data[`next_${hours}_hours`];
        return { ...step, data };
      });
      return { ...answer, properties: { ...answer.properties, timeseries } };
    });
    const rows = await hours({ location: "Munich", start: "2026-11-29T07:00", days: 1 });
    const at = (time: string) => rows.find((row) => row.time === time)?.precipitation;
    expect(at("2026-11-29T07:00+01:00")).toBe(0.3);
    expect(at("2026-11-29T08:00+01:00")).toBe(0.2);
    expect(at("2026-11-29T10:00+01:00")).toBe("not available");
  });
});
