import { describe, expect, inject, test } from "vitest";
import { once, useDatabase } from "../postgres.ts";
import { usePostgres } from "../server.ts";

const TABLES = `
CREATE SCHEMA app;
CREATE TABLE app.customers (id int PRIMARY KEY, email text, country text);
INSERT INTO app.customers SELECT g, 'C' || g || '@example.org', 'c' || g % 3 FROM generate_series(1, 20000) g;
CREATE TABLE app.orders (id int PRIMARY KEY, customer_id int, status text, placed_at timestamptz, tags jsonb);
INSERT INTO app.orders SELECT g, 1 + g % 20000, CASE WHEN g % 1000 = 0 THEN 'open' ELSE 'done' END,
  '2025-01-01'::timestamptz + g * interval '1 minute', '{}' FROM generate_series(1, 100000) g;
CREATE TABLE app.events (id int, at date, kind int) PARTITION BY RANGE (at);
CREATE TABLE app.events_1 PARTITION OF app.events FOR VALUES FROM ('2025-01-01') TO ('2025-07-01');
CREATE TABLE app.events_2 PARTITION OF app.events FOR VALUES FROM ('2025-07-01') TO ('2026-01-01');
INSERT INTO app.events SELECT g, '2025-01-01'::date + g % 365, g % 5000 FROM generate_series(1, 60000) g;
ANALYZE;`;

const FIND = "SELECT name FROM pg_available_extensions WHERE name = 'hypopg'";
const hasHypopg = (await once(inject("postgresUrl"), FIND)).rows.length > 0;

interface Suggested {
  readonly sql: string;
  readonly proof: string;
  readonly statements: readonly { readonly cost: string }[];
}

function use(setup: string) {
  const database = useDatabase(TABLES + setup);
  const { ok, error } = usePostgres(database.readerUrl);
  const suggested = async (args: Readonly<Record<string, unknown>>) => {
    const { value, text } = await ok("suggest_indexes", args);
    const list: Suggested[] = Array.isArray(value.suggestions) ? value.suggestions : [];
    return { list, sql: list.map(({ sql }) => sql), value, text };
  };
  return { database, suggested, error };
}

describe("without hypopg", () => {
  const { database, suggested, error } = use("");

  test("an index is suggested by the rules, with a note that nothing was proved", async () => {
    const { list, text } = await suggested({
      sql: "SELECT * FROM app.orders WHERE customer_id = 7 AND placed_at > '2025-02-01'",
    });
    expect(list).toMatchObject([
      { sql: "CREATE INDEX CONCURRENTLY ON app.orders (customer_id, placed_at)", proof: "rule" },
    ]);
    expect(text).toContain(
      "by rule and not proved, since hypopg is not installed: the plan reads a whole table of 1,000 rows",
    );
  });

  test("a condition that keeps most rows, and one with an index, get no suggestion", async () => {
    expect((await suggested({ sql: "SELECT * FROM app.orders WHERE status = 'done'" })).sql).toEqual([]);
    expect((await suggested({ sql: "SELECT * FROM app.orders WHERE id = 7" })).sql).toEqual([]);
  });

  test("a system table gets none, since nobody can create it", async () => {
    const { list } = await suggested({ sql: "SELECT * FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang" });
    expect(list).toEqual([]);
  });

  test("expressions, joins, ORDER BY with LIMIT, and JSON are recognized", async () => {
    const of = async (sql: string) => (await suggested({ sql })).sql;
    expect(await of("SELECT * FROM app.customers WHERE lower(email) = 'c7@example.org'")).toEqual([
      "CREATE INDEX CONCURRENTLY ON app.customers (lower(email))",
    ]);
    expect(await of("SELECT * FROM app.customers c JOIN app.orders o ON o.customer_id = c.id WHERE c.id = 7")).toEqual([
      "CREATE INDEX CONCURRENTLY ON app.orders (customer_id)",
    ]);
    expect(await of("SELECT * FROM app.orders ORDER BY placed_at DESC LIMIT 10")).toEqual([
      "CREATE INDEX CONCURRENTLY ON app.orders (placed_at)",
    ]);
    expect(await of(`SELECT * FROM app.orders WHERE tags @> '{"gift": true}'`)).toEqual([
      "CREATE INDEX CONCURRENTLY ON app.orders USING gin (tags)",
    ]);
  });

  test("searching inside values suggests the kind of index for the type, unless it exists", async () => {
    await database.run(`CREATE TABLE app.stays (during daterange, place point, tags text[]);
      INSERT INTO app.stays SELECT daterange(d, d + 1), point(d - '2025-01-01', 1), ARRAY[d::text]
        FROM generate_series(0, 20000) g, LATERAL (SELECT '2025-01-01'::date + g AS d) q;
      ANALYZE app.stays`);
    const of = async (condition: string) =>
      (await suggested({ sql: `SELECT * FROM app.stays WHERE ${condition}` })).sql;
    expect(await of("during && '[2025-02-01,2025-02-03)'")).toEqual([
      "CREATE INDEX CONCURRENTLY ON app.stays USING gist (during)",
    ]);
    expect(await of("tags && '{2025-02-01}'")).toEqual(["CREATE INDEX CONCURRENTLY ON app.stays USING gin (tags)"]);
    await database.run("CREATE INDEX ON app.stays USING gin (tags) WITH (fastupdate = off)");
    expect(await of("tags && '{2025-02-01}'")).toEqual([]);
    await database.run("DROP TABLE app.stays");
  });

  test("for a partition, the index is suggested on the partitioned table", async () => {
    expect((await suggested({ sql: "SELECT * FROM app.events WHERE kind = 4" })).sql).toEqual([
      "CREATE INDEX ON app.events (kind)",
    ]);
  });

  test("a statement that writes is refused, and no index is ever created", async () => {
    expect(await error("suggest_indexes", { sql: "DELETE FROM app.orders" })).toMatch(/^access_denied|^invalid_input/);
    expect(await database.rows("SELECT count(*) FROM pg_indexes WHERE schemaname = 'app'")).toEqual([["2"]]);
  });
});

describe("the top statements", () => {
  const { database, suggested } = use("CREATE EXTENSION pg_stat_statements;");

  test("are examined, and those that cannot be are listed with the reason", async () => {
    await database.run("SELECT count(*) FROM app.orders WHERE customer_id = 77");
    await database.run(`GRANT pg_read_all_stats TO ${database.reader}`);
    const { value, text } = await suggested({});
    const [[version]] = (await database.rows("SHOW server_version_num")) as [[string]];
    if (Number(version) >= 160000) expect(text).toContain("CREATE INDEX CONCURRENTLY ON app.orders (customer_id)");
    else expect(text).toContain("plans no query without values");
    expect(value.skipped).not.toEqual([]);
  });
});

describe.skipIf(!hasHypopg)("with hypopg", () => {
  const { database, suggested } = use("CREATE SCHEMA tools; CREATE EXTENSION hypopg SCHEMA tools;");

  test("an index is suggested when the plan gets cheaper with it, with both costs and its size", async () => {
    const { list, value, text } = await suggested({ sql: "SELECT * FROM app.orders WHERE customer_id = 7" });
    expect(list).toMatchObject([{ sql: "CREATE INDEX CONCURRENTLY ON app.orders (customer_id)", proof: "hypopg" }]);
    expect(list[0]?.statements[0]?.cost).toMatch(/^\d{4} to \d+, 9\d% less$/);
    expect(text).toMatch(/about [\d.]+ MB/);
    expect(value.how).toContain("10% less");
  });

  test("an index that saves less than the margin is not suggested", async () => {
    expect((await suggested({ sql: "SELECT * FROM app.orders WHERE status = 'done'" })).sql).toEqual([]);
  });

  test("indexes that only pay off together are found one after the other", async () => {
    const { sql } = await suggested({
      sql: "SELECT * FROM app.customers c JOIN app.orders o ON o.customer_id = c.id WHERE c.email = 'C7@example.org'",
    });
    expect(sql.sort()).toEqual([
      "CREATE INDEX CONCURRENTLY ON app.customers (email)",
      "CREATE INDEX CONCURRENTLY ON app.orders (customer_id)",
    ]);
  });

  test("a partitioned table is tried out on its partitions", async () => {
    const { list } = await suggested({ sql: "SELECT * FROM app.events WHERE kind = 4" });
    expect(list).toMatchObject([{ sql: "CREATE INDEX ON app.events (kind)", proof: "hypopg" }]);
  });

  test("it says what it cannot simulate", async () => {
    const { value } = await suggested({ sql: `SELECT * FROM app.orders WHERE tags @> '{"gift": true}'` });
    expect(value.not_tried).toEqual(["CREATE INDEX CONCURRENTLY ON app.orders USING gin (tags)"]);
  });

  test("no hypothetical index is left for the next call", async () => {
    await suggested({ sql: "SELECT * FROM app.orders WHERE customer_id = 7" });
    const { list } = await suggested({ sql: "SELECT * FROM app.orders WHERE customer_id = 7" });
    expect(list).toHaveLength(1);
    expect(await database.rows("SELECT count(*) FROM pg_indexes WHERE schemaname = 'app'")).toEqual([["2"]]);
  });
});
