import { backdrop, figureAxis, type Panel, SMALL } from "../axis.ts";
import { bottomOf, linePath, rightOf, scaleFor } from "../plot.ts";
import { MOST_DAYS, middleOf, redivide, weeksOf } from "../spans.ts";
import { element, label, stroke } from "../svg.ts";
import type { ChartData, Span } from "../types.ts";

const HOUR = 3_600_000;
/** Bars narrower than this, in pixels, are joined. */
const NARROW = 4.5;

/** The time that a bar stands for. */
export interface Bars {
  readonly spans: readonly Span[];
  /** "hour", "3 hours", "day" or "week". */
  readonly per: string;
}

/** The bars for a width: an hour each if there is room, else three or six; days or weeks for long periods. */
export function barsFor({ days, hours }: ChartData, width: number): Bars {
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return { spans: [], per: "day" };
  if (hours.length === 0)
    return days.length > MOST_DAYS ? { spans: weeksOf(days), per: "week" } : { spans: days, per: "day" };
  const perHour = width / ((last.end - first.start) / HOUR);
  const length = [1, 3, 6].find((size) => size * perHour >= NARROW) ?? 6;
  const spans = redivide(hours, first.start, last.end, length * HOUR);
  return { spans, per: length === 1 ? "hour" : `${length} hours` };
}

/** Bars of precipitation on the left axis, and its probability on the right one. */
export function precipitationPanel(panel: Panel): string {
  const { data, box, across, palette } = panel;
  const { spans } = barsFor(data, box.width);
  const isInch = data.units.precipitation === "in";
  const scale = scaleFor(
    spans.map(({ precipitation }) => precipitation),
    box,
    isInch ? 0.1 : 2,
    0,
  );
  const percent = scaleFor([100], box, 100, 0);
  const bars = spans.flatMap(({ start, end, precipitation = 0 }) => {
    if (precipitation <= 0) return [];
    const [left, right] = [across(start), across(end)];
    const gap = right - left > 6 ? 1 : 0.4;
    // So that even a trace is visible.
    const height = Math.max(bottomOf(box) - scale.at(precipitation), 1.5);
    return [barPath(left + gap, bottomOf(box), Math.max(right - left - 2 * gap, 0.8), height)];
  });
  const chances = spans.map((span) => ({ at: middleOf(span), figure: span.probability }));
  const hasChances = chances.some(({ figure }) => figure !== undefined);
  const chance = stroke(linePath(chances, across, percent), palette.chance, 1.75, "2.5 3");
  const right = { ...percent, ticks: [0, 50, 100] };
  return [
    backdrop(panel),
    figureAxis(panel, scale),
    hasChances ? figureAxis(panel, right, "%", "right") : "",
    element("path", { d: bars.join(""), fill: palette.rain }),
    hasChances ? chance : "",
    unknownFrom(panel, spans),
  ].join("");
}

/** A bar with round upper corners. */
function barPath(left: number, bottom: number, width: number, height: number): string {
  const round = Math.min(2, width / 3, height);
  const [flat, side, corner] = [width - 2 * round, height - round, round].map((size) => size.toFixed(1));
  const corners = `q0,-${corner} ${corner},-${corner}h${flat}q${corner},0 ${corner},${corner}`;
  return `M${left.toFixed(1)},${bottom}v-${side}${corners}v${side}Z`;
}

/** Says that nothing is known; an empty panel would look like dry weather. */
function unknownFrom({ box, palette }: Panel, spans: readonly Span[]): string {
  if (spans.some(({ precipitation }) => precipitation !== undefined)) return "";
  const where = { x: (box.left + rightOf(box)) / 2, y: box.top + box.height / 2 + 4, "text-anchor": "middle" };
  return label("not available", { ...where, "font-size": SMALL, fill: palette.muted });
}
