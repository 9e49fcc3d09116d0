import { quote, ToolError } from "@org/server-kit";
import { type CivilDate, daysInMonth, requireSupportedYear, wallOf } from "./civil.ts";

/** A point in time as written: a local time, an instant (Unix seconds), or a whole day (its midnight). */
export type Written =
  | { readonly kind: "reading"; readonly wall: number }
  | { readonly kind: "instant"; readonly instant: number }
  | { readonly kind: "day"; readonly wall: number };

export interface ParseOptions {
  /** The argument's name, for the message. */
  readonly name: string;
  /** The date for a time of day without one; if undefined, the time is refused. */
  readonly today?: CivilDate | undefined;
  /** Whether a date alone is accepted. */
  readonly days?: boolean | undefined;
  /** What to do instead of writing words such as "next Friday". */
  readonly instead: string;
}

const TIME = "(\\d{2}):(\\d{2})(?::(\\d{2})(\\.\\d{1,9})?)?";
const DATE = "(\\d{4})-(\\d{2})-(\\d{2})";
const CLOCK = new RegExp(`^${TIME}$`);
const DAY_ALONE = new RegExp(`^${DATE}$`);
const DATE_TIME = new RegExp(`^${DATE}[Tt ]${TIME}(?:([Zz])|([+-]\\d{2}:?\\d{2}(?::\\d{2})?))?$`);
// Fewer digits may be a year, a time or an undelimited date. Numbers of this length are in the years 1970 to 2286.
const UNIX = /^-?(?:(\d{9,10})|(\d{11,13}))$/;

/**
 * Parses `YYYY-MM-DDTHH:MM[:SS]`, optionally with `Z` or an offset `+05:45` (`-00:44:30`), Unix seconds or
 * milliseconds, and depending on the options `YYYY-MM-DD` and `HH:MM[:SS]`. @throws ToolError invalid_input that says
 * what is wrong and which form is right
 */
export function parseTime(text: string, options: ParseOptions): Written {
  const unix = UNIX.exec(text);
  if (unix) return { kind: "instant", instant: Math.floor(Number(text) / (unix[2] === undefined ? 1 : 1000)) };
  const [, ...clock] = (options.today && CLOCK.exec(text)) ?? [];
  if (options.today && clock.length > 0)
    return { kind: "reading", wall: wallOf(options.today, secondsOf(text, clock)) };
  const [, ...day] = DAY_ALONE.exec(text) ?? [];
  if (day.length > 0 && options.days) return { kind: "day", wall: wallFrom(text, day) };
  const match = DATE_TIME.exec(text);
  if (!match) throw notUnderstood(text, options, day.length > 0);
  const wall = wallFrom(text, match.slice(1));
  const [zulu, offset] = match.slice(8);
  if (zulu !== undefined) return { kind: "instant", instant: wall };
  return offset === undefined
    ? { kind: "reading", wall }
    : { kind: "instant", instant: wall - offsetSeconds(text, offset) };
}

function notUnderstood(text: string, options: ParseOptions, isDay: boolean): ToolError {
  const { name, today, days, instead } = options;
  const why = isDay
    ? "has no time of day."
    : /\p{L}{3}|\p{Script=Han}/u.test(text)
      ? `is not a date and time. Words are not understood: ${instead}`
      : "is not a date and time.";
  const forms = [
    ...(today ? ['HH:MM in 24 hours for today ("09:30")'] : []),
    ...(days ? ['YYYY-MM-DD ("2026-03-08")'] : []),
    'YYYY-MM-DDTHH:MM[:SS] ("2026-03-08T09:30"), also with an offset ("2026-03-08T09:30-05:00", "2026-03-08T14:30Z")',
    "Unix seconds or milliseconds",
  ];
  return new ToolError("invalid_input", `${name} ${quote(text, 60)} ${why} Write ${forms.join(", or ")}.`);
}

function wallFrom(text: string, [years, months, days, ...time]: readonly (string | undefined)[]): number {
  const date = { year: Number(years), month: Number(months), day: Number(days) };
  requireSupportedYear(date.year, quote(text));
  if (date.month < 1 || date.month > 12) wrong(text, "months go from 01 to 12");
  const length = daysInMonth(date.year, date.month);
  if (date.day < 1 || date.day > length) wrong(text, `${years}-${months} has ${length} days`);
  return wallOf(date, secondsOf(text, time));
}

function secondsOf(text: string, time: readonly (string | undefined)[]): number {
  const [hours = "0", minutes = "0", seconds = "0", fraction = ""] = time;
  if (Number(hours) > 23) wrong(text, "hours go from 00 to 23; midnight is 00:00 of the next day");
  if (Number(minutes) > 59) wrong(text, "minutes go from 00 to 59");
  if (Number(seconds) > 59) wrong(text, "seconds go from 00 to 59; leap seconds are not counted");
  if (/[1-9]/.test(fraction)) {
    throw new ToolError("invalid_input", `${quote(text)}: fractions of a second are not supported. Leave them out.`);
  }
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

function offsetSeconds(text: string, offset: string): number {
  const [hours, minutes, seconds = "00"] = offset.slice(1).match(/\d{2}/g) ?? [];
  const size = secondsOf(text, [hours, minutes, seconds]);
  return offset.startsWith("-") ? -size : size;
}

function wrong(text: string, why: string): never {
  throw new ToolError("invalid_input", `${quote(text)} does not exist: ${why}.`);
}
