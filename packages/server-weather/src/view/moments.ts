import { dayAndMonth, weekdayOf } from "../chart/dates.ts";
import { middleOf } from "../chart/spans.ts";
import { figuresOf } from "./figures.ts";
import { make } from "./page.ts";
import type { DayShown, Entry, HourShown } from "./result.ts";

/** A step of the walk along the chart, and a row of the table. */
export interface Moment {
  readonly at: number;
  readonly title: string;
  readonly entry: Entry;
}

/** The hours, or the days if there are no hours. */
export function momentsOf(hours: readonly HourShown[], days: readonly DayShown[]): Moment[] {
  const dated = (date: string) => `${weekdayOf(date)} ${dayAndMonth(date)}`;
  if (hours.length === 0) return days.map((day) => ({ at: middleOf(day), title: dated(day.date), entry: day.entry }));
  return hours.map(({ end, date, entry }) => ({
    ...{ at: end, entry },
    title: `${dated(date)}, ${String(entry.time).slice(11, 16)}`,
  }));
}

/** The rows of a table that has all figures of all moments. */
export function rowsOf(moments: readonly Moment[], units: Entry): Node[] {
  const rows = moments.map(({ title, entry }) => ({ title, figures: figuresOf(entry, units, false) }));
  // A day may have a figure that the others do not have.
  const names = [...new Set(rows.flatMap(({ figures }) => figures.map(({ name }) => name)))];
  const head = make("tr", {}, ...["Time", ...names].map((name) => make("th", { scope: "col" }, name)));
  const body = rows.map(({ title, figures }) => {
    const cells = names.map((name) => figures.find((figure) => figure.name === name)?.words ?? "");
    return make("tr", {}, make("th", { scope: "row" }, title), ...cells.map((words) => make("td", {}, words)));
  });
  return [make("thead", {}, head), make("tbody", {}, ...body)];
}
