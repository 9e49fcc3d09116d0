import { getMoonIllumination, getTimes } from "suncalc";
import type { Place, Sun } from "./types.ts";
import { dateAt, startOfDay } from "./zone.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * Sunrise and sunset on a date at a place, from the sun's position. Days are local, so near the date line, and in zones
 * far from solar time, they may belong to the previous or the next solar day.
 */
export function sunOn({ latitude, longitude }: Place, zone: string, date: string): Sun {
  const noon = startOfDay(zone, date) + 12 * HOUR;
  const turns = [-1, 0, 1].map((turn) => getTimes(new Date(noon + turn * DAY), latitude, longitude));
  const within = (times: readonly (Date | null)[]) =>
    times.find((time) => time !== null && dateAt(zone, time.getTime()) === date)?.getTime();
  const [sunrise, sunset] = [within(turns.map((turn) => turn.sunrise)), within(turns.map((turn) => turn.sunset))];
  if (sunrise !== undefined || sunset !== undefined) return { sunrise, sunset };
  return { words: turns[1]?.alwaysUp ? "does not set" : "does not rise" };
}

const PHASES = [
  "new moon",
  "waxing crescent",
  "first quarter",
  "waxing gibbous",
  "full moon",
  "waning gibbous",
  "last quarter",
  "waning crescent",
] as const;

/** The moon's phase at noon of a date there. */
export function moonPhase(zone: string, date: string): string {
  const { phase } = getMoonIllumination(new Date(startOfDay(zone, date) + 12 * HOUR));
  return PHASES[Math.round(phase * 8) % 8] ?? "new moon";
}
