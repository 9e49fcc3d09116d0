import { scaleLinear } from "d3-scale";
import { area, curveLinear, curveMonotoneX, line } from "d3-shape";
import type { ChartData } from "./types.ts";

/** The part of a drawing that figures are plotted in, in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export const bottomOf = ({ top, height }: Box): number => top + height;
export const rightOf = ({ left, width }: Box): number => left + width;

/** Where a moment is, from left to right. Days of 23 and 25 hours are as wide as they are long. */
export type AcrossTime = (moment: number) => number;

export function acrossTime({ days }: ChartData, { left, width }: Box): AcrossTime {
  const [start, end] = [days[0]?.start ?? 0, days.at(-1)?.end ?? 1];
  return scaleLinear([start, end], [left, left + width]).clamp(true);
}

/** Where a figure is, from bottom to top, with round figures to label. */
export interface Scale {
  readonly at: (figure: number) => number;
  readonly ticks: readonly number[];
  readonly digits: number;
  /** The figure at the bottom. */
  readonly floor: number;
}

/**
 * A scale that holds all figures and spans at least `least`, so that the noise of a calm day does not fill the chart.
 * It ends a little beyond the figures, or at round ones when it begins at `from`, for what cannot be negative.
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

/** Points that are this many lie so close that a curve between them is not seen, and three times as slow to draw. */
const CLOSE = 120;
const curveFor = ({ length }: readonly unknown[]) => (length > CLOSE ? curveLinear : curveMonotoneX);

/** The `d` of a path through points; a single one between gaps becomes a dot, given round ends. */
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

/** A figure as people write it: a real minus, and no "-0". */
export function written(figure: number, digits = 0): string {
  return figure
    .toFixed(digits)
    .replace(/^-(?=0\.?0*$)/, "")
    .replace("-", "−");
}
