import { readFile } from "node:fs/promises";
import { defineResource } from "@org/server-kit";
import { packageFile } from "../package-file.ts";

/** The URI of the page that shows a forecast in hosts with MCP Apps. */
export const FORECAST_VIEW = "ui://weather/forecast.html";

export const forecastView = defineResource({
  uri: FORECAST_VIEW,
  name: "forecast-view",
  title: "Forecast view",
  description: "The page that shows what get_forecast returns in hosts with MCP Apps.",
  mimeType: "text/html;profile=mcp-app",
  // The page loads nothing: no domain is allowed.
  meta: { ui: { csp: {}, prefersBorder: true } },
  read: async () => ({
    text: await readFile(packageFile("dist/forecast.html"), "utf8"),
    cache: { ttlMs: 3_600_000, cacheScope: "public" },
  }),
});
