import { describe, expect, test, vi } from "vitest";
import { startUpstream } from "./upstream/upstream.ts";
import { rowsOf, useWeather } from "./upstream/use-upstream.ts";

const weather = useWeather();
const BERLIN = { location: "52.52,13.41" };
const FORECAST = /^\/v1\/forecast$/;
const MET = /^\/weatherapi/;
const down = (status: number) => ({ status, json: { error: true, reason: "Something went wrong." } });
const limited = (reason: string, headers = {}) => ({ status: 429, headers, json: { error: true, reason } });

/** Both providers fail in this way. */
function both(fault: Parameters<ReturnType<typeof weather.upstream>["fault"]>[1], times?: number) {
  weather.upstream().fault(FORECAST, fault, times);
  weather.upstream().fault(MET, { status: 503, json: {} });
}

describe("what passes is waited for", () => {
  test.each([
    ["status 500", down(500), 3],
    ["status 503", down(503), 1],
    ["a broken connection", "broken" as const, 2],
    ["an answer that is cut off", "cut off" as const, 1],
    ["half a JSON text", { body: '{"latitude":52.52,"hou' }, 1],
    ["too many at once", limited("Too many concurrent requests"), 1],
    ["a limit for a second", limited("slow down", { "retry-after": "1" }), 1],
  ])("%s", async (_, fault, times) => {
    weather.upstream().fault(FORECAST, fault, times);
    const { value } = await weather.ok("get_forecast", BERLIN);
    expect(value).toMatchObject({ source: { name: "Open-Meteo" } });
    expect(weather.upstream().askedFor(FORECAST)).toHaveLength(times + 1);
  });
});

describe("what does not pass is said in words, and not asked again and again", () => {
  test.each([
    [
      "a page of HTML",
      { status: 404, type: "text/html", body: "<html>Not found</html>" },
      /a web page instead of JSON/,
      1,
    ],
    ["a page of HTML with status 200", { type: "text/html", body: "<html>Welcome</html>" }, /a web page/, 1],
    ["no JSON", { type: "text/plain", body: "hello" }, /something else instead of JSON/, 1],
    [
      "a redirect to another host",
      { status: 302, headers: { location: "http://127.0.0.2/x" } },
      /redirects to another host/,
      1,
    ],
    ["a redirect in a circle", { status: 302, headers: { location: "/v1/forecast" } }, /redirects in a circle/, 4],
    ["six megabytes", { body: `{"x":"${"x".repeat(6_000_000)}"}` }, /more than 5 MB/, 1],
    ["keys that would change objects", { body: '{"__proto__":{"polluted":true},"hourly":{}}' }, /forbidden key/, 1],
    ["the same, spelled otherwise", { body: '{"hourly":{"\\u005f_proto__":{"polluted":true}}}' }, /forbidden key/, 1],
    ["a list without end", { body: `{"x":[${"0,".repeat(250_000)}0]}` }, /a list that is too long/, 1],
    ["a list in a list in a list", { body: `${"[".repeat(5000)}${"]".repeat(5000)}` }, /nested too deep/, 1],
    ["a number instead of an object", { body: "7" }, /not as documented/, 1],
    [
      "status 400 with a reason",
      { status: 400, json: { error: true, reason: "Cannot initialize X" } },
      /Cannot initialize X/,
      1,
    ],
    ["status 500 for ever", down(500), /status 500/, 4],
    ["an error with status 200", { json: { error: true, reason: "Out of order" } }, /"Out of order"/, 1],
  ])("%s", async (_, fault, message, requests) => {
    both(fault);
    const text = await weather.error("get_forecast", BERLIN);
    expect(text).toMatch(/^unavailable: Open-Meteo is not available: /);
    expect(text).toMatch(message);
    expect(text).toMatch(/Try again in a few minutes\.$/);
    expect(weather.upstream().askedFor(FORECAST)).toHaveLength(requests);
    expect("polluted" in {}).toBe(false);
  });

  test("a key that is not accepted: it passes with no time", async () => {
    both({ status: 401, json: { error: true, reason: "The supplied API key is invalid." } });
    const text = await weather.error("get_forecast", BERLIN);
    expect(text).toMatch(
      /status 401: "The supplied API key is invalid\."\. Whoever runs this server should check the key/,
    );
  });

  test.each([
    ["far away", "52.52,13.41", [48.85, 2.35]],
    ["on the other side of the equator", "33.9,151.2", [-33.9, 151.2]],
    ["with its coordinates the wrong way round", "52.52,13.41", [13.41, 52.52]],
    ["without a point", "52.52,13.41", [undefined, undefined]],
  ])("an answer for a point %s", async (_, location, [latitude, longitude]) => {
    weather.upstream().edit(FORECAST, (json) => ({ ...Object(json), latitude, longitude }));
    weather.upstream().fault(MET, { status: 503, json: {} });
    expect(await weather.error("get_forecast", { location })).toMatch(
      /not as documented \(it (is for .* instead of|does not say for which point)/,
    );
  });

  test("answers for the other places of a comparison", async () => {
    weather.upstream().edit(FORECAST, (json) => (Array.isArray(json) ? [...json].reverse() : json));
    const { value } = await weather.ok("compare_weather", { locations: ["52.52,13.41", "10,10"] });
    const [berlin, tropics] = rowsOf(value.places).map(({ days }) => rowsOf(days)[0]?.temperature_max);
    expect(Number(tropics)).toBeGreaterThan(Number(berlin) + 10);
  });

  test("MET Norway and the National Weather Service, each for another point", async () => {
    const elsewhere = (json: unknown) => ({
      ...Object(json),
      geometry: { type: "Point", coordinates: [-74.2, 40.71] },
    });
    weather.upstream().fault(FORECAST, down(500));
    weather.upstream().edit(MET, elsewhere);
    weather.upstream().edit(/^\/points/, elsewhere);
    expect(await weather.error("get_forecast", { location: "40.71,-74.01" })).toMatch(/^unavailable/);
    const { value } = await weather.ok("get_alerts", { location: "40.71,-74.01" });
    expect(value).toMatchObject({ status: "unknown", note: expect.stringContaining("instead of 40.71,-74.01") });
  });

  test.each([
    ["beside the antimeridian", "-16.5,179.98", [-16.5, -179.9]],
    ["at the pole", "89.9,0", [89.95, 120]],
    ["some cells away", "52.52,13.41", [52.9, 13.9]],
  ])("but a cell %s may answer", async (_, location, [latitude, longitude]) => {
    weather.upstream().edit(FORECAST, (json) => ({ ...Object(json), latitude, longitude }));
    const { value } = await weather.ok("get_forecast", { location });
    expect(value).toMatchObject({ source: { name: "Open-Meteo" } });
  });

  test("texts in the place of figures, and columns of another length", async () => {
    weather.upstream().fault(MET, { status: 503, json: {} });
    const put = (column: unknown) =>
      weather
        .upstream()
        .edit(FORECAST, (json) => ({ ...Object(json), hourly: { ...Object(json).hourly, temperature_2m: column } }));
    put(["12.3", "13"]);
    expect(await weather.error("get_forecast", BERLIN)).toContain("hourly.temperature_2m: not 384 values");
    put(Array.from({ length: 384 }, () => "12.3"));
    expect(await weather.error("get_forecast", BERLIN)).toContain("hourly.temperature_2m: not a number");
  });

  test.each([
    ["an error with status 200", () => ({ error: true, reason: "Something went wrong." })],
    ["nothing", () => ({})],
    ["no offset of its times", (json: unknown) => ({ ...Object(json), utc_offset_seconds: "3600" })],
    ["a day twice", (json: unknown) => spoilTime(json, (times) => [times[0], ...times.slice(0, -1)])],
  ])("an answer with %s is none, and the other provider answers", async (_, edit) => {
    weather.upstream().edit(FORECAST, edit);
    expect((await weather.ok("get_forecast", BERLIN)).value).toMatchObject({ source: { name: "MET Norway" } });
  });

  test("an error of the geocoder with status 200 is not taken for a place that does not exist", async () => {
    weather.upstream().edit(/^\/v1\/search/, () => ({ error: true, reason: "Something went wrong." }));
    expect(await weather.error("get_forecast", { location: "Berlin" })).toMatch(/^unavailable/);
  });

  test("a host that cannot be found", async () => {
    const { createClient } = await import("../src/upstream/client.ts");
    const { silent } = await import("@org/server-kit/testing");
    const client = createClient({ width: 1, timeout: 8000, firstWait: 1, userAgent: "test", log: silent });
    const memory = client.memory({ source: "Nobody", ttl: 1000, maxStale: 0, parse: (json) => json });
    const gone = await startUpstream();
    await gone.close();
    await expect(memory.get(new URL(gone.url), new AbortController().signal)).rejects.toThrow(
      "Nobody is not available: it refuses connections.",
    );
  });

  test("a remembered forecast is one object, by which what was worked out of it is found again", async () => {
    const { createClient } = await import("../src/upstream/client.ts");
    const { createOpenMeteoForecasts } = await import("../src/providers/open-meteo/forecast.ts");
    const { fromNow } = await import("../src/forecast/from-now.ts");
    const { silent } = await import("@org/server-kit/testing");
    weather.at("2026-11-28T09:00:00Z");
    const { url } = weather.upstream();
    const client = createClient({ width: 1, timeout: 8000, firstWait: 1, userAgent: "test", log: silent });
    const services = { forecast: url, geocoding: url, archive: url, airQuality: url, marine: url, ensemble: url };
    const place = { name: "Berlin", latitude: 52.5244, longitude: 13.4105, timezone: "Europe/Berlin" };
    const { signal } = new AbortController();
    const { forecast } = createOpenMeteoForecasts(client, services);
    const first = await forecast(place, signal);
    expect(await forecast(place, signal)).toBe(first);
    expect(fromNow(first)).toBe(fromNow(first));
    expect((await forecast({ ...place, name: "Mitte" }, signal)).place.name).toBe("Mitte");
  });

  test.each(["silence", "trickle"] as const)(
    "%s ends with the time-out of one request, and the other provider answers",
    async (fault) => {
      weather.upstream().fault(FORECAST, fault);
      await weather.client(["--upstream-timeout", "100ms"]);
      const { value } = await weather.ok("get_forecast", BERLIN);
      expect(value).toMatchObject({ source: { name: "MET Norway" } });
    },
  );
});

function spoilTime(json: unknown, change: (times: readonly unknown[]) => readonly unknown[]): unknown {
  const { daily, ...rest } = Object(json);
  return { ...rest, daily: { ...daily, time: change(daily.time) } };
}

describe("limits", () => {
  test.each([
    ["Minutely API request limit exceeded. Please try again in one minute.", "2026-11-28T12:31:30Z"],
    ["Hourly API request limit exceeded. Please try again in the next hour.", "2026-11-28T13:00:00Z"],
    ["Daily API request limit exceeded. Please try again tomorrow.", "2026-11-29T00:00:00Z"],
  ])("%s", async (reason, until) => {
    weather.at("2026-11-28T12:30:30Z");
    both(limited(reason));
    const text = await weather.error("get_forecast", BERLIN);
    expect(text).toMatch(/^rate_limited: Open-Meteo: its limit of requests is reached/);
    expect(text).toContain(`Ask again after ${until}.`);
    await weather.error("get_forecast", { location: "10,10" });
    // Asked once, whoever asks meanwhile.
    expect(weather.upstream().askedFor(FORECAST)).toHaveLength(1);
  });

  test("programs learn when to come back, also from a date", async () => {
    weather.at("2026-11-28T12:30:30Z");
    both(limited("", { "retry-after": "Sat, 28 Nov 2026 12:32:30 GMT" }));
    const result = await (await weather.client()).callTool({ name: "get_forecast", arguments: BERLIN });
    expect(result._meta).toMatchObject({ error: { code: "rate_limited", retryable: true, retryAfterMs: 120_000 } });
  });

  test("a question for thirty years counts as many, and the hour's quota is not exceeded", async () => {
    const found: string[] = [];
    // What the answer says does not matter here, as long as it is for a point near all of these.
    const none = { latitude: 0, longitude: 0, timezone: "UTC", utc_offset_seconds: 0, daily: { time: ["1991-01-01"] } };
    weather.upstream().fault(/archive/, { json: none });
    for (let at = 0; at < 25; at++) {
      const result = await (await weather.client()).callTool({
        name: "get_climate",
        arguments: { location: `0.0${at},0` },
      });
      if (result.isError) found.push(JSON.stringify(result.content));
    }
    expect(weather.upstream().askedFor(/archive/)).toHaveLength(21);
    expect(found[0]).toMatch(/rate_limited: Open-Meteo: this server has used \d+ of the 5000 calls .* per hour/);
  });
});

describe("what is remembered", () => {
  test("a thousand questions about twenty places are twenty requests, one at a time", async () => {
    const client = await weather.client();
    const tools = ["get_weather", "get_forecast"] as const;
    const calls = Array.from({ length: 1000 }, (_, at) => ({
      name: tools[at % 2] ?? "get_weather",
      arguments: { location: `${20 + (at % 20)},30`, ...(at % 3 === 0 && { units: "si" }) },
    }));
    const results = await Promise.all(calls.map((call) => client.callTool(call)));
    expect(results.filter(({ isError }) => isError)).toEqual([]);
    expect(weather.upstream().asked).toHaveLength(20);
    expect(weather.upstream().mostAtOnce()).toBe(1);
  });

  test("now is new after ten minutes, the forecast after an hour, the name of a place after a week", async () => {
    weather.at("2026-11-28T12:00:00Z");
    const minutes = async (later: number, tool: string) => {
      vi.setSystemTime(Date.parse("2026-11-28T12:00:00Z") + later * 60_000);
      await weather.ok(tool, { location: "Berlin" });
      return weather.upstream().askedFor(FORECAST).length;
    };
    expect(await minutes(0, "get_forecast")).toBe(1);
    expect(await minutes(9, "get_weather")).toBe(1);
    expect(await minutes(11, "get_weather")).toBe(2);
    expect(await minutes(70, "get_forecast")).toBe(2);
    expect(await minutes(72, "get_forecast")).toBe(3);
    expect(weather.upstream().askedFor(/search/)).toHaveLength(1);
    await minutes(8 * 24 * 60, "get_forecast");
    expect(weather.upstream().askedFor(/search/)).toHaveLength(2);
  });

  test("what a source says about keeping its answer counts more than that", async () => {
    weather.at("2026-11-28T12:00:00Z");
    await weather.ok("get_alerts", { location: "New York" });
    const before = weather.upstream().askedFor(/alerts/).length;
    vi.setSystemTime("2026-11-28T12:00:29Z");
    await weather.ok("get_alerts", { location: "New York" });
    expect(weather.upstream().askedFor(/alerts/)).toHaveLength(before);
    vi.setSystemTime("2026-11-28T12:00:31Z");
    await weather.ok("get_alerts", { location: "New York" });
    expect(weather.upstream().askedFor(/alerts/)).toHaveLength(2 * before);
  });

  test("an answer that has not changed is asked for with a condition, and served from memory", async () => {
    weather.at("2026-11-28T12:05:00Z");
    weather.upstream().fault(FORECAST, down(500));
    const first = await weather.ok("get_forecast", BERLIN);
    vi.setSystemTime("2026-11-28T12:40:00Z");
    const second = await weather.ok("get_forecast", BERLIN);
    const asked = weather.upstream().askedFor(MET);
    expect(asked).toHaveLength(2);
    expect(asked[1]?.headers["if-modified-since"]).toBe("Sat, 28 Nov 2026 12:00:00 GMT");
    expect(second.value.days).toEqual(first.value.days);
    expect(second.value.source).toMatchObject({ updated: "2026-11-28T13:40+01:00" });
  });

  test("a source that is down leaves its last answer, with its age; an old one only when nobody else answers", async () => {
    weather.at("2026-11-28T12:00:00Z");
    await weather.ok("get_forecast", BERLIN);
    weather.upstream().fault(FORECAST, down(500));
    vi.setSystemTime("2026-11-28T14:30:00Z");
    const stale = await weather.ok("get_forecast", BERLIN);
    expect(stale.value.source).toMatchObject({ name: "Open-Meteo", stale: expect.stringContaining("3 h old") });
    expect(stale.text).toContain("Open-Meteo is down: this answer is 3 h old.");
    vi.setSystemTime("2026-11-28T18:00:00Z");
    expect((await weather.ok("get_forecast", BERLIN)).value.source).toMatchObject({ name: "MET Norway" });
    weather.upstream().fault(MET, down(500));
    vi.setSystemTime("2026-11-28T19:00:00Z");
    const both = await weather.ok("get_forecast", { location: "52.52,13.41" });
    expect(both.value.source).toMatchObject({ stale: expect.any(String) });
  });

  test("a caller that leaves does not take the answer from the others", async () => {
    const client = await weather.client();
    const leaving = new AbortController();
    const ask = (signal?: AbortSignal) =>
      client.callTool({ name: "get_forecast", arguments: BERLIN }, signal ? { signal } : {});
    const gone = ask(leaving.signal).catch(() => "left");
    const stays = ask();
    leaving.abort();
    expect(await gone).toBe("left");
    expect((await stays).isError).toBeFalsy();
    expect(weather.upstream().askedFor(FORECAST)).toHaveLength(1);
  });
});

test("an option may have the whole address, a prefix, or the origin alone", async () => {
  const { endpoint } = await import("../src/upstream/address.ts");
  const at = (base: string) => endpoint(base, "/v1/forecast").href;
  expect(at("http://x:1")).toBe("http://x:1/v1/forecast");
  expect(at("http://x:1/")).toBe("http://x:1/v1/forecast");
  expect(at("http://x:1/v1")).toBe("http://x:1/v1/forecast");
  expect(at("http://x:1/v1/forecast/")).toBe("http://x:1/v1/forecast");
  expect(at("http://x:1/proxy/meteo")).toBe("http://x:1/proxy/meteo/v1/forecast");
});

test("who waits in line behind a silent host is answered by another source at once", async () => {
  weather.upstream().fault(FORECAST, "silence");
  const client = await weather.client(["--upstream-timeout", "200ms", "--timeout", "3s"]);
  const places = Array.from({ length: 12 }, (_, at) => ({ location: `${at},20` }));
  const results = await Promise.all(places.map((given) => client.callTool({ name: "get_forecast", arguments: given })));
  expect(results.filter(({ isError }) => isError)).toEqual([]);
  expect(weather.upstream().askedFor(FORECAST).length).toBeLessThan(6);
});
