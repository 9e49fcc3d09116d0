import { backdrop, figureAxis, type Panel } from "../axis.ts";
import { bandPath, linePath, scaleFor } from "../plot.ts";
import { MOST_DAYS, middleOf, weeksOf } from "../spans.ts";
import { element, sharp, stroke } from "../svg.ts";
import type { ChartData, ChartDay } from "../types.ts";

const DAY = 86_400_000;
/** The corners of an arrow for a wind from the north, which points south. */
const ARROW = [
  [0, 7],
  [-4, -6],
  [0, -3],
  [4, -6],
] as const;

/** Draws the wind, the gusts above it, and arrows that point where the wind blows. */
export function windPanel(panel: Panel): string {
  const { data, box, across, palette } = panel;
  const spans = data.hours.length > 0 ? data.hours : windyDays(data);
  const points = spans.map(({ start, end, wind, gusts, direction }) => ({
    // An hour's figures are measured at its end, a day's at any time in it.
    at: data.hours.length > 0 ? end : middleOf({ start, end }),
    ...{ wind, gusts, direction },
  }));
  const least = data.units.wind === "m/s" ? 5 : data.units.wind === "mph" ? 10 : 20;
  const lower = { ...box, top: box.top + 20, height: box.height - 20 };
  const scale = scaleFor(
    points.flatMap(({ wind, gusts }) => [wind, gusts]),
    lower,
    least,
    0,
  );
  const line = (figure: "wind" | "gusts") =>
    linePath(
      points.map((point) => ({ at: point.at, figure: point[figure] })),
      across,
      scale,
    );
  const band = points.map(({ at, wind, gusts }) => ({ at, low: wind, high: gusts }));
  return [
    backdrop(panel),
    figureAxis({ ...panel, box: lower }, scale),
    sharp(bandPath(band, across, scale), { fill: palette.gusts, "fill-opacity": 0.22 }),
    stroke(line("gusts"), palette.gusts, 1.25),
    stroke(line("wind"), palette.wind, 2.25),
    arrows(panel, points),
  ].join("");
}

/** The maximum of a week that has just begun says little yet. */
function windyDays({ days }: ChartData): readonly ChartDay[] {
  return days.length > MOST_DAYS ? weeksOf(days).filter(({ start, end }) => end - start > 4 * DAY) : days;
}

function arrows(
  { box, across, palette }: Panel,
  points: readonly { readonly at: number; readonly direction?: number | undefined }[],
): string {
  let free = box.left;
  const paths = points.flatMap(({ at, direction }) => {
    const x = across(at);
    if (direction === undefined || x < free + 12 || x > box.left + box.width - 10) return [];
    free = x + 20;
    const [sin, cos] = [Math.sin((direction * Math.PI) / 180), Math.cos((direction * Math.PI) / 180)];
    const turned = ARROW.map(([right, down]) => {
      const [across, along] = [x + right * cos - down * sin, box.top + 10 + right * sin + down * cos];
      return `${across.toFixed(1)},${along.toFixed(1)}`;
    });
    return [`M${turned.join("L")}Z`];
  });
  return element("path", { d: paths.join(""), fill: palette.wind });
}
