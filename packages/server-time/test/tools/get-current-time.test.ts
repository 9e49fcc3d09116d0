import { connect } from "@org/server-kit/testing";
import { afterEach, expect, test, vi } from "vitest";
import { timeServer } from "../../src/server.ts";
import { useServer } from "../use-server.ts";

const server = useServer();

afterEach(() => {
  vi.unstubAllEnvs();
});

test("tells the time in a zone, all of it", async () => {
  const { value, text } = await server.ok("get_current_time", { timezone: "Asia/Kathmandu" });
  expect(value).toEqual({
    timezone: "Asia/Kathmandu",
    datetime: "2026-11-20T18:45:00+05:45",
    day_of_week: "Friday",
    is_dst: false,
    utc_offset: "+05:45",
    abbreviation: "+0545",
    unix_seconds: 1795179600,
    iso_week: "2026-W47",
    tzdata: expect.stringMatching(/^20\d\d[a-z]$/),
  });
  for (const fact of Object.values(value ?? {})) if (typeof fact === "string") expect(text).toContain(fact);
});

test.each([
  ["utc", "UTC", "2026-11-20T13:00:00+00:00"],
  ["Asia/Calcutta", "Asia/Calcutta", "2026-11-20T18:30:00+05:30"],
  ["W. Europe Standard Time", "Europe/Berlin", "2026-11-20T14:00:00+01:00"],
  ["Pacific/Kiritimati", "Pacific/Kiritimati", "2026-11-21T03:00:00+14:00"],
  ["America/Vancouver", "America/Vancouver", "2026-11-20T06:00:00-07:00"],
])("in %s", async (given, timezone, datetime) => {
  expect((await server.ok("get_current_time", { timezone: given })).value).toMatchObject({ timezone, datetime });
});

test("the week belongs to the zone's date", async () => {
  vi.setSystemTime(new Date("2026-11-22T23:30:00Z"));
  expect((await server.ok("get_current_time", { timezone: "UTC" })).value).toMatchObject({ iso_week: "2026-W47" });
  expect((await server.ok("get_current_time", { timezone: "Asia/Tokyo" })).value).toMatchObject({
    day_of_week: "Monday",
    iso_week: "2026-W48",
  });
});

const here = async (args: readonly string[], tz: string) => {
  vi.stubEnv("TZ", tz);
  await using connection = await connect(timeServer, { args });
  const { structuredContent } = await connection.client.callTool({ name: "get_current_time", arguments: {} });
  return structuredContent;
};

test("without a zone it is that of --timezone, else of TZ", async () => {
  expect(await here(["--timezone", "asia/tokyo"], "Europe/Paris")).toMatchObject({ timezone: "Asia/Tokyo" });
  expect(await here([], "Europe/Paris")).toMatchObject({ timezone: "Europe/Paris" });
  expect(await here([], ":Europe/Paris")).toMatchObject({ timezone: "Europe/Paris" });
});

test("a TZ that names no zone, not even for the system, is UTC", async () => {
  expect(await here([], "nonsense/zone")).toMatchObject({ timezone: "UTC", utc_offset: "+00:00" });
});

test("an unknown --timezone ends the start with a sentence", async () => {
  const refusal = (input: Parameters<typeof connect>[1]) =>
    connect(timeServer, input).then(
      () => expect.unreachable(),
      (error: unknown) => (error instanceof Error ? error.message : ""),
    );
  expect(await refusal({ args: ["--timezone", "Europe/Berln"] })).toMatch(
    /^--timezone: unknown time zone "Europe\/Berln"\. Did you mean Europe\/Berlin.*\?$/,
  );
  expect(await refusal({ args: ["--timezone", "qqqqqqqq"] })).toBe('--timezone: unknown time zone "qqqqqqqq".');
  const offset = await refusal({ env: { TIME_TIMEZONE: "GMT+5" } });
  expect(offset).toMatch(/^--timezone: "GMT\+5" is an offset/);
  // At a shell there are no tools to call.
  expect(offset).not.toContain("find_timezones");
});

test("an unknown zone is refused with the nearest", async () => {
  expect(await server.error("get_current_time", { timezone: "Europe/Berln" })).toMatch(
    /^invalid_input: unknown time zone "Europe\/Berln"\. Did you mean Europe\/Berlin/,
  );
});
