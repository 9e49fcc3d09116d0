import type { NamedZone } from "../zone/catalog.ts";
import { instantsOf } from "../zone/wall.ts";
import { addBusinessDays } from "./business-days.ts";
import { DAY, dayNumber, timeOfDay, weekdayOf } from "./civil.ts";
import { wallAt } from "./instant.ts";

/** A run of start times, half an hour apart; Unix seconds. */
export interface Window {
  readonly first: number;
  readonly last: number;
}

/** Windows in which everyone is within working hours, or else the least inconvenient starts. */
export interface Slots {
  readonly good: readonly Window[];
  readonly leastBad: readonly number[];
}

const STEP = 30 * 60;
const OPENS = 9 * 3600;
const CLOSES = 17 * 3600;
const DAYS_AHEAD = 5;
const MOST_COMPROMISES = 5;

/**
 * When people in `zones` can meet in the next five business days of the first zone, 09:00 to 17:00 local time, Monday
 * to Friday for everyone. @param now Unix seconds @param length of the meeting, in seconds
 */
export function meetingSlots(zones: readonly [NamedZone, ...NamedZone[]], now: number, length: number): Slots {
  const starts = candidateStarts(zones[0], now).map((start) => ({ start, pain: painOf(zones, start, length) }));
  const good: Window[] = [];
  for (const { start, pain } of starts) {
    if (pain > 0) continue;
    const open = good.at(-1);
    if (open && start - open.last === STEP) good[good.length - 1] = { first: open.first, last: start };
    else good.push({ first: start, last: start });
  }
  if (good.length > 0) return { good, leastBad: [] };
  const best = starts.sort((a, b) => a.pain - b.pain || a.start - b.start).slice(0, MOST_COMPROMISES);
  return { good, leastBad: best.map(({ start }) => start) };
}

function candidateStarts(zone: NamedZone, now: number): number[] {
  const today = dayNumber(wallAt(zone, now));
  const days = Array.from({ length: DAYS_AHEAD }, (_, index) => addBusinessDays(zone.zone, today, index + 1));
  return days.flatMap((day) =>
    Array.from({ length: DAY / STEP }, (_, index) => instantsOf(zone.zone, day * DAY + index * STEP)).flat(),
  );
}

/** The person furthest outside working hours decides; among equals, the sum over everyone does. */
function painOf(zones: readonly NamedZone[], start: number, length: number): number {
  const outside = zones.map((zone) => secondsOutside(wallAt(zone, start), length));
  const total = outside.reduce((sum, seconds) => sum + seconds, 0);
  return Math.max(...outside) + total / (zones.length * DAY);
}

function secondsOutside(wall: number, length: number): number {
  const isWeekend = weekdayOf(dayNumber(wall)) >= 5;
  const time = timeOfDay(wall);
  const early = Math.max(0, OPENS - time);
  const late = Math.max(0, time + length - CLOSES);
  return Math.max(early, late) + (isWeekend ? DAY : 0);
}
