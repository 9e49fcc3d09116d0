import { describe, expect, test } from "vitest";
import { once, useDatabase } from "../postgres.ts";
import { usePostgres } from "../server.ts";

describe("with pg_stat_statements in a schema of its own", () => {
  const database = useDatabase(`
    CREATE SCHEMA stats; CREATE EXTENSION pg_stat_statements SCHEMA stats;
    CREATE TABLE parts (id int, note text); INSERT INTO parts SELECT g, 'x' FROM generate_series(1, 20000) g;`);
  const reader = usePostgres(database.readerUrl);
  const { ok } = usePostgres(database.url);

  test("the most expensive statement comes first, once, with its cost", async () => {
    for (let at = 0; at < 5; at++)
      await database.run(`SELECT count(*) FROM parts a JOIN parts b USING (id) WHERE a.id > ${at}`);
    const { value, text } = await ok("top_queries", { limit: 5, by: "mean_time" });
    expect(value).toMatchObject({ hidden: null });
    expect(text).toContain("SELECT count(*) FROM parts a JOIN parts b USING (id) WHERE a.id > $1");
    const { queries } = (await ok("top_queries", { by: "calls", limit: 50 })).value;
    const mine = (Array.isArray(queries) ? queries : []).filter(({ query }) => query.includes("a.id > $1"));
    expect(mine).toHaveLength(1);
    expect(mine[0]).toMatchObject({ calls: 5, rows_per_call: 1, role: "postgres" });
  });

  test("this server's own statements are left out, since the time of its queries counts as FETCH", async () => {
    await reader.ok("query", { sql: "SELECT max(id) FROM parts WHERE note = 'y'" });
    await reader.ok("explain_query", { sql: "SELECT min(id) FROM parts", analyze: true });
    await reader.ok("describe_table", { table: "parts" });
    const { queries, statements } = (await ok("top_queries", { by: "calls", limit: 50 })).value;
    expect(queries).toHaveLength(Math.min(Number(statements), 50));
    const texts = (Array.isArray(queries) ? queries : []).map(({ query }) => String(query));
    expect(texts.filter((text) => /server.postgres|pg_catalog|set_config|max\(id\)/.test(text))).toEqual([]);
  });

  test("other roles' statements are counted with their time, and the missing grant is named", async () => {
    await once(database.readerUrl, "SELECT sum(id) FROM parts");
    const { value } = await reader.ok("top_queries", {});
    expect(value.hidden).toMatch(
      new RegExp(
        `^\\d+ statements of other roles, .* in all \\([\\d.]+%\\): GRANT pg_read_all_stats TO ${database.reader}$`,
      ),
    );
    expect(JSON.stringify(value.queries)).toContain("SELECT sum(id) FROM parts");
    expect(JSON.stringify(value.queries)).not.toContain("insufficient");
    await database.run(`ALTER ROLE ${database.reader} NOINHERIT`);
    const [, grant = ""] = /%\): (.*)$/.exec(String((await reader.ok("top_queries", {})).value.hidden)) ?? [];
    await database.run(grant);
    expect((await reader.ok("top_queries", {})).value.hidden).toBeNull();
  });
});

describe("in a database without it", () => {
  const database = useDatabase();
  const { error } = usePostgres(database.readerUrl);

  test("the answer says so, and where it may be found", async () => {
    const text = await error("top_queries", {});
    expect(text).toMatch(/^unsupported: pg_stat_statements is not installed in the database test_/);
    expect(text).toContain("CREATE EXTENSION pg_stat_statements");
    expect(text).toContain("another database of the same server");
  });
});
