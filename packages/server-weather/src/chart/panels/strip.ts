import { dayAndMonth, dayOf, weekdayOf } from "../dates.ts";
import { widthOf } from "../letters.ts";
import { type AcrossTime, type Box, written } from "../plot.ts";
import { type Attributes, label } from "../svg.ts";
import type { ChartData, ChartDay, ChartUnits, Palette } from "../types.ts";
import { icon, skyOf } from "./icons.ts";

/** Each day's date, sky, highest and lowest temperature and precipitation, above its part of the panels. */
export function dayStrip({ days, units }: ChartData, box: Box, across: AcrossTime, palette: Palette): string {
  const cells = days.map((day) => ({
    ...{ day, left: across(day.start), width: across(day.end) - across(day.start) },
    ...{ high: degrees(day.high), low: degrees(day.low) },
  }));
  // With sixteen days of hard frost, the two figures would run into those of the next day.
  const isTight = cells.some(({ high, low, width }) => widthOf(high, 14, true) + widthOf(low, 14) + 12 > width);
  return cells
    .map(({ day, left, width, high, low }) => {
      const middle = left + width / 2;
      const centred = { x: middle, "text-anchor": "middle", "font-size": 13 };
      const temperature = (words: string, y: number, side: 1 | -1, look: Attributes) => {
        const beside = { x: middle + 3 * side, "text-anchor": side < 0 ? "end" : "start", y: box.top + 66 };
        return label(words, { "font-size": 14, ...(isTight ? { ...centred, y: box.top + y } : beside), ...look });
      };
      const number = width > 84 ? dayAndMonth(day.date) : `${dayOf(day.date)}`;
      return [
        label(`${weekdayOf(day.date)} ${number}`, {
          ...centred,
          y: box.top + 12,
          "font-weight": 700,
          fill: palette.text,
        }),
        symbol(day, middle, box.top, palette),
        temperature(high, 63, -1, { "font-weight": 700, fill: palette.text }),
        temperature(low, 78, 1, { fill: palette.muted }),
        label(wordsOf(day, units, width), { ...centred, y: box.top + (isTight ? 94 : 84), fill: palette.rain }),
      ].join("");
    })
    .join("");
}

const degrees = (figure: number | undefined): string => (figure === undefined ? "–" : `${written(figure)}°`);

function symbol({ weather = "" }: ChartDay, middle: number, top: number, palette: Palette): string {
  const sky = skyOf(weather);
  if (sky) return icon(sky, middle - 16, top + 17, 32, palette);
  return label("–", { x: middle, y: top + 38, "text-anchor": "middle", "font-size": 13, fill: palette.muted });
}

function wordsOf({ weather, precipitation }: ChartDay, units: ChartUnits, width: number): string {
  const wet = precipitation ? `${amount(precipitation)} ${units.precipitation}` : undefined;
  return [width > 180 ? weather : undefined, wet].filter((part) => part !== undefined).join(", ");
}

/** Precipitation in as few digits as possible. */
const amount = (figure: number): string =>
  figure < 1 ? figure.toPrecision(1) : figure < 10 ? figure.toFixed(1) : figure.toFixed(0);
