import { defineResource } from "@org/server-kit";
import type { Weather } from "../context.ts";

const TEN_MINUTES = 600_000;

/** The coming week at a place, as in get_forecast. */
export const forecastResource = defineResource({
  name: "forecast",
  uri: "weather://forecast/{location}",
  title: "Forecast of a place",
  description: "The next seven days at a place, in the units used there.",
  mimeType: "text/plain",
  async read({ location }, weather: Weather, call) {
    const { getForecast } = await import("../tools/get-forecast.ts");
    const { result } = await getForecast.call({ location }, weather, call);
    const text = result.content.flatMap((block) => (block.type === "text" ? block.text : [])).join("\n");
    return { text, cache: { ttlMs: TEN_MINUTES, cacheScope: "public" } };
  },
});
