import type { Answer, Asked } from "./upstream.ts";

const COUNTRIES: Readonly<Record<string, readonly [name: string, id: number]>> = {
  AU: ["Australia", 2077456],
  CA: ["Canada", 6251999],
  CN: ["China", 1814991],
  DE: ["Germany", 2921044],
  EC: ["Ecuador", 3658394],
  FR: ["France", 3017382],
  GB: ["United Kingdom", 2635167],
  JP: ["Japan", 1861060],
  NO: ["Norway", 3144096],
  PT: ["Portugal", 2264397],
  US: ["United States", 6252001],
};

/**
 * Id, name, what it is found by besides (`zh=` is its name in answers in that language), latitude, longitude and elevation,
 * feature code, country, regions with their ids, time zone, population, postcodes.
 */
const PLACES = `
2988507 | Paris |  | 48.85341 2.3488 42 | PPLC | FR | Île-de-France 3012874, Paris 2968815 | Europe/Paris | 2138551 |
4717560 | Paris |  | 33.66094 -95.55551 183 | PPLA2 | US | Texas 4736286, Lamar 4705086 | America/Chicago | 24782 |
4647963 | Paris |  | 36.302 -88.32671 156 | PPLA2 | US | Tennessee 4662168, Henry 4628735 | America/Chicago | 10156 |
4250542 | Springfield |  | 39.80172 -89.64371 182 | PPLA | US | Illinois 4896861, Sangamon 4248830 | America/Chicago | 116565 |
4409896 | Springfield |  | 37.21533 -93.29824 398 | PPLA2 | US | Missouri 4398678, Greene 4388460 | America/Chicago | 166810 |
4951788 | Springfield |  | 42.10148 -72.58981 21 | PPLA2 | US | Massachusetts 6254926, Hampden 4939081 | America/New_York | 154341 |
5809844 | Seattle |  | 47.60621 -122.33207 56 | PPLA2 | US | Washington 5815135, King 5799783 | America/Los_Angeles | 737015 |
5144336 | White Plains |  | 41.03399 -73.76291 82 | PPLA2 | US | New York 5128638, Westchester 5144068 | America/New_York | 58241 | 10601 10602
4372915 | White Plains |  | 38.5904 -76.9405 60 | PPL | US | Maryland 4361885, Charles 4351009 | America/New_York | 3600 |
4487042 | Raleigh |  | 35.7721 -78.63861 96 | PPLA | US | North Carolina 4482348, Wake 4497666 | America/New_York | 467665 |
4887398 | Chicago |  | 41.85003 -87.65005 179 | PPLA2 | US | Illinois 4896861, Cook 4888671 | America/Chicago | 2720546 |
5128581 | New York |  | 40.71427 -74.00597 10 | PPL | US | New York 5128638 | America/New_York | 8804190 | 10001 10002
2867714 | Munich | München | 48.13743 11.57549 524 | PPLA | DE | Bavaria 2951839, Upper Bavaria 2861322 | Europe/Berlin | 1260391 | 80331
2867713 | Münchenbernsdorf |  | 50.82175 11.93283 320 | PPLA4 | DE | Thuringia 2822542 | Europe/Berlin | 3251 |
2951839 | Bavaria | Bayern | 49 11.5 404 | ADM1 | DE | Bavaria 2951839 | Europe/Berlin | 12430000 |
2950159 | Berlin |  | 52.52437 13.41053 74 | PPLC | DE | State of Berlin 2950157 | Europe/Berlin | 3426354 |
1816671 | 北京 |  | 24.1 113.2 80 | PPL | CN | Guangdong 1809935 | Asia/Shanghai |  |
1816670 | Beijing | zh=北京 | 39.9075 116.39723 49 | PPLC | CN | Beijing 2038349 | Asia/Shanghai | 18960744 |
1850147 | Tokyo | 東京, とうきょう | 35.6895 139.69171 44 | PPLC | JP | Tokyo 1850144 | Asia/Tokyo | 9733276 |
2643743 | London |  | 51.50853 -0.12574 25 | PPLC | GB | England 6269131, Greater London 2648110 | Europe/London | 8961989 |
6058560 | London |  | 42.98339 -81.23304 252 | PPL | CA | Ontario 6093943 | America/Toronto | 422324 |
3143244 | Oslo |  | 59.91273 10.74609 26 | PPLC | NO | Oslo 3143242 | Europe/Oslo | 709037 |
3133895 | Tromsø |  | 69.6489 18.95508 12 | PPLA | NO | Troms 3133897 | Europe/Oslo | 52436 |
2267057 | Lisbon | Lisboa | 38.72509 -9.1498 45 | PPLC | PT | Lisbon 2267056 | Europe/Lisbon | 517802 |
3652000 | Ciudad Mitad del Mundo |  | 0 -78.4558 2483 | PPL | EC | Pichincha 3653224 | America/Guayaquil |  |
2147714 | Sydney |  | -33.86785 151.20732 58 | PPLA | AU | New South Wales 2155400 | Australia/Sydney | 4627345 |
`
  .trim()
  .split("\n")
  .map(rowOf);

type Row = ReturnType<typeof rowOf>;

function rowOf(line: string) {
  const [id, name = "", also = "", at = "", code = "", country = "", regions = "", zone, population, postcodes = ""] =
    line.split("|").map((cell) => cell.trim());
  const [latitude, longitude, elevation] = at.split(" ").map(Number);
  const [countryName, countryId] = COUNTRIES[country] ?? [];
  const admin = regions.split(", ").flatMap((region, level) => [
    [`admin${level + 1}_id`, Number(/\d+$/.exec(region)?.[0])],
    [`admin${level + 1}`, region.replace(/ \d+$/, "")],
  ]);
  const fields = {
    ...{ id: Number(id), name, latitude, longitude, elevation, feature_code: code, country_code: country },
    ...Object.fromEntries(admin),
    ...{ timezone: zone, population: Number(population ?? 0), postcodes: postcodes.split(" ").filter(Boolean) },
    ...{ country_id: countryId, country: countryName },
  };
  // In the order of the real answer, and without what is zero or empty.
  const told = Object.entries(fields).filter(([, value]) => value && String(value) !== "");
  const chinese = /^zh=(.*)/.exec(also)?.[1];
  const others = chinese === undefined ? also.split(", ") : [];
  const found = [...others, ...fields.postcodes].filter(Boolean);
  return { name, chinese, found, result: Object.fromEntries(told) };
}

const fold = (text: string) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace("ø", "o");

export function search({ query }: Asked): Answer {
  for (const key of query.keys())
    if (!/^(name|count|language|format|countryCode|apikey)$/.test(key)) throw new Error(`unknown parameter ${key}`);
  const [name, language] = [fold(query.get("name") ?? ""), query.get("language")];
  const count = Number(query.get("count") ?? 10);
  if (count < 1 || count > 100)
    return { status: 400, json: { error: true, reason: "Parameter count must be between 1 and 100." } };
  const nameIn = (row: Row) => (language === "zh" && row.chinese) || row.name;
  const isFound = (own: string) => (name.length > 2 ? fold(own).startsWith(name) : fold(own) === name);
  const found = name.length < 2 ? [] : PLACES.filter((row) => [nameIn(row), ...row.found].some(isFound));
  const results = found.slice(0, count).map((row) => ({ ...row.result, name: nameIn(row) }));
  return { json: { ...(results.length > 0 && { results }), generationtime_ms: 0.5 } };
}
