import type { Table } from "./table.ts";
import { dateAt } from "./zone.ts";

/** A table's column by the place's own days, from today on: the known figures of each date. */
export function byDay(table: Table, name: string, days: number): Map<string, number[]> {
  const column = table.hourly[name];
  const today = dateAt(table.timezone, Date.now());
  const found = new Map<string, number[]>();
  for (const [at, time] of table.times.entries()) {
    const date = dateAt(table.timezone, time);
    if (date < today) continue;
    const values = found.get(date) ?? [];
    found.set(date, values);
    const value = column?.values[at];
    if (value !== undefined) values.push(value);
  }
  return new Map([...found].slice(0, days));
}

/** The index of the table's row for now; -1 if there is none. */
export const rowNow = ({ times }: Table): number =>
  times.findLastIndex((time) => time <= Date.now() && Date.now() - time < 2 * 3_600_000);
