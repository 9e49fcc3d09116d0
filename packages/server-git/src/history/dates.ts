import { quote, ToolError } from "@org/server-kit";

const UNITS = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800 };
const DAY = /^(\d{4})-(\d\d)-(\d\d)$/;
const INSTANT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/i;
const AGO = /^(\d{1,6}) ?(second|minute|hour|day|week|month|year)s?( ago)?$/i;

/**
 * A time in the form for git. Git itself accepts any text as a date, and takes nonsense as now; here nonsense is
 * refused.
 * @param isEnd whether a date means the end of that day
 */
export function instantOf(name: string, text: string, isEnd: boolean, now = new Date()): string {
  const date = parse(text.trim(), isEnd, now);
  if (date && !Number.isNaN(date.getTime())) return `${date.toISOString().slice(0, 19)}Z`;
  throw new ToolError(
    "invalid_input",
    `${name}: ${quote(text)} is not a date. Pass 2026-03-01, 2026-03-01T14:00:00Z, yesterday, or 2 weeks ago.`,
  );
}

function parse(text: string, isEnd: boolean, now: Date): Date | undefined {
  const [, year, month, day] = DAY.exec(text) ?? [];
  if (year !== undefined) return dayOf(Number(year), Number(month) - 1, Number(day), isEnd);
  if (INSTANT.test(text)) return new Date(text.replace(" ", "T"));
  if (/^(today|yesterday)$/i.test(text)) {
    const back = text.toLowerCase() === "today" ? 0 : 1;
    return dayOf(now.getFullYear(), now.getMonth(), now.getDate() - back, isEnd);
  }
  const [, count, unit = ""] = AGO.exec(text) ?? [];
  if (count === undefined) return undefined;
  const date = new Date(now);
  const kind = unit.toLowerCase();
  if (kind === "month") date.setMonth(date.getMonth() - Number(count));
  else if (kind === "year") date.setFullYear(date.getFullYear() - Number(count));
  else if (kind in UNITS)
    date.setTime(date.getTime() - Number(count) * 1000 * (new Map(Object.entries(UNITS)).get(kind) ?? 0));
  return date;
}

/** Days are in the server's time zone; a date that does not exist, such as 2026-02-30, is undefined. */
function dayOf(year: number, month: number, day: number, isEnd: boolean): Date | undefined {
  const date = isEnd ? new Date(year, month, day, 23, 59, 59) : new Date(year, month, day);
  const first = new Date(year, month, 1);
  return day > 31 || (day > 0 && new Date(year, month, day).getMonth() !== first.getMonth()) ? undefined : date;
}
