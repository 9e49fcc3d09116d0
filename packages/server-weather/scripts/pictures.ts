import path from "node:path";
import { drawWeather } from "../src/chart/draw.ts";
import { addDays } from "../src/forecast/zone.ts";
import { BERLIN, type Climate, sampleForecast, TROMSO } from "../test/chart/samples.ts";

/** A picture of the README, in `pictures/`: drawn by the server's own code from made-up weather. */
interface Picture {
  readonly file: string;
  readonly climate: Climate;
  readonly first: string;
  readonly days: number;
}

export const PICTURES: readonly Picture[] = [
  { file: "week.png", climate: BERLIN, first: "2026-11-28", days: 7 },
  { file: "midnight-sun.png", climate: TROMSO, first: "2026-07-18", days: 10 },
  { file: "year.png", climate: BERLIN, first: "2025-01-01", days: 365 },
];

export const pictureFile = (name: string): string => path.join(import.meta.dirname, "../pictures", name);

export async function drawPicture({ climate, first, days }: Picture): Promise<Uint8Array> {
  const forecast = sampleForecast(climate, first, days, days <= 16);
  const { png } = await drawWeather(forecast, first, addDays(first, days - 1), new AbortController().signal);
  return png;
}
