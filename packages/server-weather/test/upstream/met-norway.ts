import type { Answer, Asked } from "./upstream.ts";

const HOUR = 3_600_000;
const HOURS = 52;
const LONG_STEPS = 28;

/** As the real service: a contact or nothing, four decimals or nothing, and 304 to those who ask again in time. */
export function locationForecast({ query, headers }: Asked): Answer {
  if (!/@|https?:/.test(headers["user-agent"] ?? ""))
    return { status: 403, type: "text/html", body: "<html>403 Forbidden</html>" };
  const [lat, lon] = [query.get("lat") ?? "", query.get("lon") ?? ""];
  if (/\.\d{5}/.test(`${lat} ${lon}`))
    return { status: 403, type: "text/html", body: "<html>too many decimals</html>" };
  for (const key of query.keys()) if (!/^(lat|lon|altitude)$/.test(key)) throw new Error(`unknown parameter ${key}`);
  const updated = new Date(Math.floor(Date.now() / HOUR) * HOUR);
  const cache = { expires: new Date(Date.now() + HOUR / 2).toUTCString(), "last-modified": updated.toUTCString() };
  if (headers["if-modified-since"] === cache["last-modified"]) return { status: 304, headers: cache };
  const from = updated.getTime();
  const times = [
    ...Array.from({ length: HOURS }, (_, hour) => from + hour * HOUR),
    ...Array.from({ length: LONG_STEPS }, (_, step) => from + (HOURS + 6 * step) * HOUR),
  ];
  return {
    headers: cache,
    json: {
      type: "Feature",
      geometry: { type: "Point", coordinates: [Number(lon), Number(lat), Number(query.get("altitude") ?? 10)] },
      properties: {
        meta: { updated_at: updated.toISOString().replace(".000", ""), units: UNITS },
        timeseries: times.map((time, at) => step(time, at, times.length)),
      },
    },
  };
}

const UNITS = {
  air_pressure_at_sea_level: "hPa",
  air_temperature: "celsius",
  cloud_area_fraction: "%",
  precipitation_amount: "mm",
  probability_of_precipitation: "%",
  relative_humidity: "%",
  ultraviolet_index_clear_sky: "1",
  wind_from_direction: "degrees",
  wind_speed: "m/s",
  wind_speed_of_gust: "m/s",
};

function step(time: number, at: number, count: number) {
  const window = (amount: number) => ({
    summary: { symbol_code: "lightrainshowers_day" },
    details: { precipitation_amount: amount, probability_of_precipitation: 40 },
  });
  return {
    time: new Date(time).toISOString().replace(".000", ""),
    data: {
      instant: {
        details: {
          air_pressure_at_sea_level: 1003.4,
          air_temperature: 4.5,
          cloud_area_fraction: 88.3,
          relative_humidity: 81.2,
          wind_from_direction: 214.5,
          wind_speed: 5.1,
        },
      },
      // The last step has no windows, and the last hour only the long ones.
      ...(at < count - 1 && { next_12_hours: { summary: { symbol_code: "rain" }, details: {} } }),
      ...(at < HOURS && { next_1_hours: window(0.3) }),
      ...(at < count - 1 && { next_6_hours: window(1.2) }),
    },
  };
}
