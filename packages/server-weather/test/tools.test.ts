import { describe, expect, test } from "vitest";
import { rowsOf, useWeather } from "./upstream/use-upstream.ts";

const weather = useWeather();

describe("past weather", () => {
  const JULY = { location: "Berlin", start_date: "2025-07-01", end_date: "2025-07-31" };

  test("by day with a summary, without what a forecast alone has", async () => {
    const { value, text } = await weather.ok("get_historical_weather", JULY);
    const days = rowsOf(value.days);
    expect(days).toHaveLength(31);
    expect(days[0]).not.toHaveProperty("precipitation_probability");
    expect(value.summary).toMatchObject({ days: 31, highest: expect.any(Number), days_missing: 0 });
    expect(text).toContain("31 days: mean high ");
    expect(days[0]).toMatchObject({ sunrise: expect.stringMatching(/\+02:00$/) });
  });

  test("by the hour, and the summer's days are its own though the source counts in winter time", async () => {
    weather.at("2026-01-15T12:00:00Z");
    const { value } = await weather.ok("get_historical_weather", {
      ...JULY,
      end_date: "2025-07-02",
      granularity: "hourly",
    });
    const hours = rowsOf(value.hours);
    expect(hours.map(({ time }) => time).filter((time) => /T(00|23):/.test(String(time)))).toEqual([
      "2025-07-01T00:00+02:00",
      "2025-07-01T23:00+02:00",
      "2025-07-02T00:00+02:00",
      "2025-07-02T23:00+02:00",
    ]);
    const change = { location: "Berlin", start_date: "2025-10-26", end_date: "2025-10-26", granularity: "hourly" };
    expect(rowsOf((await weather.ok("get_historical_weather", change)).value.hours)).toHaveLength(25);
  });

  test("a year does not fit, and goes on where it ends", async () => {
    await weather.client(["--max-output", "20000"]);
    const seen: unknown[] = [];
    let start: unknown = "2024-01-01";
    while (typeof start === "string") {
      const given = { location: "Berlin", start_date: start, end_date: "2024-12-31" };
      const { value } = await weather.ok("get_historical_weather", given);
      seen.push(...rowsOf(value.days).map(({ date }) => date));
      start = value.next_start;
    }
    expect(new Set(seen).size).toBe(366);
    expect(seen).toHaveLength(366);
  });

  test("days that the archive leaves out altogether are missing as well", async () => {
    weather.upstream().edit(/archive/, (json) => ({ ...Object(json), daily: undefined }));
    const given = { location: "Berlin", start_date: "2025-03-01", end_date: "2025-03-03" };
    const { value } = await weather.ok("get_historical_weather", given);
    expect(value).toMatchObject({ summary: { days: 3, days_missing: 3, highest: "not available" } });
  });

  test("days that the archive does not have yet are not available, and said so", async () => {
    weather.upstream().edit(/archive/, (json) => {
      const answer = Object(json);
      const daily = { ...answer.daily };
      for (const name of Object.keys(daily))
        if (name !== "time") daily[name] = daily[name].map((value: unknown, at: number) => (at > 28 ? null : value));
      return { ...answer, daily, hourly: undefined };
    });
    const { value } = await weather.ok("get_historical_weather", JULY);
    expect(rowsOf(value.days).at(-1)).toMatchObject({
      temperature_max: "not available",
      precipitation: "not available",
    });
    expect(value).toMatchObject({
      summary: { days_missing: 3 },
      note: expect.stringContaining("not in the archive"),
    });
  });

  test.each([
    [{ start_date: "1939-12-31" }, "figures begin with 1940-01-01"],
    [{ end_date: "2025-06-30" }, "is before start_date"],
    [{ end_date: "2026-12-31" }, "more than 366 days. Pass end_date 2026-07-01"],
    [{ start_date: "2026-11-01", end_date: "2026-12-24" }, "is in the future"],
    [{ start_date: "2025-02-29" }, '"2025-02-29" is not a date'],
    [{ start_date: "yesterday" }, '"yesterday" is not a date. Write it as YYYY-MM-DD; today is 2026-11-28 in UTC.'],
    [{ granularity: "hourly", end_date: "2025-08-15" }, "at most 31 days"],
  ])("%j is refused", async (over, message) => {
    weather.at("2026-11-28T12:00:00Z");
    expect(await weather.error("get_historical_weather", { ...JULY, ...over })).toContain(message);
  });
});

test("the climate tells the usual range and the extremes of thirty years", async () => {
  weather.upstream().edit(/archive/, (json) => {
    const { daily, ...answer } = Object(json);
    const july = (date: string) => date.slice(5, 7) === "07";
    const of = (value: (date: string, at: number) => number | null) => daily.time.map(value);
    return {
      ...answer,
      daily: {
        time: daily.time,
        temperature_2m_max: of((date) => (july(date) ? (date === "2003-07-15" ? 40 : 25) : null)),
        temperature_2m_min: of((date) => (july(date) ? Number(date.slice(8)) : null)),
        precipitation_sum: of((date) => (july(date) ? (date.endsWith("01") ? 31 : 0.5) : null)),
      },
    };
  });
  const { value, text } = await weather.ok("get_climate", { location: "Berlin", month: 7 });
  expect(value.months).toEqual([
    expect.objectContaining({
      month: "July",
      high: 25,
      highest: 40,
      low: 16,
      low_p10: 4,
      low_p90: 28,
      lowest: 1,
      precipitation: 46,
      wet_days: 1,
    }),
  ]);
  expect(text).toContain("Climate of Berlin, State of Berlin, Germany");
  const all = await weather.ok("get_climate", { location: "Berlin", units: "imperial" });
  expect(rowsOf(all.value.months)).toHaveLength(12);
  expect(rowsOf(all.value.months)[0]).toMatchObject({ high: "not available", precipitation: "not available" });
  expect(rowsOf(all.value.months)[6]).toMatchObject({ high: 77 });
  expect(weather.upstream().askedFor(/archive/)).toHaveLength(1);
});

describe("air", () => {
  test("indices in words, pollutants with their unit, and pollen in Europe", async () => {
    const { value, text } = await weather.ok("get_air_quality", { location: "Berlin", days: 2 });
    expect(value).toMatchObject({
      units: { pm2_5: "μg/m³", ozone: "μg/m³", grass: "grains/m³" },
      now: { european_words: expect.stringMatching(/good|fair/), pollutants: { pm2_5: expect.any(Number) } },
    });
    expect(rowsOf(value.days)[0]).toMatchObject({ us_aqi: 32, us_words: "good", pollen: { grass: 12.5 } });
    expect(text).toContain("grass pollen 12.5 grains/m³");
  });

  test("no pollen elsewhere", async () => {
    const { value } = await weather.ok("get_air_quality", { location: "Tokyo" });
    expect(rowsOf(value.days)[0]).not.toHaveProperty("pollen");
    expect(value.pollen_note).toContain("not available for this place");
  });
});

describe("the sea", () => {
  test("waves, swell and water, with where they come from", async () => {
    const { value, text } = await weather.ok("get_marine_forecast", { location: "Lisbon", days: 2 });
    expect(value).toMatchObject({ sea: true, units: { height: "m", temperature: "°C", period: "s" } });
    expect(rowsOf(value.days)[0]).toMatchObject({ wave_height: 2.1, swell_direction: "W", sea_temperature: 16.2 });
    expect(text).toContain("from W every 9.5 s");
  });

  test.each([
    ["no figures", undefined],
    ["a refusal", "No data is available for this location"],
  ])("inland there is none: the source has %s", async (_, reason) => {
    if (reason) weather.upstream().fault(/marine/, { status: 400, json: { error: true, reason } });
    const { value, text } = await weather.ok("get_marine_forecast", { location: "Munich" });
    expect(value).toMatchObject({ sea: false, days: [] });
    expect(text).toContain("There is no sea here");
  });

  test("an answer without any column does not mean that there is no sea", async () => {
    weather.upstream().edit(/marine/, (json) => ({ ...Object(json), hourly: {} }));
    expect(await weather.error("get_marine_forecast", { location: "40,-10" })).toContain("no figures");
  });

  test("at sea, far from any name, on both sides of the date line", async () => {
    for (const location of ["0,-180", "0.5,179.99"]) {
      expect((await weather.ok("get_marine_forecast", { location })).value).toMatchObject({ sea: true });
    }
  });
});

describe("several places", () => {
  test("are one question upstream, in the same units, and known to the other tools afterwards", async () => {
    const locations = ["Oslo", "Lisbon", "New York"];
    const { value, text } = await weather.ok("compare_weather", { locations });
    expect(rowsOf(value.places)).toMatchObject(
      ["Oslo", "Lisbon", "New York"].map((name) => ({ place: { name }, days: [{}, {}, {}] })),
    );
    expect(value.units).toMatchObject({ wind: "m/s" });
    expect(text).toContain("Lisbon, Portugal");
    await weather.ok("get_forecast", { location: "Lisbon" });
    expect(weather.upstream().askedFor(/forecast/)).toHaveLength(1);
  });

  test("are compared though one is not found, the service is down, or not all fit", async () => {
    const { value } = await weather.ok("compare_weather", { locations: ["Oslo", "Atlantis", "Lisbon"] });
    expect(value.not_found).toEqual([expect.stringContaining('"Atlantis"')]);
    weather.upstream().fault(/v1.forecast/, { status: 500, json: {} });
    const second = await weather.ok("compare_weather", { locations: ["Berlin", "Munich"] });
    expect(rowsOf(second.value.places)).toMatchObject([
      { source: { name: "MET Norway" } },
      { source: { name: "MET Norway" } },
    ]);
  });
});

test("what the resource tells is the forecast, and prompts name the tools to call", async () => {
  const client = await weather.client();
  const uri = `weather://forecast/${encodeURIComponent("Paris, Texas")}`;
  const [content] = (await client.readResource({ uri })).contents;
  expect(content).toMatchObject({ mimeType: "text/plain", text: expect.stringContaining("Forecast for Paris, Texas") });
  const plan = await client.getPrompt({
    name: "plan_outdoor_day",
    arguments: { location: "Oslo", activity: "a hike" },
  });
  expect(JSON.stringify(plan.messages)).toMatch(/a hike.*get_forecast.*get_alerts/s);
  const trip = { location: "Oslo", start_date: "2026-12-20", end_date: "2026-12-27" };
  const pack = await client.getPrompt({ name: "pack_for_trip", arguments: trip });
  expect(JSON.stringify(pack.messages)).toMatch(/2026-12-20.*get_climate/s);
});

test("an address that is no URL is refused at the start", async () => {
  await expect(weather.client(["--nws-url", "ftp://x"])).rejects.toThrow(
    "--nws-url: this is not an http or https URL.",
  );
});

test("a key is sent, and never logged or told", async () => {
  await weather.client([], { OPEN_METEO_API_KEY: "secret-key" });
  weather.upstream().fault(/v1.forecast|weatherapi/, {
    status: 400,
    json: { error: true, reason: "The supplied API key is invalid." },
  });
  const text = await weather.error("get_forecast", { location: "Berlin" });
  expect(
    weather
      .upstream()
      .askedFor(/forecast/)[0]
      ?.query.get("apikey"),
  ).toBe("secret-key");
  expect(text).toContain("The supplied API key is invalid");
  expect(text).not.toContain("secret-key");
});
