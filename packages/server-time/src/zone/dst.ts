import { type Segment, segmentIndexAt, segmentsBetween, type Zone } from "./zone.ts";

/**
 * Whether the clocks at `instant` (Unix seconds) are ahead of the zone's standard time of that year.
 * The IANA flag alone would be wrong for Ireland, whose law calls summer time standard and winter time the exception,
 * so that the flag is set in January. If a flagged time is behind its neighbours, the unflagged one is summer time, in
 * the calendar years in which it occurs. A change of standard time itself (London 1968 to 1971, Istanbul since 2016)
 * has no flag.
 */
export function isDst(zone: Zone, instant: number): boolean {
  const index = segmentIndexAt(zone, instant);
  const segment = zone.segments[index];
  if (!segment) return false;
  if (segment.flagged) return !isBehindStandard(zone, segment);
  const year = new Date((instant + segment.offset) * 1000).getUTCFullYear();
  const yearStart = Date.UTC(year, 0, 1) / 1000 - segment.offset;
  const yearEnd = Date.UTC(year + 1, 0, 1) / 1000 - segment.offset;
  const flagged = segmentsBetween(zone, yearStart, yearEnd).filter((part) => part.flagged);
  // In Prague the clocks went back in the winter of 1946 and forward in its summers, so the time in between is the
  // standard one. In Morocco the time of its Ramadans became permanent in 2026, so that is.
  const behind = flagged.every((part) => isBehindStandard(zone, part));
  return behind && flagged.some((part) => part.offset < segment.offset);
}

function isBehindStandard(zone: Zone, flagged: Segment): boolean {
  const index = zone.segments.indexOf(flagged);
  const before = zone.segments.slice(0, index).findLast((segment) => !segment.flagged);
  const after = zone.segments.slice(index).find((segment) => !segment.flagged);
  const standards = [before, after].flatMap((segment) => (segment ? [segment.offset] : []));
  return flagged.offset < Math.min(...standards);
}
