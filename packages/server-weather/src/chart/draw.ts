import type { Forecast, Place } from "../forecast/types.ts";
import { periodOf } from "./dates.ts";
import { factsOf } from "./facts.ts";
import { chartData } from "./from-forecast.ts";
import { drawable } from "./letters.ts";
import { drawPicture } from "./picture.ts";
import { toPng } from "./png.ts";

export interface WeatherPicture {
  readonly png: Uint8Array;
  /** A description of the picture, in one line. */
  readonly facts: string;
}

/** Draws a forecast, or a past period, from the date `first` to `last`, both included. Its units are the picture's. */
export async function drawWeather(
  forecast: Forecast,
  first: string,
  last: string,
  signal: AbortSignal,
): Promise<WeatherPicture> {
  const { place, source } = forecast;
  const data = chartData(forecast, first, last);
  const period = periodOf(first, last);
  const details = [whereabouts(place), period, `local time, ${place.timezone}`]
    .filter((part) => part !== "")
    .join(" · ");
  const [name, line, attribution] = await Promise.all([place.name, details, source.attribution].map(drawable));
  const halves = drawPicture(data, { name: name ?? "", details: line ?? "", attribution: attribution ?? "" });
  return { png: await toPng(halves, signal), facts: `${period}: ${factsOf(data)}` };
}

const whereabouts = ({ name, region, country }: Place): string =>
  [region, country].filter((part) => part !== undefined && part !== name).join(", ");
