import { quote, ToolError } from "@org/server-kit";
import { type CivilDate, daysInMonth, requireSupportedYear, wallOf } from "./civil.ts";

/** A point in time as written: a reading of local clocks, or with an offset an instant. */
export interface Written {
  readonly wall: number;
  /** Seconds east of UTC; undefined where the text leaves that to the zone. */
  readonly offset: number | undefined;
}

const TIME = "(\\d{2}):(\\d{2})(?::(\\d{2}))?";
const DATE = "(\\d{4})-(\\d{2})-(\\d{2})";
const CLOCK = new RegExp(`^${TIME}$`);
const LOCAL = new RegExp(`^${DATE}T${TIME}$`);
const DATE_TIME = new RegExp(`^${DATE}T${TIME}(Z|[+-]\\d{2}:\\d{2}(?::\\d{2})?)?$`);

/**
 * Reads `HH:MM[:SS]` on the given day, or `YYYY-MM-DDTHH:MM[:SS]`.
 * @throws ToolError invalid_input saying what is wrong and which form is right
 */
export function parseLocalTime(text: string, today: CivilDate): number {
  const clock = CLOCK.exec(text);
  if (clock) return wallOf(today, secondsOf(text, clock.slice(1)));
  const local = LOCAL.exec(text);
  if (local) return wallFrom(text, local.slice(1));
  const hint = DATE_TIME.test(text) ? "It takes no offset: source_timezone says where it is read. " : "";
  throw new ToolError(
    "invalid_input",
    `${quote(text)} is no local time. ${hint}Write HH:MM[:SS] in 24 hours for today ("09:30"), or YYYY-MM-DDTHH:MM[:SS] ("2026-03-08T09:30").`,
  );
}

/**
 * Reads `YYYY-MM-DDTHH:MM[:SS]`, optionally with `Z` or an offset `+05:45` (`-00:44:30`).
 * @param name the argument's name, for the message
 * @throws ToolError invalid_input saying what is wrong and which form is right
 */
export function parseDateTime(name: string, text: string): Written {
  const match = DATE_TIME.exec(text);
  if (!match) {
    throw new ToolError(
      "invalid_input",
      `${name} ${quote(text)} is no date and time. Write YYYY-MM-DDTHH:MM[:SS], local to timezone ("2026-03-08T09:30") or with an offset ("2026-03-08T09:30-05:00", "2026-03-08T14:30Z").`,
    );
  }
  const offset = match[7];
  return {
    wall: wallFrom(text, match.slice(1)),
    offset: offset === undefined ? undefined : offsetSeconds(text, offset),
  };
}

function wallFrom(text: string, [years, months, days, ...time]: readonly string[]): number {
  const date = { year: Number(years), month: Number(months), day: Number(days) };
  requireSupportedYear(date.year, quote(text));
  if (date.month < 1 || date.month > 12) wrong(text, "months go from 01 to 12");
  const length = daysInMonth(date.year, date.month);
  if (date.day < 1 || date.day > length) wrong(text, `${years}-${months} has ${length} days`);
  return wallOf(date, secondsOf(text, time));
}

function secondsOf(text: string, [hours, minutes, seconds = "0"]: readonly (string | undefined)[]): number {
  if (Number(hours) > 23) wrong(text, "hours go from 00 to 23; midnight is 00:00 of the next day");
  if (Number(minutes) > 59) wrong(text, "minutes go from 00 to 59");
  if (Number(seconds) > 59) wrong(text, "seconds go from 00 to 59; leap seconds are not counted");
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

function offsetSeconds(text: string, offset: string): number {
  if (offset === "Z") return 0;
  const seconds = secondsOf(text, offset.slice(1).split(":"));
  return offset.startsWith("-") ? -seconds : seconds;
}

function wrong(text: string, why: string): never {
  throw new ToolError("invalid_input", `${quote(text)} does not exist: ${why}.`);
}
