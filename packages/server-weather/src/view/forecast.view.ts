/**
 * The page that hosts with MCP Apps show in place of get_forecast's text. `meetHost` talks to the host, `readResult` reads
 * the tool's answer, and this file shows it: days to choose from, a chart to walk along, and a table of everything.
 */
import { dayAndMonth, periodOf, weekdayOf } from "../chart/dates.ts";
import { icon, skyOf } from "../chart/panels/icons.ts";
import type { Measure } from "../chart/panels/panels.ts";
import { written } from "../chart/plot.ts";
import { middleOf } from "../chart/spans.ts";
import { element } from "../chart/svg.ts";
import { type Drawing, draw, THEMED } from "./drawing.ts";
import { figuresOf } from "./figures.ts";
import { type Host, meetHost, type ToolResult } from "./host.ts";
import { byId, drawn, make } from "./page.ts";
import { type DayShown, type Entry, type HourShown, readResult, type Shown } from "./result.ts";

const ALL = "all";
const chart = byId("chart", HTMLDivElement);
const status = byId("status", HTMLParagraphElement);
const form = byId("forecast", HTMLFormElement);

let host: Host | undefined;
let askedFor: Entry = {};
let shown: Shown | undefined;
let chosen = ALL;
let measure: Measure = "temperature";
let drawing: Drawing | undefined;
let moments: readonly Moment[] = [];
let current = 0;
/** The hours of days that were asked for after the first answer. */
const later = new Map<string, readonly HourShown[]>();

/** A step of the walk along the chart. */
interface Moment {
  readonly at: number;
  readonly title: string;
  readonly entry: Entry;
}

function say(words: string): void {
  status.textContent = words;
  status.hidden = words === "";
}

function onResult({ isError, structuredContent, content }: ToolResult): void {
  const result = isError ? undefined : readResult(structuredContent);
  form.hidden = result === undefined;
  if (!result) {
    const [block]: unknown[] = Array.isArray(content) ? content : [];
    const text = block && typeof block === "object" && "text" in block ? String(block.text) : "";
    say(text || "There is no forecast to show.");
    return;
  }
  say("");
  shown = result;
  later.clear();
  const [first, last] = [result.days[0]?.date ?? "", result.days.at(-1)?.date ?? ""];
  byId("place", HTMLHeadingElement).textContent = result.place;
  byId("period", HTMLParagraphElement).textContent = [result.whereabouts, periodOf(first, last)]
    .filter(Boolean)
    .join(" · ");
  byId("source", HTMLElement).textContent = result.source;
  chosen = result.days.length === 1 ? first : ALL;
  showDays(result.days);
  show();
}

function showDays(days: readonly DayShown[]): void {
  const choices =
    days.length === 1
      ? []
      : [choice(ALL, make("span", { class: "name" }, "All"), make("span", {}, `${days.length} days`))];
  for (const day of days) {
    const sky = skyOf(day.weather ?? "");
    const size = { xmlns: "http://www.w3.org/2000/svg", width: 28, height: 28, "aria-hidden": "true" };
    const symbol = sky ? [drawn(element("svg", size, icon(sky, 0, 0, 28, THEMED)))] : [];
    const [high, low] = [day.high, day.low].map((figure) => (figure === undefined ? "–" : `${written(figure)}°`));
    const spoken = [
      dayAndMonth(day.date),
      ...figuresOf(day.entry, shown?.unitNames ?? {}, true)
        .slice(0, 3)
        .map(({ words }) => words),
    ];
    choices.push(
      choice(
        day.date,
        make("span", { class: "name" }, `${weekdayOf(day.date)} ${day.date.slice(8).replace(/^0/, "")}`),
        make("span", { class: "unseen" }, spoken.join(", ")),
        ...symbol,
        make("span", { "aria-hidden": "true" }, make("b", {}, high ?? ""), ` ${low}`),
      ),
    );
  }
  const group = byId("days", HTMLFieldSetElement);
  group.replaceChildren(...[...group.children].slice(0, 1), ...choices);
}

function choice(value: string, ...inside: readonly Node[]): HTMLElement {
  const input = make("input", { type: "radio", name: "day", value });
  input.checked = value === chosen;
  return make("label", {}, input, make("span", { class: "card" }, ...inside));
}

/** Shows what is chosen: all days, or one of them by the hour. */
function show(): void {
  if (!shown) return;
  const days = chosen === ALL ? shown.days : shown.days.filter(({ date }) => date === chosen);
  const known = [...shown.hours, ...(later.get(chosen) ?? [])];
  const hours = chosen === ALL ? shown.hours : known.filter(({ date }) => date === chosen);
  const data = { ...shown, days, hours };
  moments = hours.length > 0 ? hours.map(momentOfHour) : days.map(momentOfDay);
  drawing = draw(data, measure, Math.max(chart.clientWidth, 240));
  chart.replaceChildren(drawing.svg);
  chart.setAttribute("aria-label", `${measure}, ${hours.length > 0 ? "by the hour" : "by the day"}: arrow keys move`);
  chart.setAttribute("aria-valuemin", "0");
  chart.setAttribute("aria-valuemax", `${moments.length - 1}`);
  const keys = drawing.legend.map(([colour, words]) => make("span", { class: `key ${colour}` }, words));
  byId("legend", HTMLParagraphElement).replaceChildren(...keys);
  showTable();
  move(Math.min(current, moments.length - 1));
}

const momentOfHour = ({ end, date, entry }: HourShown): Moment => ({
  ...{ at: end, entry },
  title: `${weekdayOf(date)} ${dayAndMonth(date)}, ${String(entry.time).slice(11, 16)}`,
});

const momentOfDay = (day: DayShown): Moment => ({
  ...{ at: middleOf(day), entry: day.entry },
  title: `${weekdayOf(day.date)} ${dayAndMonth(day.date)}`,
});

function move(to: number): void {
  const moment = moments[to];
  if (!moment) return;
  current = to;
  drawing?.mark(moment.at);
  const figures = figuresOf(moment.entry, shown?.unitNames ?? {}, true);
  byId("moment", HTMLElement).textContent = moment.title;
  byId("figures", HTMLDListElement).replaceChildren(
    ...figures.map(({ name, words }) => make("div", {}, make("dt", {}, name), make("dd", {}, words))),
  );
  chart.setAttribute("aria-valuenow", `${to}`);
  const spoken = figures.map(({ name, words }) => `${name} ${words}`);
  chart.setAttribute("aria-valuetext", [moment.title, ...spoken].join(", "));
}

function showTable(): void {
  const rows = moments.map(({ title, entry }) => ({ title, figures: figuresOf(entry, shown?.unitNames ?? {}, false) }));
  const heads = ["Time", ...(rows[0]?.figures ?? []).map(({ name }) => name)];
  const head = make("tr", {}, ...heads.map((name) => make("th", { scope: "col" }, name)));
  const body = rows.map(({ title, figures }) =>
    make("tr", {}, make("th", { scope: "row" }, title), ...figures.map(({ words }) => make("td", {}, words))),
  );
  form.querySelector("table")?.replaceChildren(make("thead", {}, head), make("tbody", {}, ...body));
}

/** The hours of a day that the answer has no hours of, where the host lets the page ask for them. */
async function fetchHours(date: string): Promise<void> {
  const isKnown = later.has(date) || shown?.hours.some((hour) => hour.date === date);
  if (date === ALL || isKnown || !host?.callTool) return;
  const { uncertainty: _, ...same } = askedFor;
  say(`Asking for the hours of ${dayAndMonth(date)}…`);
  const asked = { ...same, granularity: "hourly", start: date, days: 1 };
  const result = await host.callTool("get_forecast", asked).catch(() => undefined);
  const hours = result && !result.isError ? (readResult(result.structuredContent)?.hours ?? []) : [];
  say(hours.length > 0 ? "" : `There are no hours for ${dayAndMonth(date)}.`);
  if (hours.length > 0) later.set(date, hours);
  if (chosen === date) show();
}

form.addEventListener("change", ({ target }) => {
  if (!(target instanceof HTMLInputElement)) return;
  if (target.name === "day") {
    chosen = target.value;
    current = 0;
    target.parentElement?.scrollIntoView({ block: "nearest", inline: "nearest" });
    void fetchHours(chosen);
  } else if (target.value === "temperature" || target.value === "precipitation" || target.value === "wind") {
    measure = target.value;
  }
  show();
});

chart.addEventListener("pointermove", ({ clientX }) => {
  const x = clientX - chart.getBoundingClientRect().left;
  const far = moments.map(({ at }) => Math.abs((drawing?.across(at) ?? 0) - x));
  move(far.indexOf(Math.min(...far)));
});

const STEPS: Readonly<Record<string, (last: number) => number>> = {
  ArrowLeft: () => current - 1,
  ArrowDown: () => current - 1,
  ArrowRight: () => current + 1,
  ArrowUp: () => current + 1,
  PageDown: () => current - 24,
  PageUp: () => current + 24,
  Home: () => 0,
  End: (last) => last,
};

chart.addEventListener("keydown", (event) => {
  const step = STEPS[event.key];
  if (!step) return;
  event.preventDefault();
  const last = moments.length - 1;
  move(Math.min(Math.max(step(last), 0), last));
});

// A host that makes the page wider or narrower gets a chart that fits.
let width = 0;
new ResizeObserver(() => {
  if (chart.clientWidth === width) return;
  width = chart.clientWidth;
  show();
}).observe(chart);

host = await meetHost({
  onArguments: (args) => {
    askedFor = args;
  },
  onResult,
  onCancelled: () => say("The forecast was cancelled."),
});
