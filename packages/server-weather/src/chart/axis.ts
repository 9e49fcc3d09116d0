import { offsetAt } from "../forecast/zone.ts";
import { dayAndMonth, dayOf, monthOf, weekdayOf, yearOf } from "./dates.ts";
import { type AcrossTime, type Box, bottomOf, rightOf, type Scale, written } from "./plot.ts";
import { middleOf } from "./spans.ts";
import { label, sharp } from "./svg.ts";
import type { ChartData, ChartDay, Palette } from "./types.ts";

const HALF_HOUR = 1_800_000;
const HOUR_STEPS = [1, 2, 3, 4, 6, 12];
export const SMALL = 12;
/** With more days than this, single days are no longer labelled. */
const MOST_NAMED = 16;

/** What a panel needs to be drawn. */
export interface Panel {
  readonly data: ChartData;
  readonly box: Box;
  readonly across: AcrossTime;
  readonly palette: Palette;
}

const isHourly = ({ hours }: ChartData): boolean => hours.length > 0;

/** Shades the nights if there are hours, and marks the midnights between days. */
export function backdrop({ data, box, across, palette }: Panel): string {
  if (!isHourly(data)) return "";
  const nights = data.days.flatMap(nightsOf).map(([from, to]) => {
    const [left, right] = [Math.round(across(from)), Math.round(across(to))];
    return `M${left},${box.top}H${right}V${bottomOf(box)}H${left}Z`;
  });
  const midnights = data.days.slice(1).map(({ start }) => `M${within(across(start))},${box.top}V${bottomOf(box)}`);
  return sharp(nights.join(""), { fill: palette.night }) + sharp(midnights.join(""), { stroke: palette.grid });
}

/** The night hours between a day's two midnights. Near the poles the sun may set after midnight, or not at all. */
export function nightsOf({ start, end, sun }: ChartDay): [number, number][] {
  if (sun.words === "does not rise") return [[start, end]];
  const { sunrise, sunset } = sun;
  const isShort = sunrise !== undefined && sunset !== undefined && sunset < sunrise;
  const nights: [number, number][] = isShort
    ? [[sunset, sunrise]]
    : [
        [start, sunrise ?? start],
        [sunset ?? end, end],
      ];
  return nights.filter(([from, to]) => to > from);
}

/** The middle of a pixel, where a one-pixel line is sharp. */
const within = (at: number): number => Math.floor(at) + 0.5;

/** Lines at round figures, labelled on the left or, without lines, on the right. */
export function figureAxis({ box, palette }: Panel, { at, ticks, digits }: Scale, unit = "", side = "left"): string {
  const isLeft = side === "left";
  const lines = isLeft ? ticks.map((tick) => `M${box.left},${within(at(tick))}H${rightOf(box)}`) : [];
  const labels = ticks.map((tick) => {
    const where = { x: isLeft ? box.left - 8 : rightOf(box) + 8, y: at(tick) + 4 };
    const look = { "font-size": SMALL, fill: palette.muted, "text-anchor": isLeft ? "end" : "start" };
    return label(written(tick, digits) + unit, { ...where, ...look });
  });
  return sharp(lines.join(""), { stroke: palette.grid }) + labels.join("");
}

/** Labels hours, days or months below the last panel, as many as fit. */
export function timeAxis(panel: Panel): string {
  const { data, box, across, palette } = panel;
  const perDay = box.width / data.days.length;
  const isByHour = isHourly(data) && perDay >= 88;
  const marks = isByHour ? hourMarks(data, perDay) : dayMarks(data.days, perDay);
  // Days are labelled in their middle, where there is no tick.
  const hasTicks = isByHour || data.days.length > MOST_NAMED;
  const ticks = hasTicks ? marks.map(({ at }) => `M${within(across(at))},${bottomOf(box)}v4`) : [];
  const labels = marks.map(({ at, words, anchor }) => {
    const where = { x: across(at), y: bottomOf(box) + 18, "text-anchor": anchor };
    return label(words, { ...where, "font-size": SMALL, fill: palette.muted });
  });
  return sharp(ticks.join(""), { stroke: palette.muted }) + labels.join("");
}

interface Mark {
  readonly at: number;
  readonly words: string;
  readonly anchor: "start" | "middle";
}

/** Hours by the place's own clock: on the day of a clock change, one is missing or occurs twice. */
function hourMarks({ days, zone }: ChartData, perDay: number): Mark[] {
  const step = HOUR_STEPS.find((hours) => (perDay / 24) * hours >= 42) ?? 12;
  const marks: Mark[] = [];
  for (const { start, end } of days) {
    for (let at = start; at < end; at += HALF_HOUR) {
      const minutes = Math.round((at / 1000 + offsetAt(zone, at)) / 60) % 1440;
      if (minutes % (step * 60) === 0) {
        marks.push({ at, words: `${String(minutes / 60).padStart(2, "0")}:00`, anchor: "middle" });
      }
    }
  }
  return marks;
}

function dayMarks(days: readonly ChartDay[], perDay: number): Mark[] {
  if (days.length <= MOST_NAMED) {
    return days.map((day) => ({
      at: middleOf(day),
      words: perDay < 46 ? `${dayOf(day.date)}` : `${weekdayOf(day.date)} ${dayOf(day.date)}`,
      anchor: "middle",
    }));
  }
  if (perDay * 7 >= 58) {
    const named = days.filter(({ date }, at) => (perDay * 2 >= 58 ? at % 2 === 0 : weekdayOf(date) === "Mon"));
    return named.map(({ start, date }) => ({ at: start, words: dayAndMonth(date), anchor: "middle" }));
  }
  const months = days.filter(({ date }, at) => dayOf(date) === 1 || (at === 0 && dayOf(date) < 16));
  const every = Math.ceil(64 / (perDay * 30.4));
  return months
    .filter((_, at) => at % every === 0)
    .map(({ start, date }, at) => {
      const isNewYear = at === 0 || monthOf(date) === "Jan";
      return { at: start, words: isNewYear ? `${monthOf(date)} ${yearOf(date)}` : monthOf(date), anchor: "start" };
    });
}
