import { type Segment, segmentIndexAt, segmentsBetween, type Zone } from "./zone.ts";

/**
 * Whether the clocks at `instant` (Unix seconds) are ahead of the zone's standard time of that year.
 *
 * The IANA flag alone would answer wrongly for Ireland, whose law calls summer time standard and
 * winter time the exception: there the flag is set in January. A flagged time behind its neighbours
 * makes the unflagged one the summer time, in the calendar years in which it occurs.
 * A change of standard time itself (London 1968 to 1971, Istanbul since 2016) carries no flag.
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
  // Prague put its clocks back in the winter of 1946 and forward in its summers: then the time
  // between is the standard one. Morocco took the time of its Ramadans for good in 2026: then that is.
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
