import * as SunCalc from "suncalc";
import type { DailyName, Forecast, HourlyName, Place, Series, Sun } from "../../src/forecast/types.ts";
import { addDays, startOfDay } from "../../src/forecast/zone.ts";

const HOUR = 3_600_000;

/** A climate for made-up weather: enough to see whether charts of it are readable. */
export interface Climate {
  readonly place: Place;
  /** Mean temperature of the year and half of what summer and winter, day and night, differ by. */
  readonly mean: number;
  readonly seasons: number;
  readonly nights: number;
  /** Share of time that it rains, and mean wind in km/h. */
  readonly wet: number;
  readonly windy: number;
}

const place = (name: string, latitude: number, longitude: number, timezone: string, more: Partial<Place> = {}) => ({
  ...{ name, latitude, longitude, timezone },
  ...more,
});

export const BERLIN: Climate = {
  place: place("Berlin", 52.52, 13.41, "Europe/Berlin", { country: "Germany", countryCode: "DE" }),
  ...{ mean: 10, seasons: 10, nights: 4.5, wet: 0.13, windy: 13 },
};
export const TROMSO: Climate = {
  place: place("Tromsø", 69.65, 18.96, "Europe/Oslo", { region: "Troms", country: "Norway", countryCode: "NO" }),
  ...{ mean: 3, seasons: 8, nights: 1.5, wet: 0.35, windy: 14 },
};
export const PHOENIX: Climate = {
  place: place("Phoenix", 33.45, -112.07, "America/Phoenix", {
    region: "Arizona",
    country: "United States",
    countryCode: "US",
  }),
  ...{ mean: 24, seasons: 10, nights: 7, wet: 0.02, windy: 9 },
};
export const SINGAPORE: Climate = {
  place: place("Singapore", 1.29, 103.85, "Asia/Singapore", { country: "Singapore", countryCode: "SG" }),
  ...{ mean: 27.5, seasons: 0.7, nights: 3, wet: 0.3, windy: 8 },
};
export const YAKUTSK: Climate = {
  place: place("Якутск", 62.03, 129.73, "Asia/Yakutsk", {
    region: "Саха (Якутия)",
    country: "Россия",
    countryCode: "RU",
  }),
  ...{ mean: -8, seasons: 29, nights: 5, wet: 0.12, windy: 8 },
};

/** A stream of numbers from 0 to 1 that is the same for a name on every machine. */
function dice(name: string): () => number {
  let state = [...name].reduce((sum, letter) => (Math.imul(sum, 31) + (letter.codePointAt(0) ?? 0)) | 0, 7);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function sunOf({ latitude, longitude }: Place, noon: number): Sun {
  const { sunrise, sunset } = SunCalc.getTimes(new Date(noon), latitude, longitude);
  const [rises, sets] = [sunrise?.getTime(), sunset?.getTime()];
  if (rises && sets) return { sunrise: rises, sunset: sets };
  const isUp = SunCalc.getPosition(new Date(noon), latitude, longitude).altitude > 0;
  return { words: isUp ? "does not set" : "does not rise" };
}

/** A forecast from `first`, as a provider gives it, with made-up weather. */
export function sampleForecast(climate: Climate, first: string, days: number, hasHours = true): Forecast {
  const { place, mean, seasons, nights, wet, windy } = climate;
  const zone = place.timezone;
  const roll = dice(`${place.name} ${first}`);
  const dates = Array.from({ length: days }, (_, at) => addDays(first, at));
  const starts = [...dates, addDays(first, days)].map((date) => startOfDay(zone, date));
  const times: number[] = [];
  for (let at = starts[0] ?? 0; at < (starts.at(-1) ?? 0); at += HOUR) times.push(at);
  let [front, rain, swirl] = [roll() - 0.5, 0, roll() * 360];
  const hourly = times.map((at) => {
    const year = (Date.UTC(2026, 0, 20) - at) / (365.25 * 24 * HOUR);
    const clock = ((at - (starts.findLast((start) => start <= at) ?? at)) / HOUR - 15) / 24;
    front = front * 0.985 + (roll() - 0.5) * 0.35;
    swirl += (roll() - 0.5) * 24;
    const season = (place.latitude < 0 ? 1 : -1) * Math.cos(2 * Math.PI * year) * seasons;
    rain = roll() < 0.12 ? (roll() < wet * 2.2 ? roll() : 0) : rain * (0.7 + roll() * 0.5);
    const cloud = Math.min(1, rain * 3 + Math.abs(front));
    const temperature = mean + season + Math.cos(2 * Math.PI * clock) * nights * (1 - cloud * 0.5) + front * 3.5;
    const wind = Math.max(
      1,
      windy * (0.7 + Math.abs(front) + 0.35 * Math.cos(2 * Math.PI * clock)) + (roll() - 0.5) * 3,
    );
    const heavy = temperature > 15 ? 1.6 : 0.9;
    const amount = rain < 0.2 ? 0 : Math.round(Math.min(rain, 1.5) ** 2 * heavy * 10) / 10;
    return {
      temperature,
      feels_like: temperature - wind * 0.11 - (temperature < 5 ? 1 : 0) + (temperature > 25 ? 3 : 0),
      precipitation: amount,
      precipitation_probability: Math.round(Math.min(100, rain * 110 + Math.abs(front) * 20)),
      wind_speed: wind,
      wind_gusts: wind * (1.45 + roll() * 0.35),
      wind_direction: ((swirl % 360) + 360) % 360,
      weather_code:
        amount > 0
          ? temperature < 1
            ? 73
            : amount > 2.5 && temperature > 18
              ? 95
              : 61
          : cloud > 0.7
            ? 3
            : cloud > 0.25
              ? 2
              : 0,
    };
  });
  const daily = dates.map((_, day) =>
    hourly.filter((__, at) => (times[at] ?? 0) >= (starts[day] ?? 0) && (times[at] ?? 0) < (starts[day + 1] ?? 0)),
  );
  const hourNames = Object.keys(hourly[0] ?? {}) as (keyof (typeof hourly)[number])[];
  const each = (unit: string, name: (typeof hourNames)[number], pick: (values: number[]) => number): Series => ({
    unit,
    values: daily.map((hours) => Math.round(pick(hours.map((hour) => hour[name])) * 10) / 10),
  });
  const [highest, lowest] = [(all: number[]) => Math.max(...all), (all: number[]) => Math.min(...all)];
  const total = (all: number[]) => all.reduce((sum, one) => sum + one, 0);
  const units: Partial<Record<HourlyName, string>> = {
    ...{ temperature: "°C", feels_like: "°C", precipitation: "mm", precipitation_probability: "%" },
    ...{ wind_speed: "km/h", wind_gusts: "km/h", wind_direction: "°", weather_code: "" },
  };
  const series: Partial<Record<DailyName, Series>> = {
    temperature_max: each("°C", "temperature", highest),
    temperature_min: each("°C", "temperature", lowest),
    feels_like_max: each("°C", "feels_like", highest),
    feels_like_min: each("°C", "feels_like", lowest),
    precipitation: each("mm", "precipitation", total),
    // Nobody tells a probability of the past.
    ...(hasHours && { precipitation_probability: each("%", "precipitation_probability", highest) }),
    wind_speed_max: each("km/h", "wind_speed", highest),
    wind_gusts_max: each("km/h", "wind_gusts", highest),
    wind_direction: each("°", "wind_direction", (all) => all[12] ?? 0),
    weather_code: each("", "weather_code", highest),
  };
  return {
    place,
    source: {
      name: "Open-Meteo",
      attribution: "Weather data by Open-Meteo.com (CC BY 4.0)",
      fetchedAt: 0,
      isStale: false,
    },
    hourly: hasHours
      ? {
          times,
          series: Object.fromEntries(
            hourNames.map((name) => [
              name,
              { unit: units[name] ?? "", values: hourly.map((hour) => Math.round(hour[name] * 10) / 10) },
            ]),
          ),
        }
      : { times: [], series: {} },
    daily: { dates, series, sun: starts.slice(0, -1).map((start) => sunOf(place, start + 12 * HOUR)) },
  };
}
