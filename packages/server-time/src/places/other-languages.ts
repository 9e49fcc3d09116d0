import { fold } from "./fold.ts";
import { RANK, type Scored, type Search } from "./match.ts";

interface OtherNames {
  readonly zone: string;
  /** ISO 3166 code; undefined where that is disputed. */
  readonly country: string | undefined;
  readonly name: string;
  readonly population: number;
  readonly others: readonly string[];
}

let table: Promise<readonly OtherNames[]> | undefined;

/** Large cities and countries by their names in other languages and scripts: 東京, Москва, Monaco di Baviera, 日本. */
export async function byOtherLanguage(search: Search): Promise<readonly Scored[]> {
  return [...byCountryName(search), ...(await byCityName(search))];
}

async function byCityName(search: Search): Promise<readonly Scored[]> {
  table ??= load();
  const { places } = search;
  const wanted = fold(withoutKind(search.text));
  // In Chinese characters, two are enough for a whole name.
  const isLong = [...search.text].length >= (/^\p{Script=Latin}/u.test(search.text) ? 4 : 2);
  const rankOf = (name: string) => {
    const folded = fold(name);
    if (folded === wanted) return RANK.city;
    return isLong && folded.startsWith(wanted) ? RANK.cityStart : 0;
  };
  return (await table).flatMap(({ zone, country, name, population, others }) => {
    const [best] = others.map((other) => ({ other, rank: rankOf(other) })).sort((a, b) => b.rank - a.rank);
    if (wanted === "" || !best || best.rank === 0) return [];
    const why = `city ${name} (${best.other})`;
    return [{ zone: places.zoneIn(country, zone), country, why, rank: best.rank, weight: population }];
  });
}

const LANGUAGES =
  "ar bg bn cs da de el es fa fi fr gu he hi hr hu hy id it ja ka kk km kn ko lo ml mr ms my nb ne nl pa pl pt ro ru si sk sr sv sw ta te th tr uk ur vi zh zh-Hant";

let countryNames: ReadonlyMap<string, string> | undefined;

function* byCountryName({ folded, places }: Search): Generator<Scored> {
  // Node provides them.
  countryNames ??= new Map(
    LANGUAGES.split(" ").flatMap((language) => {
      const names = new Intl.DisplayNames(language, { type: "region", fallback: "none" });
      return places.countries.map(({ code }) => [fold(names.of(code) ?? ""), code] as const);
    }),
  );
  const code = folded === "" ? undefined : countryNames.get(folded);
  const country = places.countries.find((each) => each.code === code);
  for (const zone of country?.zones ?? []) {
    const why = `country ${country?.name}`;
    yield { zone, country: code, why, rank: RANK.country, weight: places.population(zone) };
  }
}

/** Removes what some languages append to every city's name: 大阪市 is 大阪, and 서울특별시 is 서울. */
export function withoutKind(name: string): string {
  const short = name.replace(/(?:[市都府]|(?:특별|광역|\s)?시|မြို့)$/u, "").trim();
  return [...short].length >= 2 ? short : name;
}

/** Lines of data/names.json: `JP Osaka=259=大阪;Осака|JP …`, in units of 10,000 people. */
async function load(): Promise<readonly OtherNames[]> {
  const { default: data } = await import("../data/names.json", { with: { type: "json" } });
  return Object.entries(data).flatMap(([zone, line]) =>
    line.split("|").map((text) => {
      const [head = "", tens = "", others = ""] = text.split("=");
      const [code, name] = [head.slice(0, 2), head.slice(3)];
      const country = code === "--" ? undefined : code;
      return { zone, country, name, population: Number(tens) * 10_000, others: others.split(";") };
    }),
  );
}
