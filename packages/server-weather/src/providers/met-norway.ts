import { dailyFromHours } from "../forecast/own-days.ts";
import { sunOn } from "../forecast/sun.ts";
import type { Forecast, Hourly, HourlyName, Place, Series } from "../forecast/types.ts";
import { dateAt } from "../forecast/zone.ts";
import { uniformUnit } from "../units/convert.ts";
import { coordinate, endpoint } from "../upstream/address.ts";
import { type Client, TTL } from "../upstream/client.ts";
import {
  type Fields,
  fieldsIn,
  fieldsOf,
  listIn,
  notAsDocumented,
  numberIn,
  textIn,
  timeIn,
} from "../upstream/reading.ts";
import { EXACT, geometryOf, requirePoint } from "./asked-point.ts";
import type { ForecastProvider } from "./provider.ts";

const MET_NORWAY = "MET Norway";
const HOUR = 3_600_000;

/** WMO codes, which the other provider uses, by symbol without "_day" and "_night". */
const SYMBOLS: Readonly<Record<string, number>> = {
  clearsky: 0,
  fair: 1,
  partlycloudy: 2,
  cloudy: 3,
  fog: 45,
  lightrain: 61,
  rain: 63,
  heavyrain: 65,
  lightsleet: 68,
  sleet: 69,
  heavysleet: 69,
  lightsnow: 71,
  snow: 73,
  heavysnow: 75,
  lightrainshowers: 80,
  rainshowers: 81,
  heavyrainshowers: 82,
  lightsleetshowers: 83,
  sleetshowers: 84,
  heavysleetshowers: 84,
  lightsnowshowers: 85,
  snowshowers: 85,
  heavysnowshowers: 86,
};

const INSTANT: readonly (readonly [HourlyName, string])[] = [
  ["temperature", "air_temperature"],
  ["dew_point", "dew_point_temperature"],
  ["humidity", "relative_humidity"],
  ["cloud_cover", "cloud_area_fraction"],
  ["pressure", "air_pressure_at_sea_level"],
  ["wind_speed", "wind_speed"],
  ["wind_gusts", "wind_speed_of_gust"],
  ["wind_direction", "wind_from_direction"],
  ["uv_index", "ultraviolet_index_clear_sky"],
];

interface Step {
  readonly time: number;
  readonly instant: Fields;
  /** The windows that begin at this step, shortest first. */
  readonly windows: readonly {
    readonly hours: number;
    readonly details: Fields;
    readonly symbol: string | undefined;
  }[];
}

type HoursRead = { readonly hourly: Hourly };

/**
 * Forecasts from MET Norway: hourly for the first two or three days, then in steps of six hours. It takes over when the
 * first provider is down.
 */
export function createMetNorway(client: Client, base: string): ForecastProvider {
  const forecasts = client.memory<HoursRead>({
    source: MET_NORWAY,
    ttl: TTL.forecast,
    maxStale: 24 * TTL.forecast,
    parse: readForecast,
  });
  return {
    async forecast(place: Place, signal: AbortSignal): Promise<Forecast> {
      const url = endpoint(base, "/weatherapi/locationforecast/2.0/complete");
      url.searchParams.set("lat", coordinate(place.latitude));
      url.searchParams.set("lon", coordinate(place.longitude));
      if (place.elevation !== undefined) url.searchParams.set("altitude", String(Math.round(place.elevation)));
      const { value, fetchedAt, isStale } = await forecasts.get(url, signal);
      const zone = place.timezone;
      const dates = [...new Set(value.hourly.times.map((time) => dateAt(zone, time)))];
      const daily = {
        dates,
        series: dailyFromHours(value.hourly, zone, dates),
        sun: dates.map((date) => sunOn(place, zone, date)),
      };
      const attribution = "Weather data from MET Norway (CC BY 4.0)";
      return { place, source: { name: MET_NORWAY, attribution, fetchedAt, isStale }, hourly: value.hourly, daily };
    },
  };
}

function readForecast(json: unknown, { searchParams }: URL): HoursRead {
  const asked = { latitude: Number(searchParams.get("lat")), longitude: Number(searchParams.get("lon")) };
  requirePoint(MET_NORWAY, asked, geometryOf(fieldsOf(json)), EXACT);
  const properties = fieldsIn(fieldsOf(json), "properties");
  const units = fieldsIn(fieldsIn(properties, "meta"), "units");
  const steps = listIn(properties, "timeseries").flatMap(readStep);
  if (steps.length === 0) throw notAsDocumented(MET_NORWAY, "no time series");
  const times = steps.map(({ time }) => time);
  const series: Partial<Record<HourlyName, Series>> = {};
  const unitOf = (variable: string) => {
    const unit = uniformUnit(textIn(units, variable) ?? "");
    return unit === "1" ? "" : unit;
  };
  for (const [name, variable] of INSTANT) {
    const values = steps.map(({ instant }) => numberIn(instant, variable));
    if (values.some((value) => value !== undefined)) series[name] = { unit: unitOf(variable), values };
  }
  // The service gives precipitation for windows that begin at a step; this server uses windows that end at one.
  const before = steps.map((_, at) => fallBetween(steps[at - 1], steps[at]));
  series.precipitation = { unit: unitOf("precipitation_amount"), values: before.map((fall) => fall?.amount) };
  const chances = before.map((fall) => fall?.probability);
  if (chances.some((chance) => chance !== undefined)) series.precipitation_probability = { unit: "%", values: chances };
  series.weather_code = { unit: "", values: steps.map(codeOf) };
  return { hourly: { times, series } };
}

function readStep(json: unknown): Step[] {
  const fields = fieldsOf(json);
  const time = timeIn(fields, "time");
  if (time === undefined) return [];
  const data = fieldsIn(fields, "data");
  const windows = [1, 6, 12].flatMap((hours) => {
    const window = fieldsOf(data.get(`next_${hours}_hours`));
    if (!window) return [];
    return [
      { hours, details: fieldsIn(window, "details"), symbol: textIn(fieldsIn(window, "summary"), "symbol_code") },
    ];
  });
  return [{ time, instant: fieldsIn(fieldsIn(data, "instant"), "details"), windows }];
}

/**
 * Precipitation between two steps. If the matching window is missing, as between hours and longer steps, a share of a
 * longer one is used.
 */
function fallBetween(from: Step | undefined, to: Step | undefined) {
  if (!from || !to) return undefined;
  const hours = (to.time - from.time) / HOUR;
  const told = from.windows.filter(({ details }) => numberIn(details, "precipitation_amount") !== undefined);
  const window = told.find((one) => one.hours >= hours);
  if (!window || hours <= 0) return undefined;
  const whole = numberIn(window.details, "precipitation_amount") ?? 0;
  return {
    amount: Number(((whole * hours) / window.hours).toFixed(2)),
    probability: numberIn(window.details, "probability_of_precipitation"),
  };
}

function codeOf({ windows }: Step): number | undefined {
  const symbol = windows.find((window) => window.symbol !== undefined)?.symbol?.replace(/_.*$/, "");
  if (symbol === undefined) return undefined;
  if (symbol.endsWith("thunder")) return 95;
  return Object.hasOwn(SYMBOLS, symbol) ? SYMBOLS[symbol] : undefined;
}
