import type { NamedZone } from "../zone/catalog.ts";
import { changeAround, instantsOf, readingsOf } from "../zone/wall.ts";
import { addMonths } from "./add.ts";
import { type CivilDate, DAY, dateOf, dayNumber, timeOfDay, wallOf } from "./civil.ts";
import { wallAt } from "./instant.ts";

/** A difference in calendar units, all of the same sign. */
export interface CalendarDifference {
  readonly years: number;
  readonly months: number;
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
}

/**
 * The difference of two instants (Unix seconds) in years and smaller units, like Temporal.ZonedDateTime.until: whole
 * calendar steps from `start`, at its time of day, then exact time.
 */
export function calendarDifference(named: NamedZone, start: number, end: number): CalendarDifference {
  const sign = end < start ? -1 : 1;
  const from = wallAt(named, start);
  const date = dateReached(named, start, end, sign);
  const steps =
    date === undefined ? { years: 0, months: 0, days: 0 } : datesUntil(dateOf(from), dateOf(date * DAY), sign);
  const reached = date === undefined ? start : compatible(named, date * DAY + timeOfDay(from));
  const rest = Math.abs(end - reached);
  const signed = (amount: number) => (amount === 0 ? 0 : amount * sign);
  return {
    ...steps,
    hours: signed(Math.floor(rest / 3600)),
    minutes: signed(Math.floor((rest % 3600) / 60)),
    seconds: signed(rest % 60),
  };
}

/** The furthest day to which `start` can be moved, at its time of day, without passing `end`. */
function dateReached(named: NamedZone, start: number, end: number, sign: number): number | undefined {
  const from = wallAt(named, start);
  const to = wallAt(named, end);
  if (dayNumber(from) === dayNumber(to)) return undefined;
  const overshoots = (timeOfDay(to) - timeOfDay(from)) * sign < 0;
  // A clock change at the end can cost one more day.
  for (let back = overshoots ? 1 : 0; back <= 2; back++) {
    const day = dayNumber(to) - back * sign;
    // Clocks that go back past midnight show an earlier date later; then no calendar day has passed.
    if ((day - dayNumber(from)) * sign < 0) return undefined;
    if ((end - compatible(named, day * DAY + timeOfDay(from))) * sign >= 0) return day;
  }
  return undefined;
}

/** Temporal's default: the earlier of two instants, and the later one across a gap. */
function compatible({ zone }: NamedZone, wall: number): number {
  const [instant] = instantsOf(zone, wall);
  if (instant !== undefined) return instant;
  const change = changeAround(zone, wall);
  if (!change) throw new RangeError(`${zone.name} has no reading ${wall}`);
  return readingsOf(wall, change).later;
}

function datesUntil(from: CivilDate, to: CivilDate, sign: number) {
  const order = ({ year, month, day }: CivilDate) => (year * 12 + month) * 31 + day;
  let months = (to.year - from.year) * 12 + to.month - from.month;
  // Compare with the unclamped day: from 31 January to 28 February no month has passed.
  const unclamped = { year: to.year, month: to.month, day: from.day };
  if ((order(unclamped) - order(to)) * sign > 0) months -= sign;
  const days = dayNumber(wallOf(to)) - dayNumber(wallOf(addMonths(from, months)));
  const signed = (amount: number) => (amount === 0 ? 0 : amount);
  return { years: signed(Math.trunc(months / 12)), months: signed(months % 12), days: signed(days) };
}
