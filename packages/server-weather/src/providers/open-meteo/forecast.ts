import { daysFrom, hoursFrom } from "../../forecast/from-now.ts";
import { withOwnDays } from "../../forecast/own-days.ts";
import { sunOn } from "../../forecast/sun.ts";
import type { DailyName, Forecast, Hourly, HourlyName, Place, Series, Sun } from "../../forecast/types.ts";
import { addDays, dateAt, daysBetween, offsetAt, startOfDay } from "../../forecast/zone.ts";
import { type Client, TTL } from "../../upstream/client.ts";
import { fieldsIn, notAsDocumented } from "../../upstream/reading.ts";
import type { Point } from "../asked-point.ts";
import { addressOf, type OpenMeteo, pointsOf, refused, weightOf } from "./request.ts";
import {
  type Answer,
  ATTRIBUTION,
  OPEN_METEO,
  readAnswer,
  readColumns,
  readDates,
  readMoments,
  readTimes,
  unitOf,
  type Variables,
} from "./sections.ts";

const HOURLY: Variables<HourlyName> = {
  temperature: "temperature_2m",
  feels_like: "apparent_temperature",
  dew_point: "dew_point_2m",
  humidity: "relative_humidity_2m",
  precipitation: "precipitation",
  precipitation_probability: "precipitation_probability",
  snowfall: "snowfall",
  weather_code: "weather_code",
  cloud_cover: "cloud_cover",
  pressure: "pressure_msl",
  visibility: "visibility",
  wind_speed: "wind_speed_10m",
  wind_gusts: "wind_gusts_10m",
  wind_direction: "wind_direction_10m",
  uv_index: "uv_index",
  is_day: "is_day",
};

const DAILY: Variables<DailyName> = {
  weather_code: "weather_code",
  temperature_max: "temperature_2m_max",
  temperature_min: "temperature_2m_min",
  feels_like_max: "apparent_temperature_max",
  feels_like_min: "apparent_temperature_min",
  precipitation: "precipitation_sum",
  precipitation_probability: "precipitation_probability_max",
  snowfall: "snowfall_sum",
  wind_speed_max: "wind_speed_10m_max",
  wind_gusts_max: "wind_gusts_10m_max",
  wind_direction: "wind_direction_10m_dominant",
  uv_index_max: "uv_index_max",
};

const FORECAST_ONLY = ["dew_point", "precipitation_probability", "visibility", "uv_index", "uv_index_max"];
const pastOf = (variables: Readonly<Record<string, string>>) =>
  Object.keys(variables).flatMap((name) => (FORECAST_ONLY.includes(name) ? [] : (variables[name] ?? [])));

const SUN = ["sunrise", "sunset", "daylight_duration"];
const CURRENT = Object.values(HOURLY).filter((name) => !/dew_point|probability|visibility|uv_index/.test(name));
/** Every request asks for all days and variables, so that one answer serves all tools. */
const DAYS = 16;
const PARAMS = {
  current: CURRENT.join(","),
  hourly: Object.values(HOURLY).join(","),
  daily: [...Object.values(DAILY), ...SUN].join(","),
  forecast_days: DAYS,
};
const VARIABLES = CURRENT.length + Object.keys(HOURLY).length + Object.keys(DAILY).length + SUN.length;

const PAST_HOURLY = pastOf(HOURLY);
const PAST_DAILY = [...pastOf(DAILY), ...SUN];
/** The longest past period that has hours. */
export const MOST_HOURLY_DAYS = 31;

/** A parsed forecast, not yet attached to a place. */
type Read = Omit<Forecast, "place" | "source"> & { readonly timezone: string };

/** Forecasts and past periods from Open-Meteo. */
export function createOpenMeteoForecasts(client: Client, services: OpenMeteo) {
  const kind = { source: OPEN_METEO, refused };
  const forecasts = client.memory({ ...kind, ttl: TTL.forecast, maxStale: 24 * TTL.forecast, parse: readOne });
  const batches = client.memory({ ...kind, ttl: 0, maxStale: 0, parse: readSeveral });
  const archive = client.memory({ ...kind, ttl: TTL.archive, maxStale: 30 * TTL.archive, parse: readOne });
  const urlOf = (places: readonly Place[]) =>
    addressOf(services.forecast, "/v1/forecast", places, PARAMS, services.key);

  const forecast = async (place: Place, signal: AbortSignal, ttl?: number): Promise<Forecast> => {
    const asking = { weight: weightOf(services, VARIABLES, DAYS), ...(ttl !== undefined && { ttl }) };
    return whole(place, await forecasts.get(urlOf([place]), signal, asking));
  };

  return {
    forecast,

    /** Forecasts for several places, with one request for those that are not cached. */
    async compare(places: readonly Place[], signal: AbortSignal): Promise<Forecast[]> {
      const unknown = places.filter((place) => !forecasts.peek(urlOf([place])));
      if (unknown.length > 1) {
        const weight = weightOf(services, VARIABLES, DAYS, unknown.length);
        const { value } = await batches.get(urlOf(unknown), signal, { weight });
        for (const [at, place] of unknown.entries()) {
          const read = value[at];
          if (read) forecasts.put(urlOf([place]), read);
        }
      }
      return Promise.all(places.map((place) => forecast(place, signal)));
    },

    async history(place: Place, start: string, end: string, signal: AbortSignal): Promise<Forecast> {
      const days = daysBetween(start, end) + 1;
      const isHourly = days <= MOST_HOURLY_DAYS;
      // The source uses today's offset for all days. If the period has another offset, hours of adjacent days belong to
      // its days.
      const isShifted = isHourly && hasOtherOffset(place.timezone, start, end);
      const [first, last] = isShifted ? [addDays(start, -1), addDays(end, 1)] : [start, end];
      const today = dateAt(place.timezone, Date.now());
      const hourly = isHourly ? PAST_HOURLY : [];
      const params = {
        start_date: first,
        end_date: last > today ? end : last,
        daily: PAST_DAILY.join(","),
        hourly: hourly.join(","),
      };
      const url = addressOf(services.archive, "/v1/archive", [place], params, services.key);
      const weight = weightOf(services, hourly.length + PAST_DAILY.length, days);
      const told = whole(place, await archive.get(url, signal, { weight }));
      const zone = told.place.timezone;
      const isAsked = (date: string) => date >= start && date <= end;
      const hours = hoursFrom(told.hourly, (time) => isAsked(dateAt(zone, time)));
      return { ...told, daily: daysFrom(told.daily, isAsked), hourly: hours };
    },
  };
}

function hasOtherOffset(zone: string, start: string, end: string): boolean {
  const now = offsetAt(zone, Date.now());
  return [startOfDay(zone, start), startOfDay(zone, addDays(end, 1)) - 1].some((time) => offsetAt(zone, time) !== now);
}

const finished = new WeakMap<Read, { readonly asked: Place; readonly forecast: Forecast }>();

/**
 * Adds the place, and the sun where the answer lacks it. Returns the same object for the same answer, because derived
 * values are cached by that object.
 */
function whole(
  place: Place,
  { value, fetchedAt, isStale }: { value: Read; fetchedAt: number; isStale: boolean },
): Forecast {
  const known = finished.get(value);
  const told = known?.forecast.source;
  if (known?.asked === place && told?.isStale === isStale && told.fetchedAt === fetchedAt) return known.forecast;
  const { timezone, ...read } = value;
  const sun = value.daily.dates.map((date, at) => {
    const told = value.daily.sun[at];
    return told?.sunrise === undefined && told?.sunset === undefined ? sunOn(place, timezone, date) : told;
  });
  const source = { name: OPEN_METEO, attribution: ATTRIBUTION, fetchedAt, isStale };
  const forecast = { ...read, daily: { ...read.daily, sun }, place: { ...place, timezone }, source };
  finished.set(value, { asked: place, forecast });
  return forecast;
}

const readOne = (json: unknown, asked: URL): Read => readForecast(json, pointsOf(asked)[0]);

function readSeveral(json: unknown, asked: URL): Read[] {
  const points = pointsOf(asked);
  if (!Array.isArray(json) || json.length !== points.length)
    throw notAsDocumented(OPEN_METEO, `not a list of ${points.length} places`);
  return json.map((one, at) => readForecast(one, points[at]));
}

function readForecast(json: unknown, point: Point | undefined): Read {
  const answer = readAnswer(json, point);
  const { timezone, offset } = answer;
  const times = readTimes(answer, "hourly");
  const hourly: Hourly = { times, series: readColumns(answer, "hourly", HOURLY, times.length) };
  const dates = readDates(answer);
  const daily = { dates, series: readColumns(answer, "daily", DAILY, dates.length), sun: readSun(answer, dates) };
  return { timezone, current: readCurrent(answer), hourly, daily: withOwnDays(daily, hourly, timezone, offset) };
}

function readCurrent(answer: Answer): Hourly | undefined {
  const current = fieldsIn(answer.fields, "current");
  const one = new Map([...current].map(([name, value]) => [name, [value]]));
  const fields = new Map([...answer.fields, ["current", Object.fromEntries(one)]]);
  const times = readTimes({ ...answer, fields }, "current");
  if (times.length === 0) return undefined;
  const series: Partial<Record<HourlyName, Series>> = readColumns({ ...answer, fields }, "current", HOURLY, 1);
  return { times, series };
}

/**
 * Sunrise and sunset from the answer. In polar day and night it contains invented moments (midnight, or 1970) that only
 * the length of daylight reveals; for those days, the sun's position is used.
 */
function readSun(answer: Answer, dates: readonly string[]): Sun[] {
  const [rises, sets] = [readMoments(answer, "daily", "sunrise"), readMoments(answer, "daily", "sunset")];
  const isSeconds = unitOf(answer.fields, "daily", "daylight_duration") === "s";
  const lengths = fieldsIn(answer.fields, "daily").get("daylight_duration");
  return dates.map((date, at) => {
    const [sunrise, sunset] = [rises[at], sets[at]];
    const length: unknown = isSeconds && Array.isArray(lengths) ? lengths[at] : undefined;
    const isPolar = typeof length === "number" && (length <= 0 || length >= 86_400);
    const isTold = sunrise !== undefined && sunset !== undefined && sunset > sunrise && !isPolar;
    return isTold && isNear(sunrise, date) && isNear(sunset, date) ? { sunrise, sunset } : {};
  });
}

const isNear = (time: number, date: string) => Math.abs(Date.parse(`${date}T12:00Z`) - time) < 36 * 3_600_000;
