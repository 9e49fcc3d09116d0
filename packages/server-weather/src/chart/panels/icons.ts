import { element } from "../svg.ts";
import type { Palette } from "../types.ts";

export type Sky = "clear" | "partly" | "cloudy" | "fog" | "drizzle" | "rain" | "snow" | "sleet" | "thunder";

const SKIES: readonly (readonly [Sky, RegExp])[] = [
  ["thunder", /thunder/],
  ["sleet", /sleet|freezing|hail|ice/],
  ["snow", /snow/],
  ["drizzle", /drizzle/],
  ["rain", /rain|shower/],
  ["fog", /fog|mist/],
  ["partly", /partly|mainly|mostly|few/],
  ["cloudy", /overcast|cloud/],
  ["clear", /clear|sun|fair/],
];

/** The kind of sky that words such as "light rain showers" describe; undefined for other words. */
export const skyOf = (words: string): Sky | undefined =>
  SKIES.find(([, pattern]) => pattern.test(words.toLowerCase()))?.[0];

// All are drawn on a field of 32 by 32.
const CLOUD = "M9,22a5.5,5.5 0 0 1 0.6,-11a7.5,7.5 0 0 1 14.2,1.6a4.8,4.8 0 0 1 -0.3,9.4Z";
const RAYS = "M16,3v3M16,26v3M3,16h3M26,16h3M6.8,6.8l2.1,2.1M23.1,23.1l2.1,2.1M6.8,25.2l2.1,-2.1M23.1,8.9l2.1,-2.1";
const BOLT = "M17,19l-5,7h3.6l-1.6,5l6,-7.4h-3.8l2.4,-4.6Z";

/** A weather symbol whose upper left corner is at `x`, `y`. */
export function icon(sky: Sky, x: number, y: number, size: number, palette: Palette): string {
  const transform = `translate(${x.toFixed(1)},${y.toFixed(1)}) scale(${(size / 32).toFixed(3)})`;
  return element("g", { transform }, ...SHAPES[sky](palette));
}

const cloud = ({ cloud: fill }: Palette, up = 0) =>
  element("path", { d: CLOUD, fill, ...(up && { transform: `translate(0,${-up})` }) });

const sun = ({ sun: colour }: Palette) => [
  element("circle", { cx: 16, cy: 16, r: 6.2, fill: colour }),
  element("path", { d: RAYS, stroke: colour, "stroke-width": 2.2, "stroke-linecap": "round" }),
];

const strokes = (d: string, stroke: string, width = 2) =>
  element("path", { d, stroke, "stroke-width": width, "stroke-linecap": "round", fill: "none" });

const flakes = (stroke: string, centres: readonly (readonly [number, number])[]) =>
  strokes(
    centres
      .map(([x, y]) => `M${x - 2.2},${y}h4.4M${x - 1.1},${y - 1.9}l2.2,3.8M${x + 1.1},${y - 1.9}l-2.2,3.8`)
      .join(""),
    stroke,
    1.3,
  );

const SHAPES: Readonly<Record<Sky, (palette: Palette) => string[]>> = {
  clear: sun,
  partly: (palette) => [
    element("g", { transform: "translate(8,-2) scale(0.8)" }, ...sun(palette)),
    element("g", { transform: "translate(-1,4)" }, cloud(palette)),
  ],
  cloudy: (palette) => [
    element("g", { transform: "translate(9,-1) scale(0.7)", "fill-opacity": 0.55 }, cloud(palette)),
    element("g", { transform: "translate(-1,3)" }, cloud(palette)),
  ],
  fog: (palette) => [cloud(palette, 4), strokes("M6,22h20M9,26.5h14", palette.muted)],
  drizzle: (palette) => [cloud(palette, 4), strokes("M11,22l-1,2.5M16,24l-1,2.5M21,22l-1,2.5", palette.rain)],
  rain: (palette) => [cloud(palette, 4), strokes("M11,21.5l-2.2,6M16.5,21.5l-2.2,6M22,21.5l-2.2,6", palette.rain, 2.3)],
  snow: (palette) => [
    cloud(palette, 4),
    flakes(palette.rain, [
      [10, 23.5],
      [16, 27],
      [22, 23.5],
    ]),
  ],
  sleet: (palette) => [
    cloud(palette, 4),
    strokes("M11,21.5l-2.2,6M22,21.5l-2.2,6", palette.rain),
    flakes(palette.rain, [[16, 26]]),
  ],
  thunder: (palette) => [cloud(palette, 4), element("path", { d: BOLT, fill: palette.sun })],
};
