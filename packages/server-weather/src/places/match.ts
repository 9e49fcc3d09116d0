import { countryOf, fold, regionsOf } from "./codes.ts";
import type { Candidate } from "./geocoding.ts";

/** How much each kind of place adds to its rank, in powers of ten of population. */
const RANKS: readonly (readonly [RegExp, number])[] = [
  [/^PPLC$/, 3],
  [/^(PPLA|PCL.*)$/, 1.5],
  [/^PPLA[2-5]$/, 0.7],
  [/^(PPL|PPLG|PPLS|ADM1)$/, 0],
  [/^PPL[QHW]$/, -3],
  [/^ADM/, -0.5],
];

/**
 * Best first: places with this name before those whose names only begin with it, then larger and more important ones
 * first.
 */
export function ranked(candidates: readonly Candidate[], name: string): Candidate[] {
  const wanted = fold(name);
  const score = (candidate: Candidate) => {
    const bonus = RANKS.find(([code]) => code.test(candidate.featureCode))?.[1] ?? -1;
    const own = fold(candidate.name) === wanted ? 11 : isNamed(candidate, wanted) ? 10 : 0;
    return Math.log10(candidate.population + 1) + bonus + own;
  };
  const scored = candidates.map((candidate, at) => ({ candidate, at, score: score(candidate) }));
  return scored.sort((a, b) => b.score - a.score || a.at - b.at).map(({ candidate }) => candidate);
}

/**
 * Whether a candidate has the requested name. The geocoder answers in English ("Munich" for "München"), so a candidate
 * with a very different name was found by another of its names. Only a name that continues the requested one is not
 * meant.
 */
export function isNamed({ name, postcodes }: Candidate, wanted: string): boolean {
  const own = fold(name);
  // "北京市" is the full name of 北京.
  const isSame = own === wanted || (/^\p{Script=Han}+$/u.test(own) && own.slice(0, -1) === wanted);
  return isSame || !own.startsWith(wanted) || postcodes.some((code) => fold(code) === wanted);
}

/** The candidates within all named regions and countries. */
export function within(candidates: readonly Candidate[], parts: readonly string[]): Candidate[] {
  return parts.reduce<readonly Candidate[]>((left, part) => narrowed(left, part), candidates).slice();
}

/** Filters by region code, then by country, then by a region's name; a filter that leaves nothing is skipped. */
function narrowed(candidates: readonly Candidate[], part: string): readonly Candidate[] {
  const wanted = fold(part);
  const coded = regionsOf(part.replaceAll(".", ""));
  const country = countryOf(part);
  const tests: readonly ((candidate: Candidate) => boolean)[] = [
    ({ countryCode, regions }) =>
      coded.some(
        (region) => region.country === countryCode && regions.some(({ name }) => fold(name) === fold(region.name)),
      ),
    (candidate) =>
      (country !== undefined && candidate.countryCode === country) || fold(candidate.country ?? "") === wanted,
    ({ regions, postcodes }) =>
      regions.some(({ name }) => fold(name) === wanted) || postcodes.some((code) => fold(code) === wanted),
    ({ regions }) => wanted.length > 3 && regions.some(({ name }) => isPartOf(fold(name), wanted)),
  ];
  for (const test of tests) {
    const left = candidates.filter(test);
    if (left.length > 0) return left;
  }
  return [];
}

/** "Yorkshire" in "north yorkshire", "Cook" in "cook county". */
const isPartOf = (name: string, wanted: string) => ` ${name} `.includes(` ${wanted} `);

/** The candidates that are, or are in, a place that a part names in another language: "Bayern", "München". */
export function inside(candidates: readonly Candidate[], named: readonly Candidate[]): Candidate[] {
  const all = new Set(named.flatMap(({ id }) => id ?? []));
  const areas = new Set(
    named.filter(({ featureCode }) => /^(ADM|PCL)/.test(featureCode)).flatMap(({ id }) => id ?? []),
  );
  const has = (ids: ReadonlySet<number>, id: number | undefined) => id !== undefined && ids.has(id);
  return candidates.filter(
    ({ id, regions, countryId }) =>
      has(all, id) || has(areas, countryId) || regions.some((region) => has(areas, region.id)),
  );
}

/** The first region that distinguishes a candidate from the others in its country, else the largest. */
export function distinction(candidate: Candidate, others: readonly Candidate[]): string | undefined {
  const rivals = others.filter((other) => other !== candidate && other.countryCode === candidate.countryCode);
  const named = candidate.regions.filter(({ name }) => fold(name) !== fold(candidate.name));
  const telling = named.find(
    ({ name }) => !rivals.some(({ regions }) => regions.some((region) => region.name === name)),
  );
  return (telling ?? named[0])?.name;
}
