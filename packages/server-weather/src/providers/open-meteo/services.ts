import type { Client } from "../../upstream/client.ts";
import { TTL } from "../../upstream/client.ts";
import type { OpenMeteo } from "./request.ts";
import { createTable } from "./rows.ts";
import { ATTRIBUTION } from "./sections.ts";

export const POLLUTANTS = [
  "pm2_5",
  "pm10",
  "ozone",
  "nitrogen_dioxide",
  "sulphur_dioxide",
  "carbon_monoxide",
  "dust",
] as const;
export const POLLEN = ["alder", "birch", "grass", "mugwort", "olive", "ragweed"] as const;
export const INDICES = ["european_aqi", "us_aqi"] as const;
export const WAVES = [
  "wave_height",
  "wave_direction",
  "wave_period",
  "wind_wave_height",
  "swell_wave_height",
  "swell_wave_direction",
  "swell_wave_period",
  "sea_surface_temperature",
  "ocean_current_velocity",
  "ocean_current_direction",
] as const;
export const SPREAD = ["temperature_2m_max", "temperature_2m_min", "precipitation_sum"] as const;

/** Cells have half a degree, and the nearest one at sea may be several cells away. */
const COARSE = 300;

/** Air, sea and ensembles: smaller services with one kind of request each. */
export function createServices(client: Client, services: OpenMeteo) {
  const shared = { client, services, ttl: TTL.forecast, reach: COARSE };
  return {
    air: createTable({
      ...shared,
      base: services.airQuality,
      path: "/v1/air-quality",
      attribution: `${ATTRIBUTION}; air quality: CAMS, Copernicus Atmosphere Monitoring Service`,
      hourly: [...INDICES, ...POLLUTANTS, ...POLLEN.map((plant) => `${plant}_pollen`)],
      days: 7,
    }),
    sea: createTable({ ...shared, base: services.marine, path: "/v1/marine", hourly: WAVES, days: 8 }),
    ensemble: createTable({
      ...shared,
      base: services.ensemble,
      path: "/v1/ensemble",
      attribution: `${ATTRIBUTION}; ensemble: ECMWF`,
      daily: SPREAD,
      params: { models: "ecmwf_ifs025_ensemble" },
      days: 15,
      extra: /_member\d+/,
    }),
  };
}
