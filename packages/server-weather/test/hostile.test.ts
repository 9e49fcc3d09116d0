import { call, isHeavy } from "@org/server-kit/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { warning } from "./upstream/meteoalarm.ts";
import { nwsAlert } from "./upstream/nws.ts";
import { useWeather } from "./upstream/use-upstream.ts";

const weather = useWeather();
const HOSTILE: readonly unknown[] = [
  null,
  -0,
  1e300,
  -1e15,
  "",
  "7 °C",
  "2026-11-28T25:61",
  "1970-01-01T00:00",
  "+275760-09-13T00:00Z",
  "\u202e<b>",
  [],
  {},
  [null],
  [[]],
  { length: 1e9 },
  true,
  "x".repeat(10_000),
];

/** Replaces one value somewhere in an answer; `path` chooses the way down. */
function spoil(json: unknown, path: readonly number[], by: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof json !== "object" || json === null) return by;
  const entries = Object.entries(json);
  const at = entries.length === 0 ? -1 : step % entries.length;
  const spoilt = entries.map(([key, value], index) => [key, index === at ? spoil(value, rest, by) : value] as const);
  return Array.isArray(json) ? spoilt.map(([, value]) => value) : Object.fromEntries(spoilt);
}

const CALLS = [
  ["/v1/forecast", "get_weather", { location: "52.52,13.41" }],
  ["/v1/forecast", "get_forecast", { location: "52.52,13.41", granularity: "hourly" }],
  ["/v1/forecast", "compare_weather", { locations: ["52.52,13.41", "10,10"] }],
  ["/v1/search", "get_forecast", { location: "Paris, Texas" }],
  ["/v1/search", "search_locations", { query: "Paris" }],
  [
    "/v1/archive",
    "get_historical_weather",
    { location: "52.52,13.41", start_date: "2025-03-29", end_date: "2025-04-02" },
  ],
  ["/v1/air-quality", "get_air_quality", { location: "52.52,13.41" }],
  ["/v1/marine", "get_marine_forecast", { location: "40,-10" }],
  ["/v1/ensemble", "get_forecast", { location: "52.52,13.41", uncertainty: true }],
  ["/weatherapi", "get_forecast", { location: "52.52,13.41" }],
  ["/points", "get_weather", { location: "40.71,-74.01" }],
  ["/stations", "get_weather", { location: "40.71,-74.01" }],
  ["/alerts", "get_alerts", { location: "40.71,-74.01" }],
  ["/api/v1/warnings", "get_alerts", { location: "52.52,13.41" }],
] as const;

test.each(CALLS)("%s, spoilt anywhere: %s answers or fails in words, and never crashes", async (path, tool, given) => {
  if (path === "/weatherapi") weather.upstream().fault(/^\/v1\/forecast/, { status: 500, json: {} });
  let spoilt: { path: readonly number[]; by: unknown } = { path: [], by: {} };
  const area = { areaDesc: "Berlin", polygon: "52,13 53,13 53,14 52,14 52,13" };
  const pattern = new RegExp(`^${path.replaceAll("/", "\\/")}`);
  weather.upstream().edit(pattern, (json) => {
    if (path === "/alerts")
      return spoil({ ...Object(json), features: [nwsAlert("a", "Wind Advisory")] }, spoilt.path, spoilt.by);
    if (path === "/api/v1/warnings") return spoil({ warnings: [warning("w", "wind", area)] }, spoilt.path, spoilt.by);
    return spoil(json, spoilt.path, spoilt.by);
  });
  const paths = fc.array(fc.nat(400), { maxLength: 7 });
  await fc.assert(
    fc.asyncProperty(paths, fc.constantFrom(...HOSTILE), async (way, by) => {
      spoilt = { path: way, by };
      // A new server, which remembers nothing.
      await weather.renew();
      const { text, value } = await call(await weather.client(), tool, given);
      expect(text).not.toMatch(/^internal/);
      expect(`${text} ${JSON.stringify(value)}`).not.toMatch(/:null\b|NaN|Infinity|undefined|\u202e/);
      if (tool !== "get_alerts") expect(text).not.toContain("x".repeat(300));
    }),
    { numRuns: isHeavy ? 2000 : 12 },
  );
});
