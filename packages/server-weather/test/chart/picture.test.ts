import { expect, test } from "vitest";
import { nightsOf } from "../../src/chart/axis.ts";
import { chartData } from "../../src/chart/from-forecast.ts";
import { widthOf } from "../../src/chart/letters.ts";
import { drawPicture } from "../../src/chart/picture.ts";
import type { ChartData } from "../../src/chart/types.ts";
import type { Forecast } from "../../src/forecast/types.ts";
import { addDays } from "../../src/forecast/zone.ts";
import { inUnits } from "../../src/units/convert.ts";
import { BERLIN, type Climate, PHOENIX, SINGAPORE, sampleForecast, TROMSO, YAKUTSK } from "./samples.ts";

const CAPTIONS = { name: "Somewhere", details: "details", attribution: "attribution" };

function data(climate: Climate, first: string, days: number, change: (given: Forecast) => Forecast = (same) => same) {
  const forecast = change(sampleForecast(climate, first, days, days <= 16));
  return chartData(forecast, first, addDays(first, days - 1));
}

const svgOf = (drawn: ChartData, captions = CAPTIONS) => drawPicture(drawn, captions).join("");

interface Words {
  readonly words: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly anchor: string;
}

/** The words of a drawing, where they are. */
function wordsOf(svg: string): Words[] {
  return [...svg.matchAll(/<text ([^>]*)>([^<]*)<\/text>/g)].map(([, attributes = "", words = ""]) => {
    const read = (name: string) => new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes)?.[1] ?? "";
    const [x, y, size] = [Number(read("x")), Number(read("y")), Number(read("font-size"))];
    return { words, x, y, size, anchor: read("text-anchor") };
  });
}

/** Words on the lowest line of labels: hours, days or months. */
function timeLabels(svg: string): Words[] {
  const all = wordsOf(svg).filter(({ words }) => words !== CAPTIONS.attribution);
  const lowest = Math.max(...all.map(({ y }) => y));
  return all.filter(({ y }) => y === lowest);
}

test.each([1, 2, 3, 4, 5, 7, 10, 14, 16, 17, 31, 62, 92, 120, 121, 200, 365, 366])(
  "%i days: every label is inside the picture, and no two on a line touch",
  (days) => {
    const halves = drawPicture(data(BERLIN, "2025-01-20", days), CAPTIONS);
    const svg = halves.join("");
    let end = 0;
    const boxes = halves.flatMap((half) => {
      const [, top = 0, width = 0, height = 0] = (/viewBox="0 (\d+) (\d+) (\d+)"/.exec(half) ?? []).map(Number);
      expect([top, width]).toEqual([end, 1000]);
      end = top + height;
      return wordsOf(half).map(({ words, x, y, size, anchor }) => {
        expect(y - size, words).toBeGreaterThanOrEqual(top);
        expect(y + size / 4, words).toBeLessThanOrEqual(end);
        // Six tenths of the size are wider than the shipped font's letters are on the average.
        const wide = words.length * size * 0.55;
        const left = anchor === "middle" ? x - wide / 2 : anchor === "end" ? x - wide : x;
        return { words, left, right: left + wide, y };
      });
    });
    for (const box of boxes) {
      expect(box.left, box.words).toBeGreaterThanOrEqual(0);
      expect(box.right, box.words).toBeLessThanOrEqual(1000);
    }
    const labels = timeLabels(svg).map(({ words }) => words);
    expect(labels.length).toBeGreaterThanOrEqual(4);
    const line = boxes.filter(({ y }) => y === timeLabels(svg)[0]?.y).sort((one, other) => one.left - other.left);
    for (const [at, box] of line.entries()) expect(box.left).toBeGreaterThan(line[at - 1]?.right ?? -1);
  },
);

test("in a hard frost, the temperatures of sixteen days do not run into each other", () => {
  const boxes = wordsOf(svgOf(data(YAKUTSK, "2026-01-05", 16)))
    .filter(({ words, y }) => /^−?\d+°$/.test(words) && y > 120 && y < 180)
    .map(({ words, x, y, size, anchor }) => {
      const width = widthOf(words, size, true);
      return { y, left: anchor === "middle" ? x - width / 2 : anchor === "end" ? x - width : x, width };
    })
    .sort((one, other) => one.y - other.y || one.left - other.left);
  expect(boxes).toHaveLength(32);
  for (const [at, { y, left }] of boxes.entries()) {
    const before = boxes[at - 1];
    if (before?.y === y) expect(left).toBeGreaterThan(before.left + before.width);
  }
});

test("a long period is told by the day, a longer one by the week, and a short one by the hour", () => {
  const heading = (days: number) =>
    wordsOf(svgOf(data(BERLIN, "2025-01-20", days))).find(({ words }) => words.startsWith("Precip"))?.words;
  expect(heading(1)).toBe("Precipitation (mm per hour)");
  expect(heading(16)).toBe("Precipitation (mm per 3 hours)");
  expect(heading(31)).toBe("Precipitation (mm per day)");
  expect(heading(365)).toBe("Precipitation (mm per week)");
});

test("axes tell the units that were asked for", () => {
  const words = (system: "metric" | "imperial" | "si" | "uk") =>
    wordsOf(svgOf(data(PHOENIX, "2026-07-01", 3, (forecast) => inUnits(forecast, system))))
      .map(({ words }) => words)
      .filter((heading) => /^(?:Temp|Prec|Wind)/.test(heading));
  expect(words("metric")).toEqual(["Temperature (°C)", "Precipitation (mm per hour)", "Wind (km/h)"]);
  expect(words("imperial")).toEqual(["Temperature (°F)", "Precipitation (inches per hour)", "Wind (mph)"]);
  expect(words("si")).toEqual(["Temperature (°C)", "Precipitation (mm per hour)", "Wind (m/s)"]);
  expect(words("uk")).toEqual(["Temperature (°C)", "Precipitation (mm per hour)", "Wind (mph)"]);
});

test("days are the place's own: one of 23 hours is narrower, one of 25 wider, and the clock's hours are told", () => {
  const labels = (first: string) => timeLabels(svgOf(data(BERLIN, first, 1)));
  expect(labels("2026-03-29").map(({ words }) => words)).not.toContain("02:00");
  expect(labels("2026-03-29").map(({ words }) => words)).toContain("04:00");
  expect(labels("2026-10-25").filter(({ words }) => words === "02:00")).toHaveLength(2);
  const [saturday, sunday, monday] = data(BERLIN, "2026-10-24", 3).days.map(
    ({ start, end }) => (end - start) / 3_600_000,
  );
  expect([saturday, sunday, monday]).toEqual([24, 25, 24]);
});

test("nights are shaded: all of a polar night, nothing of a polar day, and the time between sunset and sunrise", () => {
  const nights = (climate: Climate, first: string) => data(climate, first, 1).days.flatMap(nightsOf);
  const hours = (spans: [number, number][]) => spans.reduce((sum, [from, to]) => sum + to - from, 0) / 3_600_000;
  expect(hours(nights(TROMSO, "2026-12-21"))).toBe(24);
  expect(nights(TROMSO, "2026-06-21")).toEqual([]);
  expect(hours(nights(SINGAPORE, "2026-06-21"))).toBeCloseTo(11.8, 0);
  const [midnight = 0] = data(TROMSO, "2026-05-17", 1).days.map(({ start }) => start);
  const day = { date: "2026-05-17", start: midnight, end: midnight + 24 * 3_600_000 };
  const short = { ...day, sun: { sunset: midnight + 3_600_000, sunrise: midnight + 2 * 3_600_000 } };
  expect(nightsOf(short)).toEqual([[midnight + 3_600_000, midnight + 2 * 3_600_000]]);
  expect(nightsOf({ ...day, sun: {} })).toEqual([]);
});

test("what is missing is a gap, never a zero, and a picture without any figures is still drawn", () => {
  const without = (isGone: (at: number) => boolean) => (given: Forecast) => ({
    ...given,
    hourly: {
      ...given.hourly,
      series: Object.fromEntries(
        Object.entries(given.hourly.series).map(([name, { unit, values }]) => [
          name,
          { unit, values: values.map((value, at) => (isGone(at) ? undefined : value)) },
        ]),
      ),
    },
  });
  const lines = (svg: string) => [...svg.matchAll(/ d="([^"]*)"[^>]*stroke-width="2.8"/g)].map(([, d = ""]) => d);
  const whole = lines(svgOf(data(BERLIN, "2026-11-28", 3)));
  const broken = lines(
    svgOf(
      data(
        BERLIN,
        "2026-11-28",
        3,
        without((at) => at > 20 && at < 40),
      ),
    ),
  );
  expect(whole.map((d) => d.split("M").length - 1)).toEqual([1]);
  expect(broken.map((d) => d.split("M").length - 1)).toEqual([2]);
  const empty = svgOf(
    data(
      BERLIN,
      "2026-11-28",
      3,
      without(() => true),
    ),
  );
  expect(wordsOf(empty).map(({ words }) => words)).toContain("not available");
  expect(empty).not.toContain("NaN");
});

test("hours that the source left out are a gap as well, and longer steps are not drawn past the last midnight", () => {
  const only = (isKept: (at: number) => boolean) => (given: Forecast) => {
    const kept = given.hourly.times.flatMap((_, at) => (isKept(at) ? [at] : []));
    const columns = Object.entries(given.hourly.series).map(([name, { unit, values }]) => [
      name,
      { unit, values: kept.map((at) => values[at]) },
    ]);
    const times = kept.map((at) => given.hourly.times[at] ?? 0);
    return { ...given, hourly: { times, series: Object.fromEntries(columns) } };
  };
  const broken = svgOf(
    data(
      BERLIN,
      "2026-11-28",
      3,
      only((at) => at < 20 || at > 40),
    ),
  );
  expect(/ d="([^"]*)"[^>]*stroke-width="2.8"/.exec(broken)?.[1]?.split("M")).toHaveLength(3);
  // Six-hourly steps of three days, of which two are drawn: the last one ends at three o'clock on the third.
  const forecast = only((at) => at % 6 === 3)(sampleForecast(BERLIN, "2026-11-28", 3));
  const { hours, days } = chartData(forecast, "2026-11-28", "2026-11-29");
  const last = hours.at(-1);
  expect(last?.end).toBe((days[1]?.end ?? 0) + 3 * 3_600_000);
  expect(last?.temperature).toBeUndefined();
  expect(last?.precipitation).toBeDefined();
});

test("keys tell only of what the source tells, and a level line has one label", () => {
  const level = ({ hourly, ...rest }: Forecast): Forecast => {
    const { feels_like: _, wind_gusts: __, precipitation_probability: ___, ...told } = hourly.series;
    const temperature = { unit: "°C", values: hourly.times.map(() => 3.3) };
    return { ...rest, hourly: { ...hourly, series: { ...told, temperature } } };
  };
  const keys = (change?: (given: Forecast) => Forecast) =>
    wordsOf(svgOf(data(BERLIN, "2026-11-28", 2, change)))
      .map(({ words }) => words)
      .filter((words) => /^(?:temperature|feels like|amount|probability|wind|gusts|3°)$/.test(words));
  expect(keys()).toEqual(["temperature", "feels like", "amount", "probability", "wind", "gusts"]);
  expect(keys(level)).toEqual(["temperature", "3°", "amount", "wind"]);
});

test("a name that looks like markup stays a name, and control characters do not spoil the picture", () => {
  const svg = svgOf(data(BERLIN, "2026-11-28", 1), { ...CAPTIONS, name: `<script>"&\u0000\u0007` });
  expect(svg).toContain("&lt;script&gt;&quot;&amp;  </text>");
});

test("a long name is set smaller, then cut, and fits the picture", () => {
  const name =
    "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch and all the places around it, Wales and the world";
  const [title] = wordsOf(svgOf(data(BERLIN, "2026-11-28", 1), { ...CAPTIONS, name }));
  expect(title?.size).toBeLessThan(24);
  expect(title?.words).toMatch(/^Llanfair.*…$/);
});

test("the lowest figure is written on the side of its line where the feels-like line is not", () => {
  const calm = (below: number) =>
    data(BERLIN, "2026-11-28", 1, (forecast) => {
      const temperature = forecast.hourly.times.map((_, at) => 4 + Math.abs(at - 8) / 4);
      const series = {
        ...forecast.hourly.series,
        temperature: { unit: "°C", values: temperature },
        feels_like: { unit: "°C", values: temperature.map((value) => value - below) },
      };
      return { ...forecast, hourly: { ...forecast.hourly, series } };
    });
  const side = (below: number) => {
    const svg = svgOf(calm(below));
    const dot = [...svg.matchAll(/<circle cx="[^"]*" cy="([^"]*)" r="4"/g)].map(([, y]) => Number(y));
    const label = wordsOf(svg).filter(
      ({ words, size, anchor }) => words === "4°" && size === 13 && anchor === "middle",
    );
    return Math.sign((label[0]?.y ?? Number.NaN) - Math.max(...dot));
  };
  expect(side(8)).toBe(1);
  expect(side(1)).toBe(-1);
});
