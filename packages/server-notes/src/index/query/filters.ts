import { ToolError } from "@org/server-kit/errors";
import type { Value } from "../store/sqlite.ts";
import { foldText } from "../text/tokens.ts";
import type { Filters } from "./questions.ts";

/** An SQL condition on the table `file`, and its values. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly Value[];
}

/** @throws ToolError invalid_input for an invalid date */
export function conditionOf({ folder, tags = [], after, before }: Filters): Condition {
  const conditions: Condition[] = [{ sql: "file.title IS NOT NULL", values: [] }];
  const within = (folder ?? "").replace(/^\/+|\/+$/g, "");
  // "0" is the character after "/".
  if (within !== "") conditions.push({ sql: "file.path >= ? AND file.path < ?", values: [`${within}/`, `${within}0`] });
  for (const tag of tags) {
    const key = foldText(tag.replace(/^#/, "").replace(/\/+$/, ""));
    conditions.push({
      sql: "file.id IN (SELECT file FROM tag WHERE key = ? OR (key >= ? AND key < ?))",
      values: [key, `${key}/`, `${key}0`],
    });
  }
  if (after !== undefined) conditions.push({ sql: "file.modified >= ?", values: [startOfDay("after", after)] });
  if (before !== undefined) conditions.push({ sql: "file.modified < ?", values: [startOfDay("before", before)] });
  return {
    sql: conditions.map(({ sql }) => `(${sql})`).join(" AND "),
    values: conditions.flatMap(({ values }) => values),
  };
}

/** Milliseconds since 1970 at which a day begins in the local time zone. */
function startOfDay(name: string, date: string): number {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(date) ?? [];
  // The constructor would take years before 100 for 19xx.
  const start = new Date(0);
  start.setFullYear(Number(year), Number(month) - 1, Number(day));
  start.setHours(0, 0, 0, 0);
  // A day that the month does not have would overflow into the next one.
  if (start.getMonth() !== Number(month) - 1 || start.getDate() !== Number(day)) {
    throw new ToolError("invalid_input", `${name} is not a date. Write it as 2026-03-31.`);
  }
  return start.getTime();
}
