import { SMALL, timeAxis } from "./axis.ts";
import { fitted, widthOf } from "./letters.ts";
import { type Key, keysOf, type Measure, PANELS } from "./panels/panels.ts";
import { barsFor } from "./panels/precipitation.ts";
import { dayStrip } from "./panels/strip.ts";
import { acrossTime, type Box, bottomOf, rightOf } from "./plot.ts";
import { element, label } from "./svg.ts";
import type { ChartData, Palette } from "./types.ts";

const WIDTH = 1000;
const MARGIN = { left: 56, right: 52 };
const FONT = "Noto Sans";

const LIGHT: Palette = {
  ...{ background: "#ffffff", text: "#18212f", muted: "#5b6677", grid: "#dfe4ec", night: "#eef1f8" },
  ...{
    warm: "#e2562d",
    cold: "#2f7ed8",
    feels: "#8a5cc7",
    rain: "#2f7ed8",
    chance: "#1d4f91",
    wind: "#0f766e",
    gusts: "#4fb3a5",
  },
  ...{ sun: "#f5a623", cloud: "#a9b6c8" },
};

/** The texts around the panels. All of them can be drawn with the shipped font. */
export interface Captions {
  readonly name: string;
  /** Below the name: the region, the days and the time zone. */
  readonly details: string;
  readonly attribution: string;
}

/**
 * Draws the whole picture: the place, its days, temperature, precipitation and wind. The result is two SVGs of the same
 * width, the upper and the lower half. Both take about as long to render, and can be rendered at the same time.
 */
export function drawPicture(data: ChartData, captions: Captions): readonly [string, string] {
  const wide = { left: MARGIN.left, width: WIDTH - MARGIN.left - MARGIN.right };
  const hasStrip = data.days.length <= 16;
  const top = hasStrip ? 212 : 116;
  const temperature: Box = { ...wide, top, height: 208 };
  const precipitation: Box = { ...wide, top: bottomOf(temperature) + 46, height: 112 };
  const wind: Box = { ...wide, top: bottomOf(precipitation) + 46, height: 120 };
  const height = bottomOf(wind) + 54;
  const across = acrossTime(data, temperature);
  const { units, hours } = data;
  const { per } = barsFor(data, wide.width);
  const panel = (measure: Measure, box: Box, title: string) =>
    heading(box, title, keysOf(data, measure)) + PANELS[measure]({ data, box, across, palette: LIGHT });
  const amount = units.precipitation === "in" ? "inches" : units.precipitation;
  const upper = [
    caption(captions),
    hasStrip ? dayStrip(data, { ...wide, top: 84, height: 88 }, across, LIGHT) : "",
    panel("temperature", temperature, `Temperature (${units.temperature})`),
  ];
  const lower = [
    panel("precipitation", precipitation, `Precipitation (${amount} per ${per})`),
    panel("wind", wind, `Wind (${units.wind}${hours.length > 0 ? "" : `, highest of each ${per}`})`),
    timeAxis({ data, box: wind, across, palette: LIGHT }),
    label(captions.attribution, {
      ...{ x: rightOf(wind), y: height - 12, "text-anchor": "end", "font-size": 11, fill: LIGHT.muted },
    }),
  ];
  const cut = bottomOf(temperature) + 18;
  return [half(upper, 0, cut), half(lower, cut, height)];
}

function half(body: readonly string[], top: number, bottom: number): string {
  const size = { width: WIDTH, height: bottom - top };
  const paper = element("rect", { y: top, ...size, fill: LIGHT.background });
  const view = { ...size, viewBox: `0 ${top} ${WIDTH} ${bottom - top}`, "font-family": FONT };
  return element("svg", { xmlns: "http://www.w3.org/2000/svg", ...view }, paper, ...body);
}

function caption({ name, details }: Captions): string {
  const width = WIDTH - 2 * 24;
  const [title, line] = [fitted(name, 24, width, true), fitted(details, 14, width)];
  return (
    label(title.words, { x: 24, y: 38, "font-size": title.size, "font-weight": 700, fill: LIGHT.text }) +
    label(line.words, { x: 24, y: 62, "font-size": line.size, fill: LIGHT.muted })
  );
}

/** A panel's name and legend. */
function heading({ left, top }: Box, title: string, keys: readonly Key[]): string {
  const y = top - 12;
  const parts = [label(title, { x: left, y, "font-size": 14, "font-weight": 700, fill: LIGHT.text })];
  let x = left + widthOf(title, 14, true) + 18;
  for (const [words, colour, look] of keys) {
    const dashes = { line: undefined, dashes: "7 3", dots: "2.5 3", bar: undefined }[look];
    const line = { stroke: LIGHT[colour], "stroke-width": look === "bar" ? 9 : 2.5, "stroke-dasharray": dashes };
    const cap = look === "line" ? "round" : "butt";
    parts.push(
      element("path", { d: `M${x.toFixed(1)},${y - 4.5}h${look === "bar" ? 9 : 20}`, ...line, "stroke-linecap": cap }),
    );
    x += look === "bar" ? 15 : 27;
    parts.push(label(words, { x, y, "font-size": SMALL + 1, fill: LIGHT.muted }));
    x += widthOf(words, SMALL + 1) + 14;
  }
  return parts.join("");
}
