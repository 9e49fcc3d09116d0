import { describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { useServer } from "./call.ts";

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
  ["W. Europe Standard Time", "Europe/Berlin"],
  ["Asia/Calcutta", "Asia/Kolkata"],
])("%s: first %s", async (query, timezone) => {
  expect((await names(query))[0]).toBe(timezone);
});

test("a match says where, why and what the offset is now", async () => {
  const { value, text } = await server.ok("find_timezones", { query: "nepal" });
  const match = { timezone: "Asia/Kathmandu", utc_offset: "+05:45", country: "Nepal", why: "country Nepal" };
  expect(value).toEqual({ matches: [match], total: 1 });
  expect(text).toBe("1 found\nAsia/Kathmandu, UTC+05:45, Nepal, country Nepal");
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

test("cities of one name are told apart, the largest first", async () => {
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

test("what is misspelt gets the nearest", async () => {
  expect(await server.error("find_timezones", { query: "Berln" })).toContain("Nearest: Europe/Berlin");
});

test.each(["", "   ", "x".repeat(1e6)])("%.10j is refused", async (query) => {
  expect(await server.error("find_timezones", { query })).toMatch(/^invalid_input: /);
});
