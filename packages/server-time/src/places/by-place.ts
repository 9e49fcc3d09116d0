import { RANK, type Scored, type Search } from "./match.ts";

// As much as a city of a million people: Washington means the capital first, Ontario the province.
const REGION_WEIGHT = 1_000_000;

export function* byCountry({ folded, places }: Search): Generator<Scored> {
  const rankOf = (names: readonly string[]) => {
    if (names.includes(folded)) return RANK.country;
    return folded.length >= 3 && names.some((name) => name.startsWith(folded)) ? RANK.countryStart : 0;
  };
  for (const { code, name, folded: names, zones } of places.countries) {
    const rank = rankOf(names);
    if (rank === 0) continue;
    for (const zone of zones) {
      yield { zone, country: code, why: `country ${name}`, rank, weight: places.population(zone) };
    }
  }
}

export function* byRegion({ folded, places }: Search): Generator<Scored> {
  for (const { name, folded: names, code, country, zones } of places.regions) {
    const isNamed = names.includes(folded);
    const starts = folded.length >= 3 && names.some((each) => each.startsWith(folded));
    if (!isNamed && !starts && code !== folded) continue;
    const rank = isNamed || code === folded ? RANK.city : RANK.cityStart;
    // A code alone comes after the cities of that name: LA.
    const weight = isNamed ? REGION_WEIGHT : 0;
    for (const [index, zone] of zones.entries()) {
      yield { zone, country, why: `region ${name}`, rank, weight: weight - index };
    }
  }
}

export function* byCity({ folded, places }: Search): Generator<Scored> {
  const rankOf = (name: string) => {
    if (name === folded) return RANK.city;
    if (folded.length >= 3 && name.startsWith(folded)) return RANK.cityStart;
    return folded.length >= 4 && name.includes(folded) ? RANK.cityPart : 0;
  };
  for (const { name, folded: names, zone, country, population } of places.cities) {
    const rank = Math.max(...names.map(rankOf));
    if (rank > 0) yield { zone, country, why: `city ${name}`, rank, weight: population };
  }
}
