import { offsetAt, segmentsBetween, type Zone } from "./zone.ts";

/** How to resolve a local time that occurs twice or never, in Temporal's words. */
export type Disambiguation = "earlier" | "later";

/** The clock change around a local time: `at` in Unix seconds, offsets in seconds east of UTC. */
export interface ClockChange {
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

// No zone's offset from UTC is larger, so no instant is further from its local time.
const FURTHEST = 26 * 3600;

/**
 * The instants at which a zone's clocks show `wall`: none in a gap, two where they were put back. @param wall local
 * time, in seconds since 1970-01-01T00:00 on the same clock @returns Unix seconds, ascending
 */
export function instantsOf(zone: Zone, wall: number): readonly number[] {
  const near = segmentsBetween(zone, wall - FURTHEST, wall + FURTHEST);
  return near.flatMap(({ start, offset }, index) => {
    const instant = wall - offset;
    const end = near[index + 1]?.start ?? Number.POSITIVE_INFINITY;
    return start <= instant && instant < end ? [instant] : [];
  });
}

/** The change that made `wall` occur twice or never; undefined if it occurs once. */
export function changeAround(zone: Zone, wall: number): ClockChange | undefined {
  for (const { start: at, offset: after } of segmentsBetween(zone, wall - FURTHEST, wall + FURTHEST)) {
    const before = offsetAt(zone, at - 1);
    const low = at + Math.min(before, after);
    const high = at + Math.max(before, after);
    if (low <= wall && wall < high) return { at, before, after };
  }
  return undefined;
}

/** The earlier and the later instant that a local time around `change` can stand for, as in Temporal. */
export function readingsOf(wall: number, { before, after }: ClockChange): Record<Disambiguation, number> {
  const [one, other] = [wall - before, wall - after];
  return { earlier: Math.min(one, other), later: Math.max(one, other) };
}
