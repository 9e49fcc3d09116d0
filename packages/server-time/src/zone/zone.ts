/** A period in which a zone's clocks do not change. */
export interface Segment {
  /** Unix seconds of its first instant; -Infinity for a zone's first segment. */
  readonly start: number;
  /** Seconds east of UTC. */
  readonly offset: number;
  readonly abbreviation: string;
  /** The isdst flag of the IANA data, which differs from `is_dst`: see dst.ts. */
  readonly flagged: boolean;
}

/** A zone's history from before 1900 to after 2100, in order of time; never empty. */
export interface Zone {
  /** The canonical IANA name. */
  readonly name: string;
  readonly segments: readonly Segment[];
}

/** A change of the offset. `at` is in Unix seconds, `from` and `to` in seconds east of UTC. */
export interface OffsetChange {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/** The index in `zone.segments` of the segment in force at `instant` (Unix seconds). */
export function segmentIndexAt(zone: Zone, instant: number): number {
  let low = 0;
  let high = zone.segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (segmentNumber(zone, middle).start <= instant) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The segment in force at `instant` (Unix seconds). */
export const segmentAt = (zone: Zone, instant: number): Segment => segmentNumber(zone, segmentIndexAt(zone, instant));

/** Seconds east of UTC at `instant` (Unix seconds). */
export const offsetAt = (zone: Zone, instant: number): number => segmentAt(zone, instant).offset;

/** The first change of the offset after `instant`, if one is known. A change of only the name does not count. */
export function nextChange(zone: Zone, instant: number): OffsetChange | undefined {
  const from = segmentAt(zone, instant).offset;
  const rest = zone.segments.slice(segmentIndexAt(zone, instant) + 1);
  const changed = rest.find(({ offset }) => offset !== from);
  return changed && { at: changed.start, from, to: changed.offset };
}

/** The last change of the offset at or before `instant`, if one is known. */
export function previousChange(zone: Zone, instant: number): OffsetChange | undefined {
  const to = segmentAt(zone, instant).offset;
  let at = Number.NEGATIVE_INFINITY;
  for (let index = segmentIndexAt(zone, instant); index >= 0; index--) {
    const segment = segmentNumber(zone, index);
    if (segment.offset !== to) return { at, from: segment.offset, to };
    at = segment.start;
  }
  return undefined;
}

/** The segments that overlap [from, to), in Unix seconds. */
export function segmentsBetween(zone: Zone, from: number, to: number): readonly Segment[] {
  const end = segmentIndexAt(zone, to);
  const last = segmentNumber(zone, end).start < to ? end + 1 : end;
  return zone.segments.slice(segmentIndexAt(zone, from), last);
}

function segmentNumber(zone: Zone, index: number): Segment {
  const segment = zone.segments[index];
  if (!segment) throw new RangeError(`${zone.name} has no segment ${index}`);
  return segment;
}
