import type { Daily, Forecast, Hourly, Series } from "../forecast/types.ts";
import type { UnitSystem } from "./system.ts";

/** The quantity that a unit measures. Figures are converted only within a quantity. */
export type Quantity = "temperature" | "wind" | "precipitation" | "snowfall" | "visibility" | "pressure" | "height";

interface Unit {
  readonly quantity: Quantity;
  /** Its factor to the quantity's base unit: °C, m/s, mm, m, hPa. */
  readonly size: number;
  readonly zero?: number;
  readonly decimals: number;
}

const UNITS: Readonly<Record<string, Unit>> = {
  "°C": { quantity: "temperature", size: 1, decimals: 1 },
  "°F": { quantity: "temperature", size: 5 / 9, zero: 32, decimals: 1 },
  "m/s": { quantity: "wind", size: 1, decimals: 1 },
  "km/h": { quantity: "wind", size: 1 / 3.6, decimals: 1 },
  mph: { quantity: "wind", size: 0.44704, decimals: 1 },
  kn: { quantity: "wind", size: 1852 / 3600, decimals: 1 },
  mm: { quantity: "precipitation", size: 1, decimals: 1 },
  in: { quantity: "precipitation", size: 25.4, decimals: 2 },
  cm: { quantity: "precipitation", size: 10, decimals: 1 },
  m: { quantity: "height", size: 1, decimals: 1 },
  km: { quantity: "height", size: 1000, decimals: 1 },
  ft: { quantity: "height", size: 0.3048, decimals: 1 },
  mi: { quantity: "height", size: 1609.344, decimals: 1 },
  hPa: { quantity: "pressure", size: 1, decimals: 1 },
  Pa: { quantity: "pressure", size: 0.01, decimals: 0 },
  inHg: { quantity: "pressure", size: 33.8639, decimals: 2 },
};

/** The spellings that sources use for these units. */
const SPELLINGS: Readonly<Record<string, string>> = {
  celsius: "°C",
  fahrenheit: "°F",
  "mp/h": "mph",
  inch: "in",
  degrees: "°",
  degC: "°C",
  degF: "°F",
  "km_h-1": "km/h",
  "m_s-1": "m/s",
  percent: "%",
  "degree_(angle)": "°",
};

/** The uniform spelling of a source's unit. */
export function uniformUnit(written: string): string {
  // The National Weather Service: "wmoUnit:degC", and "unit:degC" before.
  const name = written.replace(/^(wmo)?unit:/i, "");
  if (Object.hasOwn(SPELLINGS, name)) return SPELLINGS[name] ?? name;
  // Other text must not reach an answer as a unit.
  return /^[\p{L}\d%°/³²·^ -]{0,16}$/u.test(name) ? name : "";
}

const METRIC = {
  temperature: "°C",
  wind: "km/h",
  precipitation: "mm",
  snowfall: "cm",
  visibility: "km",
  pressure: "hPa",
  height: "m",
};
const SYSTEMS: Readonly<Record<UnitSystem, Readonly<Record<Quantity, string>>>> = {
  metric: METRIC,
  si: { ...METRIC, wind: "m/s" },
  uk: { ...METRIC, wind: "mph", visibility: "mi" },
  imperial: {
    temperature: "°F",
    wind: "mph",
    precipitation: "in",
    snowfall: "in",
    visibility: "mi",
    pressure: "inHg",
    height: "ft",
  },
};

/** The units of a system by quantity. */
export const unitsOf = (system: UnitSystem): Readonly<Record<Quantity, string>> => SYSTEMS[system];

const unitNamed = (name: string) => (Object.hasOwn(UNITS, name) ? UNITS[name] : undefined);

/** A figure in another unit of the same quantity; undefined for a unit of a different quantity. */
export function convert(value: number | undefined, from: string, to: string): number | undefined {
  if (value === undefined || from === to) return value;
  const [given, wanted] = [unitNamed(from), unitNamed(to)];
  if (!given || !wanted || given.quantity !== wanted.quantity) return undefined;
  const converted = ((value - (given.zero ?? 0)) * given.size) / wanted.size + (wanted.zero ?? 0);
  return round(converted, wanted.decimals);
}

/** Never "-0". */
export function round(value: number, decimals: number): number {
  const rounded = Number(value.toFixed(decimals));
  return rounded === 0 ? 0 : rounded;
}

/** Rounds a figure to the decimals shown for its unit; percentages and directions have none. */
export const roundIn = (value: number, unit: string): number => round(value, unitNamed(unit)?.decimals ?? 0);

/** A temperature difference, which is converted without an offset. */
export const convertSpan = (value: number, from: string, to: string): number =>
  round((value * (unitNamed(from)?.size ?? 1)) / (unitNamed(to)?.size ?? 1), 1);

const QUANTITIES: Readonly<Record<string, Quantity>> = {
  temperature: "temperature",
  feels_like: "temperature",
  dew_point: "temperature",
  temperature_max: "temperature",
  temperature_min: "temperature",
  feels_like_max: "temperature",
  feels_like_min: "temperature",
  precipitation: "precipitation",
  snowfall: "snowfall",
  pressure: "pressure",
  visibility: "visibility",
  wind_speed: "wind",
  wind_gusts: "wind",
  wind_speed_max: "wind",
  wind_gusts_max: "wind",
};

/**
 * A column in the units of a system; undefined if its unit does not fit its quantity, since no figure is better than a
 * wrong one.
 */
export function columnInUnits(name: string, series: Series, system: UnitSystem): Series | undefined {
  const quantity = QUANTITIES[name];
  if (quantity === undefined) return series;
  const to = SYSTEMS[system][quantity];
  if (series.unit === to) return series;
  const [given, wanted] = [unitNamed(series.unit), unitNamed(to)];
  if (!given || !wanted || given.quantity !== wanted.quantity) return undefined;
  return { unit: to, values: series.values.map((value) => convert(value, series.unit, to)) };
}

type Columns = Readonly<Partial<Record<string, Series>>>;

function allInUnits<T extends Columns>(columns: T, system: UnitSystem): { [K in keyof T]?: Series } {
  const converted: { [K in keyof T]?: Series } = {};
  for (const name in columns) {
    const series = columns[name];
    const column = series && columnInUnits(name, series, system);
    if (column) converted[name] = column;
  }
  return converted;
}

/** Hours with every column in the units of a system. */
export const hoursInUnits = (hourly: Hourly, system: UnitSystem): Hourly => ({
  ...hourly,
  series: allInUnits(hourly.series, system),
});

const made = new WeakMap<Forecast, Map<UnitSystem, Forecast>>();

/** The same forecast with every column in the units of a system, made only once for each system. */
export function inUnits(forecast: Forecast, system: UnitSystem): Forecast {
  const known = made.get(forecast) ?? new Map<UnitSystem, Forecast>();
  made.set(forecast, known);
  const found = known.get(system);
  if (found) return found;
  const daily: Daily = { ...forecast.daily, series: allInUnits(forecast.daily.series, system) };
  const current = forecast.current && hoursInUnits(forecast.current, system);
  const converted = { ...forecast, hourly: hoursInUnits(forecast.hourly, system), daily, current };
  known.set(system, converted);
  return converted;
}
