/**
 * What a forecast, or a past period, looks like to tools, the chart and the view. Every provider returns this shape, and
 * nothing behind it knows which one answered. Figures stay in the unit in which the source gave them until
 * `inUnits` (units/convert.ts) turns them into what the caller asked for.
 */

/** A place as geocoding found it, or bare coordinates. */
export interface Place {
  readonly name: string;
  /** The first level that tells namesakes apart, such as a state: "Texas". */
  readonly region?: string | undefined;
  /** All regions that it lies in, from the largest to the smallest. */
  readonly regions?: readonly string[];
  readonly country?: string | undefined;
  /** ISO 3166-1, upper case: "US". */
  readonly countryCode?: string | undefined;
  readonly latitude: number;
  readonly longitude: number;
  /** Metres. */
  readonly elevation?: number | undefined;
  /** IANA name; "auto" where the geocoder gives none, until a source has told it. */
  readonly timezone: string;
}

/** A figure for each moment of a timeline, undefined where the source has none. */
export interface Series {
  /** As the source writes it, made uniform: "°C", "km/h", "mph", "m/s", "mm", "in", "%", "hPa", "". */
  readonly unit: string;
  readonly values: readonly (number | undefined)[];
}

export type HourlyName =
  | ("temperature" | "feels_like" | "dew_point" | "humidity" | "precipitation" | "precipitation_probability")
  | ("snowfall" | "weather_code" | "cloud_cover" | "pressure" | "visibility" | "wind_speed" | "wind_gusts")
  | ("wind_direction" | "uv_index" | "is_day");

export type DailyName =
  | ("weather_code" | "temperature_max" | "temperature_min" | "feels_like_max" | "feels_like_min" | "precipitation")
  | ("precipitation_probability" | "snowfall" | "wind_speed_max" | "wind_gusts_max" | "wind_direction")
  | "uv_index_max";

/** Hours, or other steps. `times` are milliseconds since 1970, ascending; hours that the source left out are absent. */
export interface Hourly {
  readonly times: readonly number[];
  readonly series: Readonly<Partial<Record<HourlyName, Series>>>;
}

/** What the sun does on a day: both moments, or in words that it does not rise or set. */
export interface Sun {
  readonly sunrise?: number | undefined;
  readonly sunset?: number | undefined;
  readonly words?: "does not rise" | "does not set" | undefined;
}

/** The place's own days; `dates` are "2026-11-28" there, ascending. */
export interface Daily {
  readonly dates: readonly string[];
  readonly series: Readonly<Partial<Record<DailyName, Series>>>;
  readonly sun: readonly Sun[];
}

/** Who answered, how old the answer is, and what its licence asks to say. */
export interface Source {
  readonly name: string;
  readonly attribution: string;
  /** When the source's answer arrived, in milliseconds since 1970. */
  readonly fetchedAt: number;
  /** The source is down and this is an old answer: say its age. */
  readonly isStale: boolean;
}

/** A forecast, or a past period, for one place. Its days and hours may differ in length: a source may have only one. */
export interface Forecast {
  /** With the time zone that the source told, never "auto". */
  readonly place: Place;
  readonly source: Source;
  /** One moment: now. */
  readonly current?: Hourly | undefined;
  readonly hourly: Hourly;
  readonly daily: Daily;
}
