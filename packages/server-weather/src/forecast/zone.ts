const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Caches for offsets and days: Intl is too slow to be called for every hour of every answer. */
const MOST_REMEMBERED = 5000;

const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();
const starts = new Map<string, number>();

/** Seconds by which local clocks are ahead of UTC. */
export function offsetAt(zone: string, time: number): number {
  const day = Math.floor(time / DAY);
  const first = known(zone, day * DAY);
  // Clocks change at full minutes, not hours: in Newfoundland, at 00:01.
  return first === known(zone, (day + 1) * DAY) ? first : known(zone, Math.floor(time / MINUTE) * MINUTE);
}

function known(zone: string, time: number): number {
  return remembered(offsets, `${zone} ${time}`, () => readOffset(zone, time));
}

function readOffset(zone: string, time: number): number {
  const format = remembered(
    formats,
    zone,
    () => new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" }),
  );
  const name = format.formatToParts(time).find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, hours = "0", minutes = "0", seconds = "0"] = /([+-])(\d+):(\d+)(?::(\d+))?/.exec(name) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
}

/** Whether Intl knows this time zone. */
export function isZone(zone: string): boolean {
  try {
    readOffset(zone, 0);
    return true;
  } catch {
    return false;
  }
}

/** The date there, "2026-11-28". */
export function dateAt(zone: string, time: number): string {
  return wall(zone, time).slice(0, 10);
}

/** Local time with its offset, "2026-11-28T14:00+01:00". */
export function localTime(zone: string, time: number): string {
  const offset = Math.round(offsetAt(zone, time) / 60);
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const size = Math.abs(offset);
  return `${wall(zone, time).slice(0, 16)}${offset < 0 ? "-" : "+"}${two(size / 60)}:${two(size % 60)}`;
}

const wall = (zone: string, time: number) => new Date(time + offsetAt(zone, time) * 1000).toISOString();

/**
 * The first moment of a date there, in milliseconds since 1970: found by bisection, since dates do not run backwards (except
 * for an hour a year in Newfoundland, until 2011).
 */
export function startOfDay(zone: string, date: string): number {
  return remembered(starts, `${zone} ${date}`, () => {
    const middle = Date.parse(`${date}T00:00Z`);
    const guess = middle - offsetAt(zone, middle) * 1000;
    if (dateAt(zone, guess) === date && dateAt(zone, guess - 1) < date) return guess;
    let [low, high] = [middle - 16 * HOUR, middle + 16 * HOUR];
    while (high - low > 1) {
      const between = Math.floor((low + high) / 2);
      if (dateAt(zone, between) < date) low = between;
      else high = between;
    }
    return high;
  });
}

/** The date some days after another one. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** Days from one date to another. */
export const daysBetween = (start: string, end: string): number =>
  Math.round((Date.parse(`${end}T00:00Z`) - Date.parse(`${start}T00:00Z`)) / DAY);

/** The number of hours of a local date: 23 or 25 when the clocks change. */
export const hoursOfDay = (zone: string, date: string): number =>
  (startOfDay(zone, addDays(date, 1)) - startOfDay(zone, date)) / HOUR;

const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;
export const weekday = (date: string): string => WEEKDAYS[new Date(`${date}T00:00Z`).getUTCDay()] ?? "";

/** Whether a text is a date that exists, "2026-11-28". */
export function isDate(text: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00Z`) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function remembered<V>(values: Map<string, V>, key: string, make: () => V): V {
  const found = values.get(key);
  if (found !== undefined) return found;
  const made = make();
  if (values.size >= MOST_REMEMBERED) values.clear();
  values.set(key, made);
  return made;
}
