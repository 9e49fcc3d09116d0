/**
 * The form of a forecast or a past period for tools, the chart and the view. Every provider returns it, so no other
 * code depends on which one answered. Figures keep the source's units until `inUnits` (units/convert.ts) converts them
 * to the requested ones.
 */

/** A place as geocoding found it, or bare coordinates. */
export interface Place {
  readonly name: string;
  /** The first region that distinguishes namesakes, such as the state "Texas". */
  readonly region?: string | undefined;
  /** All regions that contain it, from the largest to the smallest. */
  readonly regions?: readonly string[];
  readonly country?: string | undefined;
  /** ISO 3166-1, upper case: "US". */
  readonly countryCode?: string | undefined;
  readonly latitude: number;
  readonly longitude: number;
  /** Metres. */
  readonly elevation?: number | undefined;
  /** IANA name; "auto" if the geocoder gives none, until a source names it. */
  readonly timezone: string;
}

/** A figure for each moment of a timeline; undefined if the source has none. */
export interface Series {
  /** The source's unit in a uniform spelling: "°C", "km/h", "mph", "m/s", "mm", "in", "%", "hPa", "". */
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

/** Sunrise and sunset on a day, or words that say that the sun does not rise or set. */
export interface Sun {
  readonly sunrise?: number | undefined;
  readonly sunset?: number | undefined;
  readonly words?: "does not rise" | "does not set" | undefined;
}

/** The place's local days; `dates` are such as "2026-11-28", ascending. */
export interface Daily {
  readonly dates: readonly string[];
  readonly series: Readonly<Partial<Record<DailyName, Series>>>;
  readonly sun: readonly Sun[];
}

/** Who answered, how old the answer is, and the attribution that its licence requires. */
export interface Source {
  readonly name: string;
  readonly attribution: string;
  /** When the source's answer arrived, in milliseconds since 1970. */
  readonly fetchedAt: number;
  /** Whether this is an old answer because the source is down; then say its age. */
  readonly isStale: boolean;
}

/**
 * A forecast or a past period for one place. Days and hours may cover different times, and a source may have only one
 * of them.
 */
export interface Forecast {
  /** With the time zone that the source named, never "auto". */
  readonly place: Place;
  readonly source: Source;
  /** A timeline with one moment: now. */
  readonly current?: Hourly | undefined;
  readonly hourly: Hourly;
  readonly daily: Daily;
}
