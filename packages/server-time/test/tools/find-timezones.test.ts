import { describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { useServer } from "../use-server.ts";

const server = useServer();
const Found = z.object({
  matches: z.array(
    z.object({ timezone: z.string(), utc_offset: z.string(), country: z.string().nullable(), why: z.string() }),
  ),
  total: z.int(),
});
const find = async (query: string) => Found.parse((await server.ok("find_timezones", { query })).value);
const names = async (query: string) => (await find(query)).matches.map(({ timezone }) => timezone);

test.each([
  ["São Paulo", "America/Sao_Paulo"],
  ["sao paulo", "America/Sao_Paulo"],
  ["Zurich", "Europe/Zurich"],
  ["ZÜRICH", "Europe/Zurich"],
  ["München", "Europe/Berlin"],
  ["Kraków", "Europe/Warsaw"],
  ["St John's", "America/St_Johns"],
  ["Ho Chi Minh City", "Asia/Ho_Chi_Minh"],
  ["Saigon", "Asia/Ho_Chi_Minh"],
  ["Mumbai", "Asia/Kolkata"],
  ["San Francisco", "America/Los_Angeles"],
  ["Washington", "America/New_York"],
  ["Copenhagen", "Europe/Copenhagen"],
  ["Perm", "Asia/Yekaterinburg"],
  ["Kiev", "Europe/Kyiv"],
  ["India", "Asia/Kolkata"],
  ["in", "Asia/Kolkata"],
  ["UK", "Europe/London"],
  ["Türkiye", "Europe/Istanbul"],
  ["Turkey", "Europe/Istanbul"],
  ["south korea", "Asia/Seoul"],
  ["Bosnia and Herzegovina", "Europe/Sarajevo"],
  ["Germany", "Europe/Berlin"],
  ["+05:30", "Asia/Kolkata"],
  ["UTC+5:45", "Asia/Kathmandu"],
  ["UTC-3", "America/Sao_Paulo"],
  ["+9", "Asia/Tokyo"],
  ["−0330", "America/St_Johns"],
  ["UTC", "Etc/UTC"],
  ["CET", "Europe/Berlin"],
  ["California", "America/Los_Angeles"],
  ["texas", "America/Chicago"],
  ["Québec", "America/Toronto"],
  ["New South Wales", "Australia/Sydney"],
  ["Bavaria", "Europe/Berlin"],
  ["Scotland", "Europe/London"],
  ["Ontario", "America/Toronto"],
  ["NY", "America/New_York"],
  ["LA", "Asia/Vientiane"],
  ["Saint Louis", "America/Chicago"],
  ["Saint Petersburg", "Europe/Moscow"],
  ["Pacific Time", "America/Los_Angeles"],
  ["eastern time", "America/New_York"],
  ["US Central Time", "America/Chicago"],
  ["Mountain Standard Time", "America/Denver"],
  ["Eastern Daylight Savings Time", "America/New_York"],
  ["Central European Time", "Europe/Berlin"],
  ["British Summer Time", "Europe/London"],
  ["India Standard Time", "Asia/Kolkata"],
  ["Indian Standard Time", "Asia/Kolkata"],
  ["Coordinated Universal Time", "Etc/UTC"],
  ["Samoa Time", "Pacific/Apia"],
  ["Tokyo time", "Asia/Tokyo"],
  ["Texas time", "America/Chicago"],
  ["W. Europe Standard Time", "Europe/Berlin"],
  ["Asia/Calcutta", "Asia/Kolkata"],
])("%s: first %s", async (query, timezone) => {
  expect((await names(query))[0]).toBe(timezone);
});

test.each([
  ["Paris, Texas", "America/Chicago"],
  ["Paris Texas", "America/Chicago"],
  ["Paris, France", "Europe/Paris"],
  ["Portland Oregon", "America/Los_Angeles"],
  ["Portland, Maine", "America/New_York"],
  ["Portland, OR, USA", "America/Los_Angeles"],
  ["St. John's, Newfoundland", "America/St_Johns"],
  ["Saint John's, NL", "America/St_Johns"],
  ["London, Ontario", "America/Toronto"],
  ["Vancouver, WA", "America/Los_Angeles"],
  ["Birmingham Alabama", "America/Chicago"],
  ["New York New York", "America/New_York"],
  ["San Jose Costa Rica", "America/Costa_Rica"],
  ["Moscow, Idaho", "America/Los_Angeles"],
  ["Pensacola, Florida", "America/Chicago"],
  ["Miami, Florida", "America/New_York"],
  ["El Paso, TX", "America/Denver"],
  ["Rapid City, South Dakota", "America/Denver"],
  ["Evansville, Indiana", "America/Chicago"],
  ["Sydney, Nova Scotia", "America/Glace_Bay"],
  ["Perth, Scotland", "Europe/London"],
  ["Athens, Georgia, USA", "America/New_York"],
  ["Newfoundland, Canada", "America/St_Johns"],
  ["the Azores", "Atlantic/Azores"],
  ["The Netherlands", "Europe/Amsterdam"],
  ["City of London", "Europe/London"],
  ["東京", "Asia/Tokyo"],
  ["東京都", "Asia/Tokyo"],
  ["大阪市", "Asia/Tokyo"],
  ["北京", "Asia/Shanghai"],
  ["廣州", "Asia/Shanghai"],
  ["서울", "Asia/Seoul"],
  ["부산광역시", "Asia/Seoul"],
  ["Москва", "Europe/Moscow"],
  ["Санкт-Петербург", "Europe/Moscow"],
  ["Київ", "Europe/Kyiv"],
  ["Αθήνα", "Europe/Athens"],
  ["القاهرة", "Africa/Cairo"],
  ["تهران", "Asia/Tehran"],
  ["ירושלים", "Asia/Jerusalem"],
  ["मुंबई", "Asia/Kolkata"],
  ["กรุงเทพ", "Asia/Bangkok"],
  ["თბილისი", "Asia/Tbilisi"],
  ["Londres", "Europe/London"],
  ["Monaco di Baviera", "Europe/Berlin"],
  ["日本", "Asia/Tokyo"],
  ["Россия", "Europe/Moscow"],
  ["Deutschland", "Europe/Berlin"],
])("%s: first %s, by what tells it apart or another language calls it", async (query, timezone) => {
  expect((await names(query))[0]).toBe(timezone);
});

test("a town in no table gets all zones of its state, and the answer says so", async () => {
  const { matches } = await find("Paris, Texas");
  expect(matches).toMatchObject([
    { timezone: "America/Chicago", why: "region Texas; Paris itself is not in the tables" },
    { timezone: "America/Denver" },
  ]);
  expect(await names("Moscow, Idaho")).toEqual(["America/Los_Angeles"]);
  expect(await names("Москва")).toEqual(["Europe/Moscow"]);
});

test.each(["Narnia", "Atlantis", "Gotham", "Mordor", "Hogwarts", "Wakanda", "Rivendell", "Pizza in", "foo bar"])(
  "nothing is near %s, and nothing is named",
  async (query) => {
    const message = await server.error("find_timezones", { query });
    expect(message).toBe(`not_found: no time zone matches "${query}". Try the nearest large city, or the country.`);
  },
);

test.each([
  ["Berln", "Europe/Berlin"],
  ["Sydny", "Australia/Sydney"],
  ["San Fransisco", "America/Los_Angeles"],
  ["Copenhagn", "Europe/Copenhagen"],
  ["Pheonix", "America/Phoenix"],
])("%s is misspelt, and %s is near", async (query, zone) => {
  expect(await server.error("find_timezones", { query })).toContain(zone);
});

test("a match says where, why and the current offset", async () => {
  const { value, text } = await server.ok("find_timezones", { query: "nepal" });
  const match = { timezone: "Asia/Kathmandu", utc_offset: "+05:45", country: "Nepal", why: "country Nepal" };
  expect(value).toEqual({ matches: [match], total: 1 });
  expect(text).toBe("1 found\nAsia/Kathmandu, UTC+05:45, Nepal, country Nepal");
});

test.each([
  ["Jan Mayen", "Arctic/Longyearbyen", "Svalbard & Jan Mayen"],
  ["Atlantic/Jan_Mayen", "Arctic/Longyearbyen", "Svalbard & Jan Mayen"],
  ["Yap", "Pacific/Chuuk", "Micronesia"],
  ["Truk", "Pacific/Chuuk", "Micronesia"],
  ["Ponape", "Pacific/Pohnpei", "Micronesia"],
  ["Coral Harbour", "America/Atikokan", "Canada"],
  ["Timbuktu", "Africa/Bamako", "Mali"],
  ["Asmera", "Africa/Asmara", "Eritrea"],
  ["South Pole", "Antarctica/McMurdo", "Antarctica"],
  ["America/Virgin", "America/St_Thomas", "U.S. Virgin Islands"],
  ["Busingen", "Europe/Busingen", "Germany"],
  ["Iceland", "Atlantic/Reykjavik", "Iceland"],
  ["Bratislava", "Europe/Bratislava", "Slovakia"],
  ["Windsor", "America/Toronto", "Canada"],
  ["Saint-Louis", "Africa/Dakar", "Senegal"],
  ["Pristina", "Europe/Belgrade", null],
])("%s is in %s, %s", async (query, timezone, country) => {
  const { matches } = await find(query);
  expect(matches.map((match) => [match.timezone, match.country])).toContainEqual([timezone, country]);
});

test("the zones of a country are those of its own places", async () => {
  const { matches } = await find("DE");
  expect(matches.filter(({ country }) => country === "Germany").map(({ timezone }) => timezone)).toEqual([
    "Europe/Berlin",
    "Europe/Busingen",
  ]);
});

describe("the name of a time", () => {
  test.each([
    ["ET", "Eastern Time", "America/New_York", "Africa/Addis_Ababa"],
    ["CT", "Central Time", "America/Chicago", "America/New_York"],
    ["MT", "Mountain Time", "America/Denver", "Europe/Malta"],
    ["pt", "Pacific Time", "America/Los_Angeles", "Europe/Lisbon"],
  ])("%s is %s in %s first, and what else it can mean follows", async (query, name, first, other) => {
    const { matches } = await find(query);
    expect(matches[0]).toMatchObject({ timezone: first, why: `${query.toUpperCase()}: ${name} (North America)` });
    expect(matches.map(({ timezone }) => timezone)).toContain(other);
  });

  test("that leaves the season open gives those who keep it now, in the words of now", async () => {
    const { matches } = await find("Pacific Time");
    expect(matches).toContainEqual({
      timezone: "America/Tijuana",
      utc_offset: "-08:00",
      country: "Mexico",
      why: "PST: Pacific Standard Time (North America) (UTC-08:00)",
    });
    expect(matches.map(({ timezone }) => timezone)).not.toContain("America/Vancouver");
  });

  test("a name for one season gives only that one", async () => {
    expect(await names("Pacific Daylight Time")).toContain("America/Tijuana");
    expect((await find("Mountain Standard Time")).matches).toContainEqual(
      expect.objectContaining({ timezone: "America/Phoenix" }),
    );
  });
});

test("a region comes with all of its zones, and its name with all that are called so", async () => {
  expect(await names("Texas")).toEqual(["America/Chicago", "America/Denver"]);
  expect(await names("Georgia")).toEqual(["Asia/Tbilisi", "America/New_York"]);
  expect((await names("Washington")).slice(0, 2)).toEqual(["America/New_York", "America/Los_Angeles"]);
  expect((await find("Punjab")).matches).toMatchObject([{ country: "Pakistan" }, { country: "India" }]);
});

describe("an abbreviation gives all that it can mean", () => {
  test.each([
    ["IST", ["Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"]],
    ["CST", ["America/Chicago", "Asia/Shanghai", "America/Havana"]],
    ["BST", ["Europe/London", "Asia/Dhaka", "Pacific/Bougainville"]],
    ["AST", ["America/Halifax", "Asia/Riyadh"]],
    ["PST", ["America/Los_Angeles", "Asia/Manila", "Pacific/Pitcairn"]],
    ["MST", ["America/Denver", "Asia/Kuala_Lumpur", "Asia/Yangon"]],
    ["GST", ["Asia/Dubai", "Atlantic/South_Georgia", "Pacific/Guam"]],
    ["SST", ["Pacific/Pago_Pago", "Asia/Singapore"]],
    ["AMT", ["America/Manaus", "Asia/Yerevan"]],
    ["ECT", ["America/Guayaquil", "America/Martinique"]],
    ["WST", ["Pacific/Apia", "Australia/Perth"]],
    ["est", ["America/New_York", "Australia/Brisbane"]],
  ])("%s", async (query, zones) => {
    expect((await names(query)).slice(0, zones.length)).toEqual(zones);
  });

  test("with their names, and the zones that show it by the data of today", async () => {
    const { matches } = await find("CST");
    const why = new Map(matches.map((match) => [match.timezone, match.why]));
    expect(why.get("Asia/Taipei")).toBe("CST: China Standard Time (UTC+08:00)");
    expect(why.get("America/Guatemala")).toBe("CST: Central Standard Time (North America) (UTC-06:00)");
    expect(matches.every(({ why }) => why.includes("CST") || why === "zone CST")).toBe(true);
  });

  test("grouped by meaning, so that no reading is lost among many zones of another", async () => {
    const { value, text } = await server.ok("find_timezones", { query: "CST" });
    expect(value).toMatchObject({
      meanings: [
        { meaning: "CST: Central Standard Time (North America) (UTC-06:00)", timezone: "America/Chicago" },
        { meaning: "CST: China Standard Time (UTC+08:00)", timezone: "Asia/Shanghai" },
        { meaning: "CST: Cuba Standard Time (UTC-05:00)", timezone: "America/Havana", zones: 1 },
      ],
    });
    expect(text).toMatch(/\nCST: China Standard Time \(UTC\+08:00\): Asia\/Shanghai, .*Asia\/Taipei/);
    const order = (await find("CST")).matches.slice(3).map(({ why }) => why);
    const groups = order.filter((why, index) => why !== order[index - 1]);
    expect(groups).toEqual([...new Set(groups)]);
    expect((await server.ok("find_timezones", { query: "Berlin" })).value).not.toHaveProperty("meanings");
  });

  test("in summer as in winter", async () => {
    for (const date of ["2026-01-15T00:00:00Z", "2026-07-15T00:00:00Z"]) {
      vi.setSystemTime(new Date(date));
      expect(await names("CEST")).toContain("Europe/Vienna");
      expect(await names("CET")).toContain("Europe/Vienna");
    }
  });
});

test("an offset is the one of now", async () => {
  vi.setSystemTime(new Date("2026-07-01T00:00:00Z"));
  expect(await names("+01:00")).toContain("Europe/London");
  vi.setSystemTime(new Date("2026-12-01T00:00:00Z"));
  expect(await names("+01:00")).not.toContain("Europe/London");
});

test("cities of one name are distinguished, the largest first", async () => {
  const { matches } = await find("San Jose");
  expect(matches).toMatchObject([
    { timezone: "America/Los_Angeles", country: "United States" },
    { timezone: "America/Costa_Rica", country: "Costa Rica" },
  ]);
});

test("zones of no country have none", async () => {
  expect((await find("UTC")).matches[0]).toMatchObject({ timezone: "Etc/UTC", country: null });
});

test("many are cut to fifty, and counted", async () => {
  const { matches, total } = await find("europe");
  expect(matches).toHaveLength(50);
  expect(total).toBeGreaterThan(50);
});

test.each(["Atlantis", "+05:37", "qqqqqq", "__proto__", "constructor", "<script>", ".*", "\0", "\u202E"])(
  "nothing for %j",
  async (query) => {
    expect(await server.error("find_timezones", { query })).toMatch(/^not_found: no time zone matches .*\.$/);
  },
);

test.each([
  ["a", "Try the nearest large city"],
  ["time", "Try the nearest large city"],
  ["qq", "Try the nearest large city"],
  ["xi", "Nearest: Asia/Shanghai"],
])("what is too short to be misspelt gets no more than what begins so: %s", async (query, hint) => {
  expect(await server.error("find_timezones", { query })).toContain(hint);
});

test("a misspelt name gets the nearest", async () => {
  expect(await server.error("find_timezones", { query: "Berln" })).toContain("Nearest: Europe/Berlin");
});

test.each(["", "   ", "x".repeat(1e6)])("%.10j is refused", async (query) => {
  expect(await server.error("find_timezones", { query })).toMatch(/^invalid_input: /);
});
