import { expect, test } from "vitest";
import { useDatabase } from "../postgres.ts";
import { usePostgres } from "../server.ts";
import { SHOP } from "../shop.ts";

const CHUNKS = 300;
// How TimescaleDB stores data: chunks are children of the table, in a schema of the extension.
const TIMESCALE = `
CREATE SCHEMA _timescaledb_internal;
CREATE TABLE app.metrics (at timestamptz NOT NULL, value float8);
DO $$ BEGIN FOR i IN 1..${CHUNKS} LOOP
  EXECUTE format('CREATE TABLE _timescaledb_internal._hyper_1_%s_chunk () INHERITS (app.metrics)', i);
END LOOP; END $$;
INSERT INTO _timescaledb_internal._hyper_1_7_chunk SELECT now(), g FROM generate_series(1, 50) g;
ANALYZE _timescaledb_internal._hyper_1_7_chunk;`;

const database = useDatabase(SHOP + TIMESCALE);
const { ok, error } = usePostgres(database.readerUrl);

/** The rows of a listing, by name. */
const rowsOf = (text: string) =>
  new Map(text.split("\n").map((line) => [line.split("\t")[0] ?? "", line.split("\t").slice(1)] as const));

test("every kind is listed with its rows, size and comment", async () => {
  const { blocks } = await ok("list_tables");
  const rows = rowsOf(blocks[0] ?? "");
  expect(rows.get("app.customers")).toEqual(["table", "400", expect.stringMatching(/^\d+ kB$/), "People who buy"]);
  expect(rows.get("app.open_orders")).toEqual(["view"]);
  expect(rows.get("app.totals")?.[0]).toBe("materialized view");
  expect(rows.has('"Odd Schema"."We""ird.Table"')).toBe(true);
  expect([...rows.keys()].some((name) => name.startsWith("pg_"))).toBe(false);
  expect(blocks[1]).toMatch(/^11 tables and views; rows are estimates$/);
});

test("partitions and TimescaleDB's chunks count with their parent", async () => {
  const { blocks } = await ok("list_tables", { schema: "app" });
  const rows = rowsOf(blocks[0] ?? "");
  expect(rows.get("app.events")?.slice(0, 2)).toEqual(["partitioned table, 2 partitions", "9000"]);
  expect(rows.get("app.metrics")?.slice(0, 2)).toEqual([`table, ${CHUNKS} partitions`, "50"]);
  expect(blocks[0]).not.toContain("chunk");
  expect(blocks[0]).not.toContain("events_2025");
});

test("partitions are listed on request", async () => {
  const { blocks } = await ok("list_tables", { kinds: ["partition"], pattern: "EVENTS_*" });
  expect([...rowsOf(blocks[0] ?? "").keys()].filter((name) => name.startsWith("app."))).toEqual([
    "app.events_2025",
    "app.events_2026",
    "app.events_2026_h1",
  ]);
});

test("an empty list of kinds counts as absent, and an answer repeats only the beginning of a long name", async () => {
  expect((await ok("list_tables", { kinds: [] })).blocks[1]).toMatch(/^11 tables and views/);
  const { text } = await ok("list_tables", { schema: `\u202e${"x".repeat(100_000)}` });
  expect(text).toMatch(/^No tables\. Looked at the schema "\\u\{202e\}x+…"\. /);
  expect(text.length).toBeLessThan(300);
});

test("pages follow each other without a gap, and the last one has no cursor", async () => {
  const names: string[] = [];
  let cursor: string | undefined;
  do {
    const { blocks } = await ok("list_tables", { limit: 5, ...(cursor && { cursor }) });
    names.push(...[...rowsOf(blocks[0] ?? "").keys()].filter((name) => name.includes(".")));
    cursor = /next cursor: (\S+)$/.exec(blocks[1] ?? "")?.[1];
  } while (cursor);
  expect(names).toHaveLength(11);
  expect(new Set(names).size).toBe(11);
  expect(await error("list_tables", { cursor: "bm9uZQ" })).toContain("invalid_input: cursor");
});

test("unreadable tables are marked; a locked table is listed without waiting for its size", async () => {
  await database.run(`REVOKE SELECT ON public.orders FROM ${database.reader}`);
  await database.run("BEGIN; LOCK TABLE public.orders IN ACCESS EXCLUSIVE MODE");
  const { blocks } = await ok("list_tables", { schema: "public", pattern: "orders" });
  await database.run("ROLLBACK");
  await database.run(`GRANT SELECT ON public.orders TO ${database.reader}`);
  expect(
    rowsOf(blocks[0] ?? "")
      .get("public.orders")
      ?.slice(0, 3),
  ).toEqual(["table, not readable by this role", "0"]);
});

test("an empty answer says where it looked", async () => {
  expect((await ok("list_tables", { pattern: "nothing*" })).text).toContain('names like "nothing*"');
});
