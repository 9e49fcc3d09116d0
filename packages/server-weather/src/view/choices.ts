import { dayAndMonth, dayOf, weekdayOf } from "../chart/dates.ts";
import { icon, skyOf } from "../chart/panels/icons.ts";
import { written } from "../chart/plot.ts";
import { element } from "../chart/svg.ts";
import { THEMED } from "./drawing.ts";
import { figuresOf } from "./figures.ts";
import { drawn, make } from "./page.ts";
import type { DayShown, Entry } from "./result.ts";

/** The choice of all days instead of a date. */
export const ALL = "all";

/** Radio buttons that look like cards: all days, and each of them. */
export function choicesOf(days: readonly DayShown[], units: Entry, chosen: string): HTMLElement[] {
  const all = [make("span", { class: "name" }, "All"), make("span", {}, `${days.length} days`)];
  return [
    ...(days.length > 1 ? [choice(ALL, chosen, all)] : []),
    ...days.map((day) => choice(day.date, chosen, cardOf(day, units))),
  ];
}

function cardOf(day: DayShown, units: Entry): Node[] {
  const sky = skyOf(day.weather ?? "");
  const size = { xmlns: "http://www.w3.org/2000/svg", width: 28, height: 28, "aria-hidden": "true" };
  const symbol = sky ? [drawn(element("svg", size, icon(sky, 0, 0, 28, THEMED)))] : [];
  const [high, low] = [day.high, day.low].map((figure) => (figure === undefined ? "–" : `${written(figure)}°`));
  const [weather, ...figures] = figuresOf(day.entry, units, true).slice(0, 3);
  const spoken = [dayAndMonth(day.date), weather?.words, ...figures.map(({ name, words }) => `${name} ${words}`)];
  return [
    make("span", { class: "name" }, `${weekdayOf(day.date)} ${dayOf(day.date)}`),
    make("span", { class: "unseen" }, spoken.join(", ")),
    ...symbol,
    make("span", { "aria-hidden": "true" }, make("b", {}, high ?? ""), ` ${low}`),
  ];
}

function choice(value: string, chosen: string, inside: readonly Node[]): HTMLElement {
  const input = make("input", { type: "radio", name: "day", value });
  input.checked = value === chosen;
  return make("label", {}, input, make("span", { class: "card" }, ...inside));
}
