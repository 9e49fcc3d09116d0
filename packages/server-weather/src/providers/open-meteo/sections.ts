import { quote } from "@org/server-kit";
import type { Series } from "../../forecast/types.ts";
import { dateAt, isZone, offsetAt } from "../../forecast/zone.ts";
import { uniformUnit } from "../../units/convert.ts";
import { type Fields, fieldsIn, fieldsOf, notAsDocumented, numberIn, textIn } from "../../upstream/reading.ts";
import { type Point, requirePoint } from "../asked-point.ts";

export const OPEN_METEO = "Open-Meteo";
export const ATTRIBUTION = "Weather data by Open-Meteo.com (CC BY 4.0)";

const A_DAY = 86_400;

/** Open-Meteo's variables by the names that this server uses. */
export type Variables<N extends string> = Readonly<Record<N, string>>;

/** An answer for one location: its UTC offset and its sections. */
export interface Answer {
  readonly fields: Fields;
  readonly timezone: string;
  /** Seconds by which the answer's local times are ahead of UTC: the same for all, even across clock changes. */
  readonly offset: number;
}

/**
 * Most kilometres from a point to the centre of its grid cell: a land cell of the same altitude may be two cells away.
 */
const REACH = 150;

/** @throws ToolError `unavailable` for anything but an answer about this point */
export function readAnswer(json: unknown, asked: Point | undefined, reach = REACH): Answer {
  const fields = fieldsOf(json);
  if (!fields || !asked) throw notAsDocumented(OPEN_METEO, "no object");
  // Without it, no time in the answer has a meaning. This check also detects errors with status 200.
  const offset = numberIn(fields, "utc_offset_seconds");
  const error = textIn(fields, "reason");
  if (offset === undefined || Math.abs(offset) > A_DAY)
    throw notAsDocumented(OPEN_METEO, error ? quote(error, 200) : "utc_offset_seconds: no offset");
  const answered = { latitude: numberIn(fields, "latitude"), longitude: numberIn(fields, "longitude") };
  requirePoint(OPEN_METEO, asked, answered, reach);
  const timezone = textIn(fields, "timezone") ?? "";
  return { fields, timezone: isZone(timezone) ? timezone : fixedZone(offset), offset };
}

/** For zones that this Node.js does not know yet, uses their current offset. Etc/GMT zones have the opposite sign. */
function fixedZone(offset: number): string {
  const zone = `Etc/GMT${offset > 0 ? "-" : "+"}${Math.abs(offset) / 3600}`;
  return isZone(zone) ? zone : "UTC";
}

/** Real weather stays within these limits; values that models use for "missing" do not: -999, -9999, 9.96921e36. */
const LEAST = -998;
const MOST = 1e6;

/** A column of figures. Null becomes undefined, and anything else that is not a number is refused. */
export function readSeries({ fields }: Answer, section: string, variable: string, length: number): Series | undefined {
  const column = fieldsIn(fields, section).get(variable);
  if (column === undefined || column === null) return undefined;
  const where = `${section}.${variable}`;
  if (!Array.isArray(column) || column.length !== length)
    throw notAsDocumented(OPEN_METEO, `${where}: not ${length} values`);
  const unit = unitOf(fields, section, variable);
  const [least, most] = unit === "%" ? [0, 100] : [LEAST, MOST];
  const values = column.map((value: unknown) => {
    if (value === null) return undefined;
    if (typeof value !== "number" || !Number.isFinite(value))
      throw notAsDocumented(OPEN_METEO, `${where}: not a number`);
    return value >= least && value <= most ? value : undefined;
  });
  return { unit, values };
}

export const unitOf = (fields: Fields, section: string, variable: string): string =>
  uniformUnit(textIn(fieldsIn(fields, `${section}_units`), variable) ?? "");

/** All existing columns of a section. */
export function readColumns<N extends string>(
  answer: Answer,
  section: string,
  variables: Variables<N>,
  length: number,
): Partial<Record<N, Series>> {
  const columns: Partial<Record<N, Series>> = {};
  for (const name in variables) {
    const series = readSeries(answer, section, variables[name], length);
    if (series) columns[name] = series;
  }
  return columns;
}

/** The moments of a section's rows, in milliseconds since 1970. */
export function readTimes(answer: Answer, section: string): number[] {
  const times = readMoments(answer, section, "time");
  if (times.some(Number.isNaN)) throw notAsDocumented(OPEN_METEO, `${section}.time: not a time`);
  requireOrder(times, section);
  return times;
}

function requireOrder(rows: readonly (number | string)[], section: string): void {
  let before: number | string | undefined;
  for (const row of rows) {
    if (before !== undefined && row <= before) throw notAsDocumented(OPEN_METEO, `${section}.time: not in order`);
    before = row;
  }
}

/** The same for another column; NaN where a moment is missing. */
export function readMoments(answer: Answer, section: string, key: string): number[] {
  const column = fieldsIn(answer.fields, section).get(key);
  if (column === undefined) return [];
  if (!Array.isArray(column)) throw notAsDocumented(OPEN_METEO, `${section}.${key}: not a list`);
  if (column.every((value): value is number => typeof value === "number"))
    return column.map((value) => sane(value * 1000));
  return instantsOf(
    column.map((value: unknown) => sane(readWall(value) ?? Number.NaN)),
    answer,
  );
}

/** Beyond this, a Date is invalid. */
const sane = (time: number) => (Math.abs(time) < 8e12 ? time : Number.NaN);

/** A local time without offset, read as if it were UTC; undefined if it is not a time. */
function readWall(value: unknown): number | undefined {
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?)?$/.test(value)) return undefined;
  const time = Date.parse(`${value}${value.length === 10 ? "T00:00" : ""}Z`);
  return Number.isNaN(time) ? undefined : time;
}

/**
 * Local times as instants. The service uses one offset for all of them. Should it ever follow the local clocks, the
 * steps would show it (an hour twice, or missing), and the zone's own offsets are used.
 */
function instantsOf(walls: readonly number[], { timezone, offset }: Answer): number[] {
  const fixed = walls.map((wall) => wall - offset * 1000);
  const step = (walls[1] ?? 0) - (walls[0] ?? 0);
  const asClocksShow = walls.some((wall, at) => {
    const before = walls[at - 1];
    if (before === undefined || Number.isNaN(wall - before) || wall - before === step) return false;
    if (wall <= before) return true;
    return offsetAt(timezone, fixed[at - 1] ?? 0) < offsetAt(timezone, fixed[at] ?? 0) && wall - before === 2 * step;
  });
  if (!asClocksShow) return fixed;
  let last = Number.NEGATIVE_INFINITY;
  return walls.map((wall) => {
    const hour = 3_600_000;
    const [early = wall, late = early] = [wall - 30 * hour, wall + 30 * hour]
      .map((near) => wall - offsetAt(timezone, near) * 1000)
      .sort((a, b) => a - b);
    const isRight = wall - offsetAt(timezone, early) * 1000 === early && early > last;
    last = isRight ? early : late;
    return last;
  });
}

/** The dates of a section's rows, by the answer's offset. */
export function readDates(answer: Answer, section = "daily"): string[] {
  const column = fieldsIn(answer.fields, section).get("time");
  if (column === undefined) return [];
  if (!Array.isArray(column)) throw notAsDocumented(OPEN_METEO, `${section}.time: not a list`);
  const dates = column.map((value: unknown) => {
    const wall = sane(typeof value === "number" ? (value + answer.offset) * 1000 : (readWall(value) ?? Number.NaN));
    if (Number.isNaN(wall)) throw notAsDocumented(OPEN_METEO, `${section}.time: not a date`);
    return dateAt("UTC", wall);
  });
  requireOrder(dates, section);
  return dates;
}
