/** The WMO codes that forecasts use (table 4677, as weather services publish it), in words. */
const WEATHER: Readonly<Record<number, string>> = {
  0: "clear sky",
  1: "mainly clear",
  2: "partly cloudy",
  3: "overcast",
  45: "fog",
  48: "freezing fog",
  51: "light drizzle",
  53: "drizzle",
  55: "heavy drizzle",
  56: "light freezing drizzle",
  57: "freezing drizzle",
  61: "light rain",
  63: "rain",
  65: "heavy rain",
  66: "light freezing rain",
  67: "freezing rain",
  68: "light sleet",
  69: "sleet",
  71: "light snow",
  73: "snow",
  75: "heavy snow",
  77: "snow grains",
  80: "light rain showers",
  81: "rain showers",
  82: "violent rain showers",
  83: "light sleet showers",
  84: "sleet showers",
  85: "light snow showers",
  86: "heavy snow showers",
  95: "thunderstorm",
  96: "thunderstorm with light hail",
  99: "thunderstorm with heavy hail",
};

export const NOT_AVAILABLE = "not available";

/** A weather code in words. */
export const weatherWords = (code: number | undefined): string =>
  code === undefined ? NOT_AVAILABLE : (WEATHER[code] ?? `weather code ${code}`);

/** The points of the compass, clockwise. */
export const POINTS = "N NNE NE ENE E ESE SE SSE S SSW SW WSW W WNW NW NNW".split(" ");
/** The direction from which the wind comes, as one of sixteen points: "SW". */
export const compass = (degrees: number | undefined): string =>
  degrees === undefined ? NOT_AVAILABLE : (POINTS[Math.round((((degrees % 360) + 360) % 360) / 22.5) % 16] ?? "N");

/** A time span in words: "25 min", "3 h", "2 days". */
export function ageWords(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
