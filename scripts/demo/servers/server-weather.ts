import { startUpstream } from "../../../packages/server-weather/test/upstream/upstream.ts";
import { asking, type Demo, has } from "../play.ts";

const PATIENCE_MS = 3000;
/** One small request decides whether the demonstration uses live weather, or the tests' fake source. */
const isLive = await fetch(
  "https://api.open-meteo.com/v1/forecast?latitude=52.52&longitude=13.41&current=temperature_2m",
  {
    signal: AbortSignal.timeout(PATIENCE_MS),
  },
).then(
  ({ ok }) => ok,
  () => false,
);
const WHERE = isLive ? "live" : "no network, so against the tests' stand-in";

export const demo: Demo = {
  async prepare() {
    if (isLive) return { args: [], env: {}, remove: async () => undefined };
    const { env, close } = await startUpstream();
    return { args: [], env, remove: close };
  },
  stdio: {
    "2026-07-28": [
      asking(
        `Will it rain in Paris, Texas? (${WHERE})`,
        "get_forecast",
        { location: "Paris, Texas", days: 2 },
        "it lies in the United States: degrees Fahrenheit, and the time of Chicago",
        ({ value }) =>
          has(value, {
            place: { region: "Texas", timezone: "America/Chicago" },
            units: { temperature: "°F", wind: "mph" },
          }),
      ),
      asking("And in 東京?", "get_forecast", { location: "東京", days: 1 }, "Tokyo, in degrees Celsius", ({ value }) =>
        has(value, { place: { country_code: "JP", timezone: "Asia/Tokyo" }, units: { temperature: "°C" } }),
      ),
      asking(
        "Which units do people in London use?",
        "get_weather",
        { location: "London" },
        "degrees Celsius with miles per hour",
        ({ value }) => has(value, { units: { temperature: "°C", wind: "mph" } }),
      ),
      asking(
        "When did the sun set in Tromsø on 21 June 2025?",
        "get_historical_weather",
        { location: "Tromsø", start_date: "2025-06-21", end_date: "2025-06-21" },
        "it did not: Tromsø has midnight sun from May to July",
        ({ value }) => has(value, { days: { 0: { sunset: "does not set" } } }),
      ),
      asking(
        "The weather in Berlin on 26 October 2025, hour by hour.",
        "get_historical_weather",
        { location: "Berlin", start_date: "2025-10-26", end_date: "2025-10-26", granularity: "hourly" },
        "the clocks went back that night: 25 hours",
        ({ value }) => has(value, { hours: { 24: { time: "2025-10-26T23:00+01:00" } } }),
      ),
      asking(
        "How high are the waves in Munich?",
        "get_marine_forecast",
        { location: "Munich" },
        "Munich lies inland",
        ({ value }) => has(value, { sea: false }),
      ),
      asking(
        "Are there warnings for Sydney?",
        "get_alerts",
        { location: "Sydney" },
        "no source of the server covers Australia, and it must not say that there are none",
        ({ value }) => has(value, { status: "no_source" }),
      ),
    ],
    "2025-11-25": [
      asking(
        "The weather at 95,10.",
        "get_weather",
        { location: "95,10" },
        "there is no such latitude",
        ({ failed, text }) => failed && text.startsWith("invalid_input:"),
      ),
      asking(
        "A picture of the week in Oslo.",
        "draw_weather_chart",
        { location: "Oslo" },
        "a picture comes with its facts in words, in metres per second, as Norwegians measure wind",
        ({ text }) => text.includes("Oslo") && text.includes("m/s"),
      ),
    ],
  },
  http: asking(
    "Which Springfields are there in Illinois?",
    "search_locations",
    { query: "Springfield, IL" },
    "the capital of Illinois is one",
    ({ value }) => has(value, { matches: { 0: { name: "Springfield", region: "Illinois" } } }),
  ),
};
