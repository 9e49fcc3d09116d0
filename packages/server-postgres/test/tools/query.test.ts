import { describe, expect, test } from "vitest";
import { useDatabase } from "../postgres.ts";
import { usePostgres } from "../server.ts";

const SETUP = `
CREATE TABLE two_hundred AS SELECT g AS id FROM generate_series(1, 200) g;
CREATE TABLE one_more AS SELECT g AS id FROM generate_series(1, 201) g;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE SEQUENCE read_so_far;
CREATE TABLE odd (id int, note text, secret text);
INSERT INTO odd VALUES (1, E'tab\\there', 's'), (2, 'NULL', 's'), (3, NULL, 's'), (4, '', 's'), (5, '"quoted"', 's'), (6, E'a\\nb', 's');
DO $$ BEGIN EXECUTE 'CREATE TABLE wide (' || (SELECT string_agg('column_' || g || ' int DEFAULT ' || g, ', ') FROM generate_series(1, 1500) g) || ')'; END $$;
INSERT INTO wide DEFAULT VALUES;
INSERT INTO wide DEFAULT VALUES;
`;

const database = useDatabase(SETUP);
const server = usePostgres(database.readerUrl);

/** The lines inside the fence: header, then rows. */
const lines = (body: string | undefined) => (body ?? "").split("\n").slice(1, -1);

describe("rows", () => {
  const rows = async (sql: string, more: object = {}) => {
    const { blocks } = await server.ok("query", { sql, ...more });
    const [header = "", ...found] = lines(blocks[0]);
    return { header, rows: found, facts: blocks[1] ?? "", cursor: /cursor (\S+)/.exec(blocks[1] ?? "")?.[1] };
  };

  test("are fenced with a random tag", async () => {
    const [first, second] = [
      await server.ok("query", { sql: "SELECT 1" }),
      await server.ok("query", { sql: "SELECT 1" }),
    ];
    const tag = /^<(rows-[\da-f]{6})>\n/.exec(first.blocks[0] ?? "")?.[1];
    expect(first.blocks[0]).toBe(`<${tag}>\n"?column?" integer\n1\n</${tag}>`.replace('"?column?"', "?column?"));
    expect(second.blocks[0]).not.toContain(`<${tag}>`);
  });

  test.each([
    ["date '2024-03-31'", "2024-03-31"],
    ["timestamp '2024-03-31 02:30:00.123456'", "2024-03-31 02:30:00.123456"],
    ["timestamptz '1960-01-01 00:00+01' AT TIME ZONE 'UTC'", "1959-12-31 23:00:00"],
    ["ARRAY[timestamp '2024-01-01']", '{"2024-01-01 00:00:00"}'],
    ["'infinity'::date", "infinity"],
    ["9007199254740993::bigint", "9007199254740993"],
    ["12345678901234567890.1234567890::numeric", "12345678901234567890.1234567890"],
    ["'NaN'::float8", "NaN"],
    ["'-Infinity'::float8", "-Infinity"],
    ["0.1::float8 + 0.2", "0.30000000000000004"],
    ["ARRAY[1, NULL, 3]", "{1,NULL,3}"],
    ["int4range(1, 5)", "[1,5)"],
    ["'\\xdeadbeef'::bytea", "\\xdeadbeef"],
    ["true", "t"],
    ['\'{"b": 1, "a": [1, 2]}\'::json', '{"b": 1, "a": [1, 2]}'],
    ["'ok'::mood", "ok"],
    ["interval '1 day 2 hours'", "1 day 02:00:00"],
    ["ROW(1, 'a b', NULL)", '(1,"a b",)'],
    ["'00:00:01'::time", "00:00:01"],
    ["'a & b'::tsquery", "'a' & 'b'"],
    ["'{1,2}'::int[]", "{1,2}"],
    ["money '12.30'", "$12.30"],
  ])("%s comes back as %s", async (sql, expected) => {
    expect((await rows(`SELECT ${sql} AS v`)).rows).toEqual([expected]);
  });

  test("columns have the types that psql shows, and duplicate names stay", async () => {
    const { header } = await rows(
      "SELECT 1 AS a, 2.5::numeric(10,2) AS a, 'ok'::mood AS m, ARRAY['x'::varchar(3)] AS v",
    );
    expect(header).toBe(
      "a integer\ta numeric(10,2)\tm public.mood\tv character varying(3)[]".replace("public.mood", "mood"),
    );
  });

  test("values that could be misread are JSON strings", async () => {
    const found = await rows("SELECT note FROM odd ORDER BY id");
    expect(found.rows).toEqual(['"tab\\there"', '"NULL"', "NULL", '""', '"\\"quoted\\""', '"a\\nb"']);
  });

  test.each([
    ["a table of exactly as many rows", "SELECT * FROM two_hundred", 200, 200, false],
    ["a table of one more", "SELECT * FROM one_more", 200, 200, true],
    ["the statement's own LIMIT", "SELECT * FROM one_more LIMIT 50", 100, 50, false],
    ["a LIMIT as large as the page", "SELECT * FROM one_more LIMIT 100", 100, 100, false],
    ["a set that is computed", "SELECT generate_series(1, 5000)", 1000, 1000, true],
    ["VALUES", "VALUES (1), (2), (3)", 2, 2, true],
    ["TABLE", "TABLE two_hundred", 199, 199, true],
    ["WITH", "WITH t AS (SELECT * FROM two_hundred) SELECT * FROM t", 200, 200, false],
    ["EXPLAIN", "EXPLAIN SELECT * FROM two_hundred", 100, 1, false],
    ["no rows", "SELECT 1 WHERE false", 100, 0, false],
  ])("more rows exist exactly when they do: %s", async (_, sql, max_rows, count, hasMore) => {
    const found = await rows(sql, { max_rows });
    expect(found.rows).toHaveLength(count);
    expect(found.cursor !== undefined).toBe(hasMore);
    expect(found.facts.includes("complete")).toBe(!hasMore);
  });

  test("pages follow each other without gaps", async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const found = await rows("SELECT id FROM one_more ORDER BY id", { max_rows: 60, ...(cursor && { cursor }) });
      seen.push(...found.rows);
      cursor = found.cursor;
    } while (cursor);
    expect(seen).toEqual(Array.from({ length: 201 }, (_, at) => String(at + 1)));
  });

  test("a cursor from another statement is refused", async () => {
    const { cursor } = await rows("SELECT id FROM one_more", { max_rows: 1 });
    expect(await server.error("query", { sql: "SELECT 1", max_rows: 1, cursor })).toMatch(/^invalid_input: cursor/);
  });

  test("parameters are bound, never put into the text", async () => {
    const params = ["'; DROP TABLE odd; --", 7, null, [1, 2], ["a", 'q"x'], { a: 1 }, true];
    const sql = "SELECT $1::text, $2::int, $3::text, $4::int[], $5::text[], $6::jsonb, $7::bool";
    expect((await rows(sql, { params })).rows).toEqual([
      '\'; DROP TABLE odd; --\t7\tNULL\t{1,2}\t{a,"q\\"x"}\t{"a": 1}\tt',
    ]);
    expect((await rows("SELECT id FROM one_more WHERE id = ANY ($1) ORDER BY 1", { params: [[5, 3]] })).rows).toEqual([
      "3",
      "5",
    ]);
  });

  test("a parameter that the statement does not use is left out", async () => {
    expect((await rows("SELECT 'é$1', $3::int, $3 + 1 AS ü", { params: ["a", "b", 5] })).rows).toEqual(["é$1\t5\t6"]);
  });

  test("each parameter needs one value", async () => {
    const refusal = (needed: string, given: string) =>
      `invalid_input: the query has ${needed}, and params has ${given}. Pass one for each.`;
    expect(await server.error("query", { sql: "SELECT 1", params: ["a"] })).toBe(refusal("0 parameters", "1 value"));
    expect(await server.error("query", { sql: "SELECT $1, $2", params: ["a"] })).toBe(
      refusal("2 parameters", "1 value"),
    );
    expect(await server.error("query", { sql: "EXPLAIN SELECT $1::int" })).toMatch(/explain_query plans without/);
    expect(await server.error("query", { sql: "SHOW server_version", params: ["a"] })).toBe(
      refusal("0 parameters", "1 value"),
    );
  });

  test("long values are shortened with their length, and shown whole on request", async () => {
    const short = await rows("SELECT repeat('x', 3000) AS v");
    expect(short.rows[0]).toBe(`${"x".repeat(500)} …[3000 characters]`);
    expect(short.facts).toContain("full_values");
    expect((await rows("SELECT repeat('x', 3000) AS v", { full_values: true })).rows).toEqual(["x".repeat(3000)]);
  });

  test("a text of many lines is shown as far as it fits, and the rest can be read in parts", async () => {
    const sql = "SELECT 1 AS id, repeat(E'a\\n\\x01', 100000) AS body";
    const { rows: found, facts } = await rows(sql, { full_values: true });
    expect(found[0]).toMatch(/^1\t"(a\\n\\u0001){2000,}.*" …\[300000 bytes\]$/);
    expect(facts).toContain("substr(body::text, 1, 10000)");
    const { facts: quoted } = await rows(sql.replace("body", '"Long ""Text"""'), { full_values: true });
    expect(quoted).toContain('substr("Long ""Text"""::text, 1, 10000)');
  });

  test("a cell of 50 MB costs as little memory as a small one", async () => {
    await rows("SELECT 1");
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    const { rows: found } = await rows("SELECT repeat('x', 50000000) AS v");
    expect(found[0]).toBe(`${"x".repeat(500)} …[50000000 bytes]`);
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(40);
    const whole = await rows("SELECT repeat('é', 25000000) AS v", { full_values: true });
    expect(whole.rows[0]).toMatch(/^é{30000,} …\[50000000 bytes\]$/);
    expect(whole.facts).toContain("substr(v::text");
  });

  test("the first of ten million rows come immediately", async () => {
    const found = await rows("SELECT g, md5(g::text) FROM generate_series(1, 10000) g, generate_series(1, 1000) h", {
      max_rows: 2,
    });
    expect(found.rows).toHaveLength(2);
    expect(found.cursor).toBeDefined();
  });

  test("columns that do not fit are counted", async () => {
    const found = await rows("SELECT * FROM wide");
    expect(found.rows.length).toBeGreaterThan(0);
    const shown = Number(/the first (\d+) of 1500 columns/.exec(found.facts)?.[1]);
    expect(found.header.split("\t")).toHaveLength(shown);
    expect(found.rows[0]?.split("\t").slice(0, 3)).toEqual(["1", "2", "3"]);
  });

  test("rows that do not fit are left for the next page", async () => {
    const found = await rows("SELECT g, repeat('y', 490) FROM generate_series(1, 300) g", { max_rows: 300 });
    expect(found.rows.length).toBeGreaterThan(50);
    expect(found.rows.length).toBeLessThan(100);
    const next = await rows("SELECT g, repeat('y', 490) FROM generate_series(1, 300) g", {
      max_rows: 300,
      cursor: found.cursor,
    });
    expect(next.rows[0]?.split("\t")[0]).toBe(String(found.rows.length + 1));
  });

  test("a statement nested 800 deep is answered or refused immediately", async () => {
    for (const sql of [
      `SELECT ${"(".repeat(800)}1${")".repeat(800)}`,
      `${"SELECT * FROM (".repeat(800)}SELECT 1${") x".repeat(800)}`,
      `SELECT ${"(SELECT ".repeat(800)}1${")".repeat(800)}`,
      `SELECT ${"abs(".repeat(800)}1${")".repeat(800)}`,
      `SELECT 1${" + 1".repeat(30_000)}`,
    ]) {
      const { text } = await server.ask("query", { sql });
      expect(text).toMatch(/^<rows|^invalid_input: |^access_denied: refused: /);
    }
    expect((await rows("SELECT 1")).rows).toEqual(["1"]);
  });
});

describe("errors", () => {
  test.each([
    ["a sign that turns the line around", "a\u202eb", /syntax error at or near "a\\u\{202e\}b" \[42601\]/],
    ["a misspelt keyword", "SELEC 1", /^invalid_input: syntax error at or near "SELEC" \[42601\], at character 1\./],
    [
      "a table that is not there",
      "SELECT * FROM nowhere",
      /^invalid_input: relation "nowhere" does not exist \[42P01\], at character 15\. list_tables/,
    ],
    ["a column that is not there", "SELECT idd FROM one_more", /at character 8\. .*(describe_table|Perhaps you meant)/],
    ["an empty text", "  ", /^invalid_input: the statement is empty/],
    ["a comment alone", "-- nothing", /^invalid_input: the statement is empty/],
    ["a division by zero", "SELECT 1 / (id - id) FROM one_more", /^invalid_input: division by zero \[22012\]/],
    ["a missing value", "SELECT $1::int + $2::int", /^invalid_input: /],
  ])("%s is said with its place and what to do", async (_, sql, message) => {
    expect(await server.error("query", { sql })).toMatch(message);
  });
});
