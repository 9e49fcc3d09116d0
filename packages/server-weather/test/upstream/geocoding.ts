import type { Answer, Asked } from "./upstream.ts";

interface Row {
  readonly id: number;
  readonly name: string;
  /** Its name where the answer is in its own language, and what it is found by there. */
  readonly native?: string;
  readonly other?: readonly string[];
  readonly at: readonly [number, number, number?];
  readonly code: string;
  readonly country: readonly [string, string, number];
  readonly admin?: readonly (readonly [string, number])[];
  readonly zone?: string;
  readonly population?: number;
  readonly postcodes?: readonly string[];
}

const US = ["US", "United States", 6252001] as const;
const FR = ["FR", "France", 3017382] as const;
const DE = ["DE", "Germany", 2921044] as const;
const CN = ["CN", "China", 1814991] as const;
const GB = ["GB", "United Kingdom", 2635167] as const;
const NO = ["NO", "Norway", 3144096] as const;
const [TEXAS, ILLINOIS, BAVARIA] = [
  ["Texas", 4736286],
  ["Illinois", 4896861],
  ["Bavaria", 2951839],
] as const;

const PLACES: readonly Row[] = [
  {
    id: 2988507,
    name: "Paris",
    at: [48.85341, 2.3488, 42],
    code: "PPLC",
    country: FR,
    admin: [
      ["Île-de-France", 3012874],
      ["Paris", 2968815],
    ],
    zone: "Europe/Paris",
    population: 2138551,
  },
  {
    id: 4717560,
    name: "Paris",
    at: [33.66094, -95.55551, 183],
    code: "PPLA2",
    country: US,
    admin: [TEXAS, ["Lamar", 4705086]],
    zone: "America/Chicago",
    population: 24782,
  },
  {
    id: 4647963,
    name: "Paris",
    at: [36.302, -88.32671, 156],
    code: "PPLA2",
    country: US,
    admin: [
      ["Tennessee", 4662168],
      ["Henry", 4628735],
    ],
    zone: "America/Chicago",
    population: 10156,
  },
  {
    id: 4250542,
    name: "Springfield",
    at: [39.80172, -89.64371, 182],
    code: "PPLA",
    country: US,
    admin: [ILLINOIS, ["Sangamon", 4248830]],
    zone: "America/Chicago",
    population: 116565,
  },
  {
    id: 4409896,
    name: "Springfield",
    at: [37.21533, -93.29824, 398],
    code: "PPLA2",
    country: US,
    admin: [
      ["Missouri", 4398678],
      ["Greene", 4388460],
    ],
    zone: "America/Chicago",
    population: 166810,
  },
  {
    id: 4951788,
    name: "Springfield",
    at: [42.10148, -72.58981, 21],
    code: "PPLA2",
    country: US,
    admin: [
      ["Massachusetts", 6254926],
      ["Hampden", 4939081],
    ],
    zone: "America/New_York",
    population: 154341,
  },
  {
    id: 5809844,
    name: "Seattle",
    at: [47.60621, -122.33207, 56],
    code: "PPLA2",
    country: US,
    admin: [
      ["Washington", 5815135],
      ["King", 5799783],
    ],
    zone: "America/Los_Angeles",
    population: 737015,
  },
  {
    id: 5144336,
    name: "White Plains",
    at: [41.03399, -73.76291, 82],
    code: "PPLA2",
    country: US,
    admin: [
      ["New York", 5128638],
      ["Westchester", 5144068],
    ],
    zone: "America/New_York",
    population: 58241,
    postcodes: ["10601", "10602"],
  },
  {
    id: 4372915,
    name: "White Plains",
    at: [38.5904, -76.9405, 60],
    code: "PPL",
    country: US,
    admin: [
      ["Maryland", 4361885],
      ["Charles", 4351009],
    ],
    zone: "America/New_York",
    population: 3600,
  },
  {
    id: 4487042,
    name: "Raleigh",
    at: [35.7721, -78.63861, 96],
    code: "PPLA",
    country: US,
    admin: [
      ["North Carolina", 4482348],
      ["Wake", 4497666],
    ],
    zone: "America/New_York",
    population: 467665,
  },
  {
    id: 4887398,
    name: "Chicago",
    at: [41.85003, -87.65005, 179],
    code: "PPLA2",
    country: US,
    admin: [ILLINOIS, ["Cook", 4888671]],
    zone: "America/Chicago",
    population: 2720546,
  },
  {
    id: 5128581,
    name: "New York",
    other: ["10001"],
    at: [40.71427, -74.00597, 10],
    code: "PPL",
    country: US,
    admin: [["New York", 5128638]],
    zone: "America/New_York",
    population: 8804190,
    postcodes: ["10001", "10002"],
  },
  {
    id: 2867714,
    name: "Munich",
    other: ["München"],
    postcodes: ["80331"],
    at: [48.13743, 11.57549, 524],
    code: "PPLA",
    country: DE,
    admin: [BAVARIA, ["Upper Bavaria", 2861322]],
    zone: "Europe/Berlin",
    population: 1260391,
  },
  {
    id: 2867713,
    name: "Münchenbernsdorf",
    at: [50.82175, 11.93283, 320],
    code: "PPLA4",
    country: DE,
    admin: [["Thuringia", 2822542]],
    zone: "Europe/Berlin",
    population: 3251,
  },
  {
    id: 2951839,
    name: "Bavaria",
    other: ["Bayern"],
    at: [49, 11.5, 404],
    code: "ADM1",
    country: DE,
    admin: [BAVARIA],
    zone: "Europe/Berlin",
    population: 12430000,
  },
  {
    id: 2950159,
    name: "Berlin",
    at: [52.52437, 13.41053, 74],
    code: "PPLC",
    country: DE,
    admin: [["State of Berlin", 2950157]],
    zone: "Europe/Berlin",
    population: 3426354,
  },
  {
    id: 1816671,
    name: "北京",
    at: [24.1, 113.2, 80],
    code: "PPL",
    country: CN,
    admin: [["Guangdong", 1809935]],
    zone: "Asia/Shanghai",
  },
  {
    id: 1816670,
    name: "Beijing",
    native: "北京",
    at: [39.9075, 116.39723, 49],
    code: "PPLC",
    country: CN,
    admin: [["Beijing", 2038349]],
    zone: "Asia/Shanghai",
    population: 18960744,
  },
  {
    id: 1850147,
    name: "Tokyo",
    other: ["東京", "とうきょう"],
    at: [35.6895, 139.69171, 44],
    code: "PPLC",
    country: ["JP", "Japan", 1861060],
    admin: [["Tokyo", 1850144]],
    zone: "Asia/Tokyo",
    population: 9733276,
  },
  {
    id: 2643743,
    name: "London",
    at: [51.50853, -0.12574, 25],
    code: "PPLC",
    country: GB,
    admin: [
      ["England", 6269131],
      ["Greater London", 2648110],
    ],
    zone: "Europe/London",
    population: 8961989,
  },
  {
    id: 6058560,
    name: "London",
    at: [42.98339, -81.23304, 252],
    code: "PPL",
    country: ["CA", "Canada", 6251999],
    admin: [["Ontario", 6093943]],
    zone: "America/Toronto",
    population: 422324,
  },
  {
    id: 3143244,
    name: "Oslo",
    at: [59.91273, 10.74609, 26],
    code: "PPLC",
    country: NO,
    admin: [["Oslo", 3143242]],
    zone: "Europe/Oslo",
    population: 709037,
  },
  {
    id: 3133895,
    name: "Tromsø",
    at: [69.6489, 18.95508, 12],
    code: "PPLA",
    country: NO,
    admin: [["Troms", 3133897]],
    zone: "Europe/Oslo",
    population: 52436,
  },
  {
    id: 2267057,
    name: "Lisbon",
    other: ["Lisboa"],
    at: [38.72509, -9.1498, 45],
    code: "PPLC",
    country: ["PT", "Portugal", 2264397],
    admin: [["Lisbon", 2267056]],
    zone: "Europe/Lisbon",
    population: 517802,
  },
  // A place on the equator: what is zero is left out.
  {
    id: 3652000,
    name: "Ciudad Mitad del Mundo",
    at: [0, -78.4558, 2483],
    code: "PPL",
    country: ["EC", "Ecuador", 3658394],
    admin: [["Pichincha", 3653224]],
    zone: "America/Guayaquil",
  },
  {
    id: 2147714,
    name: "Sydney",
    at: [-33.86785, 151.20732, 58],
    code: "PPLA",
    country: ["AU", "Australia", 2077456],
    admin: [["New South Wales", 2155400]],
    zone: "Australia/Sydney",
    population: 4627345,
  },
];

const fold = (text: string) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace("ø", "o");

export function search({ query }: Asked): Answer {
  for (const key of query.keys())
    if (!/^(name|count|language|format|countryCode|apikey)$/.test(key)) throw new Error(`unknown parameter ${key}`);
  const [name, count, language] = [
    fold(query.get("name") ?? ""),
    Number(query.get("count") ?? 10),
    query.get("language") ?? "en",
  ];
  if (count < 1 || count > 100)
    return { status: 400, json: { error: true, reason: "Parameter count must be between 1 and 100." } };
  const nameOf = (row: Row) => (language === "zh" && row.native ? row.native : row.name);
  const matches = (row: Row) => {
    return [nameOf(row), ...(row.other ?? []), ...(row.postcodes ?? [])].some((own) =>
      name.length > 2 ? fold(own).startsWith(name) : fold(own) === name,
    );
  };
  const results =
    name.length < 2
      ? []
      : PLACES.filter(matches)
          .slice(0, count)
          .map((row) => ({ ...result(row), name: nameOf(row) }));
  return { json: { ...(results.length > 0 && { results }), generationtime_ms: 0.5 } };
}

/** In the order of the real answer, and without what is zero or empty. */
function result({ id, name, at, code, country, admin = [], zone, population, postcodes }: Row) {
  const regions = admin.map(([region, region_id], level) => ({
    [`admin${level + 1}_id`]: region_id,
    [`admin${level + 1}`]: region,
  }));
  const fields = {
    id,
    name,
    latitude: at[0],
    longitude: at[1],
    elevation: at[2],
    feature_code: code,
    country_code: country[0],
    ...Object.assign({}, ...regions),
    timezone: zone,
    population,
    postcodes,
    country_id: country[2],
    country: country[1],
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== 0));
}
