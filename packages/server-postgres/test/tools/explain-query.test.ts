import { describe, expect, inject, test } from "vitest";
import { useDatabase } from "../postgres.ts";
import { usePostgres } from "../server.ts";

const database = useDatabase(`
CREATE TABLE people AS SELECT g AS id, g % 100 AS age, 'name ' || g AS name, CASE WHEN g <= 19000 THEN 'x' ELSE 'y' END AS a, CASE WHEN g <= 19000 THEN 'x' ELSE 'y' END AS b FROM generate_series(1, 20000) g;
CREATE INDEX ON people (id);
ANALYZE people;
CREATE FUNCTION touched() RETURNS int LANGUAGE sql VOLATILE AS $$ SELECT 1 $$;
`);
const { ok, error } = usePostgres(database.readerUrl);

describe("explain_query", () => {
  test("shows each node with its own cost, and runs nothing", async () => {
    const { blocks } = await ok("explain_query", { sql: "SELECT name FROM people WHERE age = 5 ORDER BY name" });
    expect(blocks[0]).toMatch(
      /^<rows-\w+>\nSort \(self cost [\d.]+; cost [\d.]+, \d+ rows expected\); Sort Key: name\n {2}Seq Scan on people \(.*\); Filter: /,
    );
    expect(blocks[1]).toMatch(
      /^Estimated cost [\d.]+; not run\. Costliest: Seq Scan on people: \d+ % of the cost by itself/,
    );
  });

  test("with analyze, shows actual times and rows, with an expert's remarks", async () => {
    const { blocks } = await ok("explain_query", {
      sql: "SELECT count(*) FROM people WHERE a = 'y' AND b = 'x'",
      analyze: true,
    });
    expect(blocks[0]).toMatch(/Aggregate \(self [\d.]+ ms, 1 rows; cost/);
    expect(blocks[0]).toMatch(/Seq Scan on people \(self [\d.]+ ms, 0 rows; .*Rows Removed by Filter: 20000/);
    expect(blocks[1]).toMatch(/^planning [\d.]+ ms, execution [\d.]+ ms\./);
    expect(blocks[1]).toMatch(
      /Worst misestimate: Seq Scan on people expected 9\d\d rows and got 0, 9\d\d times fewer\. .*CREATE STATISTICS/,
    );
    expect(blocks[1]).toMatch(/Seq Scan on people read 20,000 rows to throw them away/);
  });

  test("PostgreSQL's own JSON on request", async () => {
    const { blocks } = await ok("explain_query", { sql: "SELECT 1", format: "json" });
    expect(JSON.parse((blocks[0] ?? "").split("\n").slice(1, -1).join("\n"))).toMatchObject({
      Plan: { "Node Type": "Result" },
    });
  });

  test("values are bound", async () => {
    const { blocks } = await ok("explain_query", { sql: "SELECT * FROM people WHERE id = $1", params: [7] });
    expect(blocks[0]).toContain("Index Scan using people_id_idx on people");
    expect(blocks[0]).toContain("Index Cond: (id = 7)");
  });

  test.each([
    "SELECT * FROM people WHERE id = $1",
    "SELECT * FROM people WHERE id = $2 AND $1::text IS NOT NULL",
    "SELECT CASE WHEN age > $6 THEN name ELSE $3 END FROM people WHERE id IN ($1, $2, $4, $5)",
    "SELECT * FROM people WHERE name LIKE $1 LIMIT $2",
    "SELECT * FROM people WHERE id = $3",
  ])("text with parameters and no values gets the generic plan: %s", async (sql) => {
    if (inject("postgresVersion") < 16) {
      expect(await error("explain_query", { sql })).toMatch(
        /^invalid_input: PostgreSQL 1\d plans no query without values for \$1/,
      );
      return;
    }
    const { blocks } = await ok("explain_query", { sql });
    expect(blocks[1]).toContain("A generic plan, for any values");
    expect(blocks[0]).not.toMatch(/NULL::/);
  });

  test.each([
    ["analyze without values", { sql: "SELECT * FROM people WHERE id = $1", analyze: true }, /needs values for \$1/],
    ["too few values", { sql: "SELECT $1::int, $2::int", params: [1] }, /has 2 parameters, and params has 1 value\./],
    ["an EXPLAIN", { sql: "EXPLAIN SELECT 1" }, /sql is the query itself/],
    ["a write", { sql: "DELETE FROM people", analyze: true }, /^access_denied: refused: DELETE/],
    ["a volatile function", { sql: "SELECT touched()", analyze: true }, /^access_denied: refused: public\.touched\(\)/],
    ["constants that grow", { sql: "SELECT repeat('x', 300000000)" }, /^access_denied: refused: repeat\(\)/],
    ["an unknown column", { sql: "SELECT nope FROM people" }, /at character 8\./],
  ])("%s is refused", async (_, args, message) => {
    expect(await error("explain_query", args)).toMatch(message);
  });
});
