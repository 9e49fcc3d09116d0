import { serverContract } from "@org/server-kit/testing";
import { afterAll } from "vitest";
import { weatherServer } from "../src/server.ts";
import { startUpstream } from "./upstream/upstream.ts";

const upstream = await startUpstream();
afterAll(upstream.close);

serverContract(weatherServer, {
  env: { ...upstream.env, WEATHER_RETRY_WAIT: "1ms" },
  samples: [
    ["get_weather", { location: "New York" }],
    ["get_forecast", { location: "Paris", days: 16, uncertainty: true }],
    ["get_forecast", { location: "Springfield", days: 16, granularity: "hourly" }],
    ["get_alerts", { location: "New York" }],
    ["compare_weather", { locations: ["Paris", "London", "Springfield", "Tokyo"], days: 16 }],
    ["draw_weather_chart", { location: "Oslo", days: 16 }],
    ["get_historical_weather", { location: "Paris", start_date: "2024-01-01", end_date: "2024-12-31" }],
    ["get_climate", { location: "Paris" }],
    ["get_air_quality", { location: "Munich", days: 7 }],
    ["get_marine_forecast", { location: "Lisbon", days: 8 }],
    ["search_locations", { query: "Springfield", limit: 50 }],
  ],
});
