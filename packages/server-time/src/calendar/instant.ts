import { ToolError } from "@org/server-kit";
import type { NamedZone } from "../zone/catalog.ts";
import { changeAround, type Disambiguation, instantsOf, readingsOf } from "../zone/wall.ts";
import { offsetAt } from "../zone/zone.ts";
import { dateOf, dayNumber, formatOffset, formatWall, requireSupportedYear } from "./civil.ts";
import type { Written } from "./parse.ts";

/** `2026-11-20T18:45:00+05:45`: an instant in a zone's local time, always with the offset. */
export function formatInstant({ zone }: NamedZone, instant: number): string {
  const offset = offsetAt(zone, instant);
  return formatWall(instant + offset) + formatOffset(offset);
}

/** A zone's local time at an instant. */
export const wallAt = ({ zone }: NamedZone, instant: number): number => instant + offsetAt(zone, instant);

/** How to resolve a local time that occurs twice or never. */
export interface Choice {
  readonly disambiguation?: Disambiguation | undefined;
  /** The argument that decides, for the message. */
  readonly argument?: string | undefined;
  /** Whether the caller wrote the local time, and could have added an offset. */
  readonly isWritten?: boolean | undefined;
}

/**
 * The instant of a zone's local time. @throws ToolError invalid_input when there are none or two, and `choice` does not
 * decide
 */
export function resolveWall(named: NamedZone, wall: number, choice: Choice = {}): number {
  const [instant, second] = instantsOf(named.zone, wall);
  if (instant !== undefined && second === undefined) return instant;
  const change = changeAround(named.zone, wall);
  if (!change) throw new RangeError(`${named.name} has no reading ${wall}`);
  const readings = readingsOf(wall, change);
  const { disambiguation, argument = "disambiguation", isWritten = false } = choice;
  if (disambiguation) return readings[disambiguation];
  const { at, before, after } = change;
  const [what, way] = after > before ? ["does not exist", "forward"] : ["occurs twice", "back"];
  const clocks = `the clocks went ${way} from ${formatWall(at + before)}${formatOffset(before)} to ${formatWall(at + after)}${formatOffset(after)}`;
  const choices = `Pass ${argument} "earlier" for ${formatInstant(named, readings.earlier)} or "later" for ${formatInstant(named, readings.later)}`;
  const writing = isWritten ? ", or write the time with its offset" : "";
  throw new ToolError(
    "invalid_input",
    `${formatWall(wall)} ${what} in ${named.name}: ${clocks}. ${choices}${writing}.`,
  );
}

/**
 * The instant that a caller wrote: local to the zone unless it includes an offset; for a day, its first instant.
 * @throws ToolError invalid_input as resolveWall does, and outside the supported years
 */
export function resolveWritten(named: NamedZone, written: Written, choice: Choice): number {
  if (written.kind === "instant") return requireSupported(named, written.instant);
  const instant = written.kind === "day" ? startOfDay(named, written.wall) : undefined;
  return requireSupported(named, instant ?? resolveWall(named, written.wall, { ...choice, isWritten: true }));
}

/** The first instant of a day; undefined for a day that the zone skipped. */
function startOfDay({ zone }: NamedZone, midnight: number): number | undefined {
  const [first] = instantsOf(zone, midnight);
  if (first !== undefined) return first;
  const change = changeAround(zone, midnight);
  return change && dayNumber(change.at + change.after) === dayNumber(midnight) ? change.at : undefined;
}

/** @throws ToolError invalid_input when the zone's local time is outside the supported years */
export function requireSupported(named: NamedZone, instant: number): number {
  const wall = wallAt(named, instant);
  requireSupportedYear(dateOf(wall).year, formatWallSafely(wall));
  return instant;
}

const formatWallSafely = (wall: number) => (Math.abs(wall) < 1e11 ? formatWall(wall) : "the result");
