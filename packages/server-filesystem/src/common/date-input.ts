import { quote, ToolError } from "@org/server-kit";

const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * The instant that a date begins, or of a date with a time; local unless it has an offset. @returns milliseconds since
 * 1970 @throws ToolError `invalid_input`
 */
export function instantOf(argument: string, text: string): number {
  const [, year, month, day, time = "00:00", offset = ""] = DATE.exec(text) ?? [];
  const isDay = Number(day) <= new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  const ms = Date.parse(
    `${year}-${month}-${day}T${time}${offset.replace(/^([+-]\d{2})(\d{2})$/, "$1:$2").toUpperCase()}`,
  );
  if (isDay && !Number.isNaN(ms)) return ms;
  throw new ToolError(
    "invalid_input",
    `${argument}: ${quote(text)} is not a date. Write 2026-05-01, or 2026-05-01T13:45:00Z with a time.`,
  );
}
