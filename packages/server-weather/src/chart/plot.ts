import { scaleLinear } from "d3-scale";
import { area, curveLinear, curveMonotoneX, line } from "d3-shape";
import type { ChartData } from "./types.ts";

/** The area of a drawing in which figures are plotted, in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export const bottomOf = ({ top, height }: Box): number => top + height;
export const rightOf = ({ left, width }: Box): number => left + width;

/** Maps moments from left to right. Days of 23 and 25 hours have the corresponding width. */
export type AcrossTime = (moment: number) => number;

export function acrossTime({ days }: ChartData, { left, width }: Box): AcrossTime {
  const [start, end] = [days[0]?.start ?? 0, days.at(-1)?.end ?? 1];
  return scaleLinear([start, end], [left, left + width]).clamp(true);
}

/** Maps figures from bottom to top, with round figures to label. */
export interface Scale {
  readonly at: (figure: number) => number;
  readonly ticks: readonly number[];
  readonly digits: number;
  /** The figure at the bottom of the scale. */
  readonly floor: number;
}

/**
 * A scale that covers all figures and spans at least `least`, so that the noise of a calm day does not fill the chart.
 * It ends a little beyond the figures; with `from`, for figures that cannot be negative, it begins there and ends at a
 * round one.
 */
export function scaleFor(figures: readonly (number | undefined)[], box: Box, least: number, from?: number): Scale {
  const known = figures.filter((figure) => figure !== undefined);
  const lowest = from ?? (known.length > 0 ? Math.min(...known) : 0);
  const highest = known.length > 0 ? Math.max(...known) : lowest;
  const missing = Math.max(0, least - (highest - lowest));
  const margin = from === undefined ? (highest - lowest + missing) * 0.12 + missing / 2 : 0;
  const top = from === undefined ? highest + margin : highest + missing;
  const count = Math.max(2, Math.floor(box.height / 34));
  const scale = scaleLinear([lowest - margin, top], [bottomOf(box), box.top]);
  if (from !== undefined) scale.nice(count);
  const ticks = scale.ticks(count);
  const step = (ticks[1] ?? 1) - (ticks[0] ?? 0);
  return { at: scale, ticks, digits: step < 0.1 ? 2 : step < 1 ? 1 : 0, floor: scale.invert(bottomOf(box)) };
}

/** A point of a line, by moment and figure; undefined figures are gaps. */
export interface Sample {
  readonly at: number;
  readonly figure: number | undefined;
}

/** With this many points, a curve between them is not visible, and takes three times as long to draw. */
const CLOSE = 120;
const curveFor = ({ length }: readonly unknown[]) => (length > CLOSE ? curveLinear : curveMonotoneX);

/** The `d` of a path through points; a single one between gaps becomes a dot, if the line has round ends. */
export function linePath(points: readonly Sample[], across: AcrossTime, { at }: Scale): string {
  const draw = line<Sample>()
    .defined(({ figure }) => figure !== undefined)
    .x((point) => across(point.at))
    .y(({ figure }) => at(figure ?? 0))
    .curve(curveFor(points))
    .digits(1);
  return draw(points) ?? "";
}

export interface Band {
  readonly at: number;
  readonly low: number | undefined;
  readonly high: number | undefined;
}

/** The `d` of the area between two figures over time. */
export function bandPath(bands: readonly Band[], across: AcrossTime, { at }: Scale): string {
  const draw = area<Band>()
    .defined(({ low, high }) => low !== undefined && high !== undefined)
    .x((band) => across(band.at))
    .y0(({ low }) => at(low ?? 0))
    .y1(({ high }) => at(high ?? 0))
    .curve(curveFor(bands))
    .digits(1);
  return draw(bands) ?? "";
}

/** A figure for people: with a real minus sign, and never "-0". */
export function written(figure: number, digits = 0): string {
  return figure
    .toFixed(digits)
    .replace(/^-(?=0\.?0*$)/, "")
    .replace("-", "−");
}
