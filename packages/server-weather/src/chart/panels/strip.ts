import { dayAndMonth, dayOf, weekdayOf } from "../dates.ts";
import { type AcrossTime, type Box, written } from "../plot.ts";
import { label } from "../svg.ts";
import type { ChartData, ChartDay, ChartUnits, Palette } from "../types.ts";
import { icon, skyOf } from "./icons.ts";

/** Each day's date, sky, highest and lowest temperature and precipitation, above its part of the panels. */
export function dayStrip({ days, units }: ChartData, box: Box, across: AcrossTime, palette: Palette): string {
  return days.map((day) => cell(day, units, across(day.start), across(day.end), box.top, palette)).join("");
}

function cell(day: ChartDay, units: ChartUnits, left: number, right: number, top: number, palette: Palette): string {
  const [middle, width] = [(left + right) / 2, right - left];
  const number = width > 84 ? dayAndMonth(day.date) : `${dayOf(day.date)}`;
  const sky = day.weather === undefined ? undefined : skyOf(day.weather);
  const centred = { x: middle, "text-anchor": "middle", "font-size": 13 };
  const sides = { y: top + 66, "font-size": 14 };
  const [high, low] = [day.high, day.low].map((figure) => (figure === undefined ? "–" : `${written(figure)}°`));
  const wet = day.precipitation ? `${amount(day.precipitation)} ${units.precipitation}` : undefined;
  const words = [width > 180 ? day.weather : undefined, wet].filter((part) => part !== undefined).join(", ");
  return [
    label(`${weekdayOf(day.date)} ${number}`, { ...centred, y: top + 12, "font-weight": 700, fill: palette.text }),
    sky ? icon(sky, middle - 16, top + 17, 32, palette) : label("–", { ...centred, y: top + 38, fill: palette.muted }),
    label(high ?? "", { ...sides, "text-anchor": "end", x: middle - 3, "font-weight": 700, fill: palette.text }),
    label(low ?? "", { ...sides, x: middle + 3, fill: palette.muted }),
    label(words, { ...centred, y: top + 84, fill: palette.rain }),
  ].join("");
}

/** Precipitation in as few digits as tell it. */
const amount = (figure: number): string =>
  figure < 1 ? figure.toPrecision(1) : figure < 10 ? figure.toFixed(1) : figure.toFixed(0);
