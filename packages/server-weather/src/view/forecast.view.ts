/**
 * The page that hosts with MCP Apps show in place of get_forecast's text. `meetHost` talks to the host, `readResult` reads
 * the tool's answer, and this file shows it: days to choose from, a chart to walk along, and a table of everything.
 */
import { dayAndMonth, periodOf } from "../chart/dates.ts";
import type { Measure } from "../chart/panels/panels.ts";
import { ALL, choicesOf } from "./choices.ts";
import { type Drawing, draw } from "./drawing.ts";
import { figuresOf } from "./figures.ts";
import { type Host, meetHost, type ToolResult } from "./host.ts";
import { type Moment, momentsOf, rowsOf } from "./moments.ts";
import { byId, make } from "./page.ts";
import { type Entry, type HourShown, readResult, type Shown } from "./result.ts";

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
/** The hours of days that were requested after the first answer. */
const later = new Map<string, readonly HourShown[]>();

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
  byId("asides", HTMLElement).replaceChildren(...result.asides.map((words) => make("p", {}, words)));
  chosen = result.days.length === 1 ? first : ALL;
  const group = byId("days", HTMLFieldSetElement);
  group.replaceChildren(...[...group.children].slice(0, 1), ...choicesOf(result.days, result.unitNames, chosen));
  show();
  // A single day of a daily answer is only one point, so show its hours.
  void fetchHours(chosen);
}

/** Shows the choice: all days, or one of them by the hour. */
function show(): void {
  if (!shown) return;
  const days = chosen === ALL ? shown.days : shown.days.filter(({ date }) => date === chosen);
  const known = [...shown.hours, ...(later.get(chosen) ?? [])];
  const hours = chosen === ALL ? shown.hours : known.filter(({ date }) => date === chosen);
  const data = { ...shown, days, hours };
  moments = momentsOf(hours, days);
  // Without a chart, there is nothing to choose from.
  chart.hidden = moments.length < 2;
  byId("controls", HTMLDivElement).hidden = chart.hidden;
  drawing = draw(data, measure, Math.max(chart.clientWidth, 240));
  chart.replaceChildren(drawing.svg);
  chart.setAttribute("aria-label", `${measure}, ${hours.length > 0 ? "by the hour" : "by the day"}: arrow keys move`);
  chart.setAttribute("aria-valuemin", "0");
  chart.setAttribute("aria-valuemax", `${moments.length - 1}`);
  const keys = drawing.legend.map(([colour, words]) => make("span", { class: `key ${colour}` }, words));
  byId("legend", HTMLParagraphElement).replaceChildren(...keys);
  form.querySelector("table")?.replaceChildren(...rowsOf(moments, shown.unitNames));
  move(Math.min(current, moments.length - 1));
}

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

/** Fetches the hours of a day that the answer lacks, if the host lets the page call tools. */
async function fetchHours(date: string): Promise<void> {
  const isKnown = later.has(date) || shown?.hours.some((hour) => hour.date === date);
  if (date === ALL || isKnown || !host?.callTool) return;
  const { uncertainty: _, ...same } = askedFor;
  say(`Asking for the hours of ${dayAndMonth(date)}…`);
  const [asked, asking] = [{ ...same, granularity: "hourly", start: date, days: 1 }, shown];
  const result = await host.callTool("get_forecast", asked).catch(() => undefined);
  // Meanwhile the host may have sent the answer to another question.
  if (shown !== asking) return;
  const hours = result && !result.isError ? (readResult(result.structuredContent)?.hours ?? []) : [];
  if (hours.length > 0) later.set(date, hours);
  if (chosen !== date) return;
  say(hours.length > 0 ? "" : `There are no hours for ${dayAndMonth(date)}.`);
  show();
}

form.addEventListener("change", ({ target }) => {
  if (!(target instanceof HTMLInputElement)) return;
  if (target.name === "day") {
    chosen = target.value;
    current = 0;
    target.parentElement?.scrollIntoView({ block: "nearest", inline: "nearest" });
    say("");
    void fetchHours(chosen);
  } else if (target.value === "temperature" || target.value === "precipitation" || target.value === "wind") {
    measure = target.value;
  }
  show();
});

function point({ clientX }: PointerEvent): void {
  const x = clientX - chart.getBoundingClientRect().left;
  const far = moments.map(({ at }) => Math.abs((drawing?.across(at) ?? 0) - x));
  move(far.indexOf(Math.min(...far)));
}
chart.addEventListener("pointermove", point);
// A tap has no movement.
chart.addEventListener("pointerdown", point);

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
