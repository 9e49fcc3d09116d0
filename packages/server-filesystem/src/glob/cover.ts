import { alternativesOf, partsOf, type SegmentList, segmentsOf } from "./glob.ts";
import { GLOBSTAR } from "./parse-glob.ts";

/** Whether a glob matches a path, given as its lower-case names, or one of the directories that contain it. */
export type Cover = (names: readonly string[]) => boolean;

/**
 * Compiles a glob that also covers everything inside what it matches, ignoring case. A path is read only once: it may
 * have 65,000 names, and trying each of its prefixes would block the server for minutes. @throws PatternError
 */
export function compileCover(pattern: string): Cover {
  const covers = alternativesOf(pattern).map((each): Cover => {
    const { parts, isName } = partsOf(each, true);
    const segments = segmentsOf(isName ? [GLOBSTAR, ...parts] : parts, true);
    return (names) => matchesBeginning(segments, names);
  });
  return (names) => covers.some((cover) => cover(names));
}

/** Advances from every place in the pattern that the names so far can reach. */
function matchesBeginning(segments: SegmentList, names: readonly string[]): boolean {
  let places = reach(segments, 0, new Set());
  for (const name of names) {
    const next = new Set<number>();
    for (const place of places) {
      const segment = segments[place];
      if (segment === GLOBSTAR) reach(segments, place, next);
      else if (segment?.(name)) reach(segments, place + 1, next);
    }
    if (next.has(segments.length)) return true;
    if (next.size === 0) return false;
    places = next;
  }
  return false;
}

/** Adds a place, and the following ones that can be reached without a name. */
function reach(segments: SegmentList, from: number, places: Set<number>): Set<number> {
  let place = from;
  places.add(place);
  while (segments[place] === GLOBSTAR) {
    place += 1;
    places.add(place);
  }
  return places;
}
