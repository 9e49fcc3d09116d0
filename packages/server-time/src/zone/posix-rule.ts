import type { Segment } from "./zone.ts";

interface ChangeDay {
  readonly month: number;
  readonly week: number;
  readonly weekday: number;
  readonly seconds: number;
}

/** The rule in a TZif footer: the zone's changes after its table ends. Offsets are seconds east of UTC. */
export interface PosixRule {
  readonly standard: { readonly abbreviation: string; readonly offset: number };
  readonly dst?: {
    readonly abbreviation: string;
    readonly offset: number;
    readonly starts: ChangeDay;
    readonly ends: ChangeDay;
  };
}

const NAME = "(<[^>]+>|[A-Za-z]{3,})";
const OFFSET = "([+-]?\\d{1,3}(?::\\d{2}){0,2})";
const DAY = "M(\\d{1,2})\\.(\\d)\\.(\\d)(?:/([+-]?\\d{1,3}(?::\\d{2}){0,2}))?";
const RULE = new RegExp(`^${NAME}${OFFSET}(?:${NAME}${OFFSET}?,${DAY},${DAY})?$`);

/**
 * Parses the TZ string of RFC 9636 section 3.3, which allows hours beyond 24 and below 0. Only `Mm.w.d` days: no zone
 * of the IANA data has used another form since footers exist. @throws RangeError for anything else
 */
export function parsePosixRule(text: string): PosixRule {
  const match = RULE.exec(text);
  if (!match) throw new RangeError(`unsupported POSIX time zone rule: ${text}`);
  const [, name = "", west = "", dstName, dstWest, ...days] = match;
  // POSIX counts offsets west of Greenwich; this code counts east. 0 - x avoids -0, which is not 0.
  const standard = { abbreviation: bare(name), offset: 0 - clock(west) };
  if (dstName === undefined) return { standard };
  const offset = dstWest === undefined ? standard.offset + 3600 : 0 - clock(dstWest);
  const dst = { abbreviation: bare(dstName), offset, starts: changeDay(days), ends: changeDay(days.slice(4)) };
  return { standard, dst };
}

/** The changes a rule makes in the years `from` to `to`, in order of time. */
export function* ruleSegments({ standard, dst }: PosixRule, from: number, to: number): Generator<Segment> {
  if (!dst) return;
  const summer = { abbreviation: dst.abbreviation, offset: dst.offset, flagged: true };
  const winter = { ...standard, flagged: false };
  for (let year = from; year <= to; year++) {
    const on = { ...summer, start: wallOf(dst.starts, year) - standard.offset };
    const off = { ...winter, start: wallOf(dst.ends, year) - dst.offset };
    yield* on.start < off.start ? [on, off] : [off, on];
  }
}

function wallOf({ month, week, weekday, seconds }: ChangeDay, year: number): number {
  const first = Date.UTC(year, month - 1, 1) / 1000;
  const daysToFirst = (weekday - new Date(first * 1000).getUTCDay() + 7) % 7;
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
  let day = daysToFirst + (week - 1) * 7;
  // Week 5 means the last such weekday of the month, which may be the fourth.
  while (day >= length) day -= 7;
  return first + day * 86_400 + seconds;
}

const changeDay = ([month, week, weekday, time = "2"]: readonly (string | undefined)[]): ChangeDay => ({
  month: Number(month),
  week: Number(week),
  weekday: Number(weekday),
  seconds: clock(time),
});

const bare = (name: string) => name.replace(/[<>]/g, "");

function clock(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.replace(/^[+-]/, "").split(":").map(Number);
  const total = hours * 3600 + minutes * 60 + seconds;
  return text.startsWith("-") ? -total : total;
}
