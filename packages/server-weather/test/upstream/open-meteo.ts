import lookup from "@photostructure/tz-lookup";
import { getTimes } from "suncalc";
import type { Answer, Asked } from "./upstream.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

interface Asking {
  readonly latitude: number;
  readonly longitude: number;
  readonly zone: string;
  /** Milliseconds; one figure for the whole answer, as the real service has it. */
  readonly offset: number;
  readonly query: URLSearchParams;
}

const KNOWN = new Set([
  ..."latitude longitude timezone current hourly daily forecast_days start_date end_date models apikey".split(" "),
  ..."temperature_unit wind_speed_unit precipitation_unit".split(" "),
]);

const bad = (reason: string): Answer => ({ status: 400, json: { error: true, reason } });

function answer(asked: Asked, one: (asking: Asking, at: number) => unknown, most = 16): Answer {
  const { query } = asked;
  for (const key of query.keys()) if (!KNOWN.has(key)) throw new Error(`unknown parameter ${key}`);
  if (query.get("timezone") !== "auto") throw new Error("timezone has to be auto");
  const [latitudes, longitudes] = ["latitude", "longitude"].map((key) => (query.get(key) ?? "").split(",").map(Number));
  if (latitudes?.length !== longitudes?.length)
    return bad("Parameter 'latitude' and 'longitude' must have the same number of elements");
  if (Number(query.get("forecast_days") ?? 7) > most)
    return bad(`Forecast days is invalid. Allowed range 0 to ${most}. Given ${most}.`);
  const answers = (latitudes ?? []).map((latitude, at) => {
    const longitude = longitudes?.[at] ?? 0;
    const zone = lookup(latitude, longitude);
    return one({ latitude, longitude, zone, offset: offsetOf(zone, Date.now()), query }, at);
  });
  const refusal = answers.find(
    (each): each is { refused: Answer } => typeof each === "object" && each !== null && "refused" in each,
  );
  return refusal ? refusal.refused : { json: answers.length === 1 ? answers[0] : answers };
}

function offsetOf(zone: string, time: number): number {
  const name = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts(time);
  const [, sign, hours = "0", minutes = "0"] =
    /([+-])(\d+):(\d+)/.exec(name.find(({ type }) => type === "timeZoneName")?.value ?? "") ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

const iso = (local: number, length = 16) => new Date(local).toISOString().slice(0, length);
const list = (query: URLSearchParams, key: string) => (query.get(key) ?? "").split(",").filter(Boolean);

/** The head of an answer, in the order of the real one. */
function head({ latitude, longitude, zone, offset }: Asking, at: number) {
  return {
    latitude: Math.fround(Math.round(latitude * 16) / 16),
    longitude: Math.fround(Math.round(longitude * 16) / 16),
    generationtime_ms: 0.21,
    utc_offset_seconds: offset / 1000,
    timezone: zone,
    timezone_abbreviation: "GMT+1",
    elevation: 38,
    // Zero is left out.
    ...(at > 0 && { location_id: at }),
  };
}

const UNITS: readonly (readonly [RegExp, string])[] = [
  [/^time$|sunrise|sunset/, "iso8601"],
  [/temperature/, "°C"],
  [/dew_point/, "°C"],
  [/probability|humidity|cloud/, "%"],
  [/snowfall/, "cm"],
  [/precipitation/, "mm"],
  [/weather_code/, "wmo code"],
  [/direction/, "°"],
  [/wind_speed|gusts|current_velocity/, "km/h"],
  [/visibility|height/, "m"],
  [/pressure/, "hPa"],
  [/duration|period/, "s"],
  [/_pollen/, "grains/m³"],
  [/european_aqi/, "EAQI"],
  [/us_aqi/, "USAQI"],
  [/pm|ozone|dioxide|monoxide|dust/, "μg/m³"],
];
const unitOf = (name: string) => UNITS.find(([pattern]) => pattern.test(name))?.[1] ?? "";
const unitsOf = (names: readonly string[]) =>
  Object.fromEntries(["time", ...names].map((name) => [name, unitOf(name)]));

/** Made-up weather: warmer by day, in summer and near the equator, wet every third day. */
function value(name: string, { latitude, longitude }: Asking, time: number): number | null {
  const local = time + (longitude / 15) * HOUR;
  const day = Math.cos(((local / HOUR - 15) / 24) * 2 * Math.PI);
  const year = Math.cos(((((time / DAY) % 365.25) - 200) / 365.25) * 2 * Math.PI) * Math.sign(latitude || 1);
  const temperature = 28 - Math.abs(latitude) * 0.45 + year * Math.abs(latitude) * 0.2 + day * 5;
  const wet = Math.floor(time / DAY) % 3 === 0;
  const wind = 14 + 6 * day + (Math.floor(time / DAY) % 5) * 3;
  const values: Readonly<Record<string, number>> = {
    temperature_2m: temperature,
    apparent_temperature: temperature - wind / 10,
    dew_point_2m: temperature - 6,
    relative_humidity_2m: Math.round(70 - day * 15),
    precipitation: wet ? Math.round(Math.max(0, 2 + day * 3)) / 5 : 0,
    precipitation_probability: wet ? 70 : 10,
    snowfall: 0,
    weather_code: wet ? 61 : 2,
    cloud_cover: wet ? 90 : 35,
    pressure_msl: 1015,
    visibility: 24_140,
    wind_speed_10m: wind,
    wind_gusts_10m: wind * 1.8,
    wind_direction_10m: Math.round((time / HOUR) % 360),
    uv_index: Math.max(0, day * 5),
    is_day: day > 0 ? 1 : 0,
  };
  const found = values[name];
  if (found === undefined) throw new Error(`unknown variable ${name}`);
  return Math.round(found * 10) / 10;
}

function hours(asking: Asking, names: readonly string[], first: number, days: number, of = value) {
  const times = Array.from({ length: days * 24 }, (_, hour) => first + hour * HOUR);
  return {
    time: times.map((local) => iso(local)),
    ...Object.fromEntries(names.map((name) => [name, times.map((local) => of(name, asking, local - asking.offset))])),
  };
}

const FOLDS: Readonly<Record<string, readonly [string, (values: readonly number[]) => number]>> = {
  weather_code: ["weather_code", (values) => Math.max(...values)],
  temperature_2m_max: ["temperature_2m", (values) => Math.max(...values)],
  temperature_2m_min: ["temperature_2m", (values) => Math.min(...values)],
  apparent_temperature_max: ["apparent_temperature", (values) => Math.max(...values)],
  apparent_temperature_min: ["apparent_temperature", (values) => Math.min(...values)],
  precipitation_sum: ["precipitation", (values) => values.reduce((sum, one) => sum + one, 0)],
  precipitation_probability_max: ["precipitation_probability", (values) => Math.max(...values)],
  snowfall_sum: ["snowfall", (values) => values.reduce((sum, one) => sum + one, 0)],
  wind_speed_10m_max: ["wind_speed_10m", (values) => Math.max(...values)],
  wind_gusts_10m_max: ["wind_gusts_10m", (values) => Math.max(...values)],
  wind_direction_10m_dominant: ["wind_direction_10m", (values) => values[12] ?? 0],
  uv_index_max: ["uv_index", (values) => Math.max(...values)],
};

function dailyValue(name: string, asking: Asking, first: number): number | string | null {
  const { offset, latitude, longitude } = asking;
  if (/sunrise|sunset|daylight/.test(name)) {
    const times = getTimes(new Date(first - offset + 12 * HOUR), latitude, longitude);
    const [rise, set] = [times.sunrise?.getTime(), times.sunset?.getTime()];
    const isPolar = rise === undefined || set === undefined;
    if (name === "daylight_duration") return isPolar ? (times.alwaysUp ? 86_400 : 0) : Math.round((set - rise) / 1000);
    // What the real service does in polar day and night.
    return isPolar ? iso(first) : iso((name === "sunrise" ? rise : set) + offset);
  }
  const fold = FOLDS[name];
  if (!fold) throw new Error(`unknown variable ${name}`);
  const values = Array.from({ length: 24 }, (_, hour) => value(fold[0], asking, first - offset + hour * HOUR) ?? 0);
  return Math.round(fold[1](values) * 10) / 10;
}

function days(asking: Asking, names: readonly string[], first: number, count: number) {
  const starts = Array.from({ length: count }, (_, day) => first + day * DAY);
  return {
    time: starts.map((start) => iso(start, 10)),
    ...Object.fromEntries(names.map((name) => [name, starts.map((start) => dailyValue(name, asking, start))])),
  };
}

function sections(asking: Asking, at: number, first: number, count: number) {
  const { query, offset } = asking;
  const [current, hourly, daily] = ["current", "hourly", "daily"].map((key) => list(query, key));
  const quarter = Math.floor(Date.now() / (HOUR / 4)) * (HOUR / 4);
  return {
    ...head(asking, at),
    ...(current?.length && {
      current_units: { time: "iso8601", interval: "seconds", ...unitsOf(current) },
      current: {
        time: iso(quarter + offset),
        interval: 900,
        ...Object.fromEntries(current.map((name) => [name, value(name, asking, quarter)])),
      },
    }),
    ...(hourly?.length && { hourly_units: unitsOf(hourly), hourly: hours(asking, hourly, first, count) }),
    ...(daily?.length && { daily_units: unitsOf(daily), daily: days(asking, daily, first, count) }),
  };
}

const midnight = ({ offset }: Asking) => Math.floor((Date.now() + offset) / DAY) * DAY;

export const forecast = (asked: Asked): Answer =>
  answer(asked, (asking, at) => sections(asking, at, midnight(asking), Number(asking.query.get("forecast_days") ?? 7)));

export const archive = (asked: Asked): Answer =>
  answer(asked, (asking, at) => {
    const [start, end] = ["start_date", "end_date"].map((key) => Date.parse(`${asking.query.get(key)}T00:00Z`));
    if (start === undefined || end === undefined || Number.isNaN(start + end)) return { refused: bad("Invalid date") };
    if (start < Date.parse("1940-01-01") || end > Date.now() + DAY) {
      const to = iso(Date.now(), 10);
      return { refused: bad(`Parameter 'end_date' is out of allowed range from 1940-01-01 to ${to}`) };
    }
    return sections(asking, at, start, (end - start) / DAY + 1);
  });

function table(asked: Asked, of: typeof value, most: number): Answer {
  return answer(
    asked,
    (asking, at) => {
      const names = list(asking.query, "hourly");
      const count = Number(asking.query.get("forecast_days") ?? 5);
      return {
        ...head(asking, at),
        hourly_units: unitsOf(names),
        hourly: hours(asking, names, midnight(asking), count, of),
      };
    },
    most,
  );
}

const isEuropean = ({ zone }: Asking) => zone.startsWith("Europe/");

export const airQuality = (asked: Asked): Answer =>
  table(
    asked,
    (name, asking, time) => {
      if (/_pollen$/.test(name)) return isEuropean(asking) ? (name.startsWith("grass") ? 12.5 : 0) : null;
      const base = 20 + Math.round(((time / HOUR) % 24) / 2);
      return /aqi/.test(name) ? base : base / 2;
    },
    7,
  );

/** Only what lies on the coast of these tests has sea. */
const isAtSea = ({ latitude, longitude }: Asking) => longitude < -9 || Math.abs(longitude) > 179 || latitude < -60;

export const marine = (asked: Asked): Answer =>
  table(
    asked,
    (name, asking, time) => {
      if (!isAtSea(asking)) return null;
      if (/direction/.test(name)) return 270;
      if (/period/.test(name)) return 9.5;
      if (/temperature/.test(name)) return 16.2;
      return Math.round((1 + ((time / HOUR) % 24) / 20) * 100) / 100;
    },
    16,
  );

export const ensemble = (asked: Asked): Answer =>
  answer(
    asked,
    (asking, at) => {
      const names = list(asking.query, "daily");
      if (asking.query.get("models") !== "ecmwf_ifs025_ensemble") throw new Error("unknown model");
      const count = Number(asking.query.get("forecast_days"));
      const members = names.flatMap((name) =>
        Array.from(
          { length: 51 },
          (_, member) =>
            [name, member === 0 ? name : `${name}_member${String(member).padStart(2, "0")}`, member] as const,
        ),
      );
      const plain = days(asking, names, midnight(asking), count);
      const column = (name: string, member: number) =>
        plain.time.map((_, day) => {
          const first = midnight(asking) + day * DAY;
          const known = Number(dailyValue(name, asking, first));
          return Math.max(
            name === "precipitation_sum" ? 0 : -90,
            Math.round((known + ((member - 25) / 25) * (day + 1)) * 10) / 10,
          );
        });
      return {
        ...head(asking, at),
        daily_units: { time: "iso8601", ...Object.fromEntries(members.map(([name, key]) => [key, unitOf(name)])) },
        daily: {
          time: plain.time,
          ...Object.fromEntries(members.map(([name, key, member]) => [key, column(name, member)])),
        },
      };
    },
    36,
  );
