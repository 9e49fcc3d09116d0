/** Joins a text of several lines into one. */
export const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

/**
 * Another role's statement on one line, without its string literals, which may be masked values or a password.
 * pg_stat_activity shows all of them, and pg_stat_statements those of CREATE ROLE and the like.
 */
export const withoutTexts = (sql: string): string => oneLine(sql.replace(TEXTS, "'…'"));

/** E'…' with its backslashes, '…', and $tag$…$tag$, even if the statement was cut off inside. */
const TEXTS = /\be'(?:[^'\\]|\\[\s\S]|'')*(?:'|\\?$)|'(?:[^']|'')*(?:'|$)|\$(\w*)\$[\s\S]*?(?:\$\1\$|$)/gi;

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** `168 kB`, as pg_size_pretty counts: 1 kB is 1024 B. */
export function bytesInWords(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}

/** `about 20,000 rows`: PostgreSQL's own estimate. */
export const rowsInWords = (rows: number): string =>
  `about ${Math.round(rows).toLocaleString("en-US")} ${Math.round(rows) === 1 ? "row" : "rows"}`;

/** `4.2 s`, `3 min`, `5 h`, `2 d`. */
export function secondsInWords(seconds: number): string {
  if (seconds < 120) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}

/** As many lines from the start as fit, and at least one. */
export function fitting(lines: readonly string[], room: number): string[] {
  let used = 0;
  return lines.filter((line, at) => {
    used += line.length + 1;
    return at === 0 || used <= room;
  });
}
