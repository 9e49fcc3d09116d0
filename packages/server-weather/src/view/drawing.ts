import { type Panel, timeAxis } from "../chart/axis.ts";
import { keysOf, type Measure, PANELS } from "../chart/panels/panels.ts";
import { barsFor } from "../chart/panels/precipitation.ts";
import { type AcrossTime, acrossTime, type Box } from "../chart/plot.ts";
import { element } from "../chart/svg.ts";
import type { ChartData, Palette } from "../chart/types.ts";
import { drawn } from "./page.ts";

const HEIGHT = 184;

/** The colours that the stylesheet gives for light and dark. */
export const THEMED: Palette = {
  ...{ background: "var(--background)", text: "var(--text)", muted: "var(--muted)", grid: "var(--grid)" },
  ...{ night: "var(--night)", warm: "var(--warm)", cold: "var(--cold)", feels: "var(--feels)", rain: "var(--rain)" },
  ...{ chance: "var(--chance)", wind: "var(--wind)", gusts: "var(--gusts)", sun: "var(--sun)", cloud: "var(--cloud)" },
};

export interface Drawing {
  readonly svg: SVGSVGElement;
  readonly across: AcrossTime;
  /** The legend: for each line, a colour of the stylesheet and words. */
  readonly legend: readonly (readonly [colour: string, words: string])[];
  /** Moves the line that marks a moment. */
  mark(moment: number): void;
}

/** Draws one panel as wide as the page, with a line that marks a moment. */
export function draw(data: ChartData, measure: Measure, width: number): Drawing {
  const box: Box = {
    left: 40,
    top: 14,
    width: width - 40 - (measure === "precipitation" ? 42 : 14),
    height: HEIGHT - 42,
  };
  const across = acrossTime(data, box);
  const panel: Panel = { data, box, across, palette: THEMED };
  const marker = element("path", { class: "marker", stroke: THEMED.text, "stroke-width": 1.5, "stroke-opacity": 0.6 });
  const size = { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, "aria-hidden": "true" };
  const svg = drawn(
    element("svg", { xmlns: "http://www.w3.org/2000/svg", ...size }, PANELS[measure](panel), timeAxis(panel), marker),
  );
  const line = svg.querySelector(".marker");
  const mark = (moment: number) =>
    line?.setAttribute("d", `M${across(moment).toFixed(1)},${box.top}V${box.top + box.height}`);
  return { svg, across, mark, legend: legendOf(data, measure, box) };
}

/** The legend; its first entry has the unit. */
function legendOf(data: ChartData, measure: Measure, { width }: Box): Drawing["legend"] {
  const per = measure === "precipitation" ? ` per ${barsFor(data, width).per}` : "";
  return keysOf(data, measure).map(([words, colour], at) => [
    colour,
    at > 0 ? words : `${words}, ${data.units[measure]}${per}`,
  ]);
}
