import { backdrop, figureAxis, type Panel, SMALL } from "../axis.ts";
import { bandPath, bottomOf, linePath, rightOf, type Sample, type Scale, scaleFor, written } from "../plot.ts";
import { MOST_DAYS, middleOf, weeksOf } from "../spans.ts";
import { element, label, sharp, stroke } from "../svg.ts";
import type { ChartDay } from "../types.ts";

/** Draws temperature and feels-like as lines, or each day's range if there are no hours. */
export function temperaturePanel(panel: Panel): string {
  const { data, box, palette } = panel;
  const isHourly = data.hours.length > 0;
  const figures = isHourly
    ? data.hours.flatMap(({ temperature, feelsLike }) => [temperature, feelsLike])
    : data.days.flatMap(({ high, low, feelsHigh, feelsLow }) => [high, low, feelsHigh, feelsLow]);
  const isFahrenheit = data.units.temperature === "°F";
  const scale = scaleFor(figures, box, isFahrenheit ? 15 : 8);
  const freezing = scale.at(isFahrenheit ? 32 : 0);
  const isFreezingSeen = freezing > box.top && freezing < bottomOf(box);
  return [
    backdrop(panel),
    figureAxis(panel, scale, "°"),
    isFreezingSeen ? stroke(`M${box.left},${freezing.toFixed(1)}H${rightOf(box)}`, palette.rain, 1.5, "2.5 3.5") : "",
    ...(isHourly ? hourly(panel, scale) : daily(panel, scale)),
  ].join("");
}

function hourly({ data: { hours }, box, across, palette }: Panel, scale: Scale): string[] {
  const feels = hours.map(({ end, feelsLike }) => ({ at: end, figure: feelsLike }));
  const line = hours.map(({ end, temperature }) => ({ at: end, figure: temperature }));
  const under = line.map(({ at, figure }) => ({
    at,
    low: figure === undefined ? undefined : scale.floor,
    high: figure,
  }));
  const places = [...line, ...feels].flatMap(({ at, figure }) =>
    figure === undefined ? [] : { x: across(at), y: scale.at(figure) },
  );
  return [
    sharp(bandPath(under, across, scale), { fill: palette.warm, "fill-opacity": 0.09 }),
    stroke(linePath(feels, across, scale), palette.feels, 1.75, "7 3"),
    stroke(linePath(line, across, scale), palette.warm, 2.75),
    ...extremes(line).map(({ at, figure, isHighest }) => {
      const [x, y] = [across(at), scale.at(figure)];
      const crossed = (middle: number) =>
        places.filter((place) => Math.abs(place.x - x) < 15 && Math.abs(place.y - middle) < 10).length;
      const isAbove = isHighest || y + 19 > bottomOf(box) || crossed(y + 15) > crossed(y - 14);
      const place = { x, y: isAbove ? y - 9 : y + 19, "text-anchor": "middle", "font-size": SMALL + 1 };
      const rim = {
        stroke: palette.background,
        "stroke-width": 3,
        "stroke-linejoin": "round",
        "paint-order": "stroke",
      };
      const dot = { cx: x, cy: y, r: 4, fill: palette.warm, stroke: palette.background, "stroke-width": 1.5 };
      const words = { ...place, ...rim, "font-weight": 700, fill: palette.text };
      return element("circle", dot) + label(`${written(figure)}°`, words);
    }),
  ];
}

function daily({ data: { days }, across, palette }: Panel, scale: Scale): string[] {
  const isLong = days.length > MOST_DAYS;
  const feelsDays = isLong ? weeksOf(days) : days;
  const line = (of: readonly ChartDay[], pick: (day: ChartDay) => number | undefined) =>
    linePath(
      of.map((day) => ({ at: middleOf(day), figure: pick(day) })),
      across,
      scale,
    );
  const band = days.map((day) => ({ at: middleOf(day), low: day.low, high: day.high }));
  const feels = [line(feelsDays, ({ feelsHigh }) => feelsHigh), line(feelsDays, ({ feelsLow }) => feelsLow)];
  return [
    sharp(bandPath(band, across, scale), { fill: palette.warm, "fill-opacity": 0.16 }),
    ...feels.map((path) => stroke(path, palette.feels, 1.25, "6 3")),
    stroke(
      line(days, ({ high }) => high),
      palette.warm,
      isLong ? 1.5 : 2.25,
    ),
    stroke(
      line(days, ({ low }) => low),
      palette.cold,
      isLong ? 1.5 : 2.25,
    ),
  ];
}

/** The highest and the lowest point of a line. */
function extremes(line: readonly Sample[]): { at: number; figure: number; isHighest: boolean }[] {
  const known = line.flatMap(({ at, figure }) => (figure === undefined ? [] : [{ at, figure }]));
  const sorted = [...known].sort((one, other) => one.figure - other.figure);
  const [lowest, highest] = [sorted[0], sorted.at(-1)];
  if (!lowest || !highest) return [];
  const top = { ...highest, isHighest: true };
  return highest.figure === lowest.figure ? [top] : [{ ...lowest, isHighest: false }, top];
}
