import { Client } from "pg";
import { beforeAll, describe, expect, test } from "vitest";
import { roleSql } from "../../src/role-sql.ts";
import { useDatabase } from "../postgres.ts";
import { useGuard } from "./use-guard.ts";

const TABLES = `
CREATE SCHEMA app;
CREATE SCHEMA hidden;
CREATE TABLE app.users (id int, email text, name text);
INSERT INTO app.users VALUES (1, 'secret@example.com', 'Ann'), (2, NULL, 'Bob');
CREATE TABLE app.orders (id int, user_id int);
INSERT INTO app.orders VALUES (1, 1);
CREATE TABLE hidden.salaries (id int, amount int);
INSERT INTO hidden.salaries VALUES (1, 5);
CREATE VIEW app.pay AS SELECT * FROM hidden.salaries;
CREATE VIEW app.pay_again AS SELECT amount FROM app.pay;
CREATE VIEW app.names AS SELECT id, name FROM app.users;
CREATE VIEW app.addresses AS SELECT id, upper(email) AS e FROM app.users;
CREATE VIEW app.whole AS SELECT u::text AS everything, u.id FROM app.users u;
CREATE MATERIALIZED VIEW app.kept AS SELECT email FROM app.users;
CREATE FUNCTION app.find_email(int) RETURNS text LANGUAGE sql STABLE AS $$ SELECT email FROM app.users WHERE id = $1 $$;
CREATE FUNCTION app.find_through(int) RETURNS text LANGUAGE sql STABLE AS $$ SELECT app.find_email($1) $$;
CREATE FUNCTION app.find_whole(app.users) RETURNS text LANGUAGE sql STABLE AS $$ SELECT $1.email $$;
CREATE FUNCTION app.find_by(int, text) RETURNS text LANGUAGE sql STABLE AS $$ SELECT email FROM app.users WHERE id = $1 $$;
CREATE OPERATOR app.@@@ (LEFTARG = int, RIGHTARG = text, FUNCTION = app.find_by);
CREATE VIEW app.found AS SELECT app.find_email(1) AS e;
CREATE TABLE app.notes (id int);
INSERT INTO app.notes VALUES (1);
CREATE FUNCTION app.is_known() RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT EXISTS (SELECT FROM app.users WHERE email > '') $$;
ALTER TABLE app.notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY known ON app.notes USING (app.is_known());
CREATE VIEW app.common AS SELECT tablename, most_common_vals::text AS common FROM pg_stats;
CREATE FUNCTION app.common() RETURNS SETOF text LANGUAGE sql STABLE AS $$ SELECT most_common_vals::text FROM pg_stats $$;
CREATE TABLE app.letters (id int, email text, folded text GENERATED ALWAYS AS (lower(email)) STORED);
CREATE FUNCTION app.pay_of(int) RETURNS int LANGUAGE sql STABLE AS $$ SELECT amount FROM hidden.salaries WHERE id = $1 $$;
ANALYZE;
`;
const database = useDatabase(TABLES);

describe("--schemas app", () => {
  const guard = useGuard(() => database.readerUrl, { schemas: ["app"] });

  test.each([
    "SELECT * FROM app.users",
    "SELECT * FROM users",
    "SELECT name FROM app.names",
    "SELECT relname FROM pg_class",
    "WITH salaries AS (SELECT 1) SELECT * FROM salaries",
  ])("answers %s", async (sql) => {
    expect(await guard.rows(sql)).toBeGreaterThan(0);
  });

  test.each([
    ["SELECT * FROM hidden.salaries", /hidden\.salaries is not among the tables/],
    ["EXPLAIN SELECT * FROM hidden.salaries", /hidden\.salaries is not among/],
    ["SELECT * FROM app.pay", /app\.pay reads hidden\.salaries/],
    ["SELECT * FROM app.pay_again", /app\.pay_again reads hidden\.salaries/],
    ["SELECT * FROM app.users, LATERAL (SELECT * FROM hidden.salaries) s", /hidden\.salaries/],
    ["SELECT app.pay_of(1)", /hidden\.salaries|pay_of/],
    ["SELECT most_common_vals FROM pg_stats", /pg_stats shows values/],
    ["SELECT table_to_xml('hidden.salaries', true, true, '')", /table_to_xml/],
  ])("refuses %s", async (sql, message) => {
    expect(await guard.refusal(sql)).toMatch(message);
  });
});

describe("--tables", () => {
  const guard = useGuard(() => database.readerUrl, { tables: ["app.users", "app.pay"] });

  test("a listed view shows what it reads", async () => {
    expect(await guard.values("SELECT amount FROM app.pay")).toEqual([["5"]]);
    expect(await guard.rows("SELECT * FROM app.users")).toBe(2);
  });
  test.each(["SELECT * FROM app.orders", "SELECT * FROM hidden.salaries", "SELECT * FROM app.pay_again"])(
    "refuses %s",
    async (sql) => {
      expect(await guard.refusal(sql)).toMatch(/not among the tables/);
    },
  );
});

describe("--mask app.users.email", () => {
  const guard = useGuard(() => database.readerUrl, { mask: ["app.users.email"] });
  const masked = async (sql: string) => {
    const { columns, masked: hidden } = await guard.run(sql);
    return columns.map(({ tableId, columnNumber }) => hidden.has(`${tableId}.${columnNumber}`));
  };

  test.each([
    ["SELECT id, email FROM app.users", [false, true]],
    ["SELECT * FROM app.users", [false, true, false]],
    ["SELECT u.* FROM app.users u JOIN app.orders o ON o.user_id = u.id", [false, true, false]],
    ["TABLE app.users", [false, true, false]],
    ["SELECT email AS harmless FROM app.users WHERE id = 1 ORDER BY id", [true]],
    ["SELECT count(*), max(name) FROM app.users", [false, false]],
    ["SELECT * FROM app.names", [false, false]],
    ["SELECT * FROM app.orders", [false, false]],
    ["SELECT u.id, u.ctid FROM app.users u", [false, false]],
    ["SELECT * FROM app.notes", [false]],
  ])("%s hides exactly that column", async (sql, expected) => {
    expect(await masked(sql)).toEqual(expected);
  });

  test.each([
    "SELECT lower(email) FROM app.users",
    "SELECT email || '' FROM app.users",
    "SELECT id FROM app.users WHERE email LIKE 's%'",
    "SELECT id FROM app.users ORDER BY email",
    "SELECT email FROM app.users ORDER BY 1",
    "SELECT id, email AS e FROM app.users ORDER BY e",
    "SELECT email AS e, count(*) FROM app.users GROUP BY e",
    "SELECT email, count(*) FROM app.users GROUP BY ROLLUP (1)",
    "SELECT DISTINCT email FROM app.users",
    "SELECT count(email) FROM app.users",
    "SELECT count(*) FROM app.users GROUP BY email",
    "SELECT u FROM app.users u",
    "SELECT u::text FROM app.users u",
    "SELECT row_to_json(u) FROM app.users u",
    "SELECT (u).email FROM app.users u",
    "SELECT (u.*)::text FROM app.users u",
    "SELECT to_jsonb(users) FROM app.users",
    "SELECT e FROM (SELECT email AS e FROM app.users) s",
    "SELECT upper(e) FROM (SELECT email FROM app.users) s(e)",
    "SELECT * FROM app.users AS u(a, b, c)",
    "SELECT b || '' FROM app.users AS u(a, b, c)",
    "WITH x AS (SELECT * FROM app.users) SELECT * FROM x",
    "SELECT email FROM app.users UNION SELECT 'x'",
    "SELECT (SELECT email FROM app.users LIMIT 1)",
    "SELECT ARRAY(SELECT email FROM app.users)",
    "SELECT * FROM app.users a JOIN app.users b USING (email)",
    "SELECT * FROM app.users a NATURAL JOIN app.users b",
    "SELECT * FROM app.addresses",
    "SELECT * FROM app.whole",
    "SELECT * FROM app.kept",
    "SELECT j FROM (app.users u JOIN app.orders o ON true) AS j",
    "SELECT j::text FROM (app.users u JOIN app.orders o ON true) AS j",
    "SELECT b || '' FROM (app.users u JOIN app.orders o ON true) AS j(a, b)",
    "SELECT common FROM app.common WHERE tablename = 'users'",
    "SELECT * FROM app.common()",
    "SELECT app.find_email(1)",
    "SELECT app.find_through(1)",
    "SELECT * FROM app.found",
    "SELECT 1 OPERATOR(app.@@@) 'x'::text",
    "SELECT u.find_whole FROM app.users u",
    "SELECT users.find_whole FROM app.users",
    "SELECT most_common_vals FROM pg_stats WHERE tablename = 'users'",
    "EXPLAIN ANALYZE SELECT 1 FROM app.users WHERE email = 'secret@example.com'",
    "SELECT string_agg(email, ',') OVER () FROM app.users",
  ])("refuses %s", async (sql) => {
    const said = await guard.refusal(sql);
    expect(said).toMatch(/^refused: /);
    expect(said).not.toContain("secret@example.com");
  });
});

describe("--mask of a column that another is generated from", () => {
  const guard = useGuard(() => database.readerUrl, { mask: ["letters.email"] });
  test("also hides the generated column", async () => {
    const { columns, masked } = await guard.run("SELECT id, email, folded FROM app.letters");
    expect(columns.map(({ tableId, columnNumber }) => masked.has(`${tableId}.${columnNumber}`))).toEqual([
      false,
      true,
      true,
    ]);
    expect(await guard.refusal("SELECT folded || '' FROM app.letters")).toMatch(/masked column/);
  });
});

describe("--mask of a partition", () => {
  const guard = useGuard(() => database.readerUrl, { mask: ["parts_1.token"] });
  beforeAll(async () => {
    await database.run(`CREATE TABLE app.parts (id int, token text) PARTITION BY RANGE (id);
      CREATE TABLE app.parts_1 PARTITION OF app.parts FOR VALUES FROM (0) TO (10); GRANT SELECT ON app.parts TO PUBLIC`);
  });
  test("applies to its rows in the partitioned table", async () => {
    const { columns, masked } = await guard.run("SELECT id, token FROM app.parts");
    expect(columns.map(({ tableId, columnNumber }) => masked.has(`${tableId}.${columnNumber}`))).toEqual([false, true]);
    expect(await guard.refusal("SELECT upper(token) FROM app.parts")).toMatch(/masked column/);
  });
});

describe("--mask of a partitioned table", () => {
  const guard = useGuard(() => database.readerUrl, { mask: ["logs.token"] });
  beforeAll(async () => {
    await database.run(`CREATE TABLE app.logs (id int, token text) PARTITION BY RANGE (id);
      CREATE TABLE app.logs_1 PARTITION OF app.logs FOR VALUES FROM (0) TO (10);
      INSERT INTO app.logs VALUES (1, 'secret'); GRANT SELECT ON app.logs, app.logs_1 TO PUBLIC`);
  });
  test.each([
    "SELECT upper(token) FROM app.logs",
    "SELECT upper(token) FROM app.logs_1",
    "SELECT l::text FROM app.logs_1 l",
  ])("refuses %s", async (sql) => {
    expect(await guard.refusal(sql)).toMatch(/^refused: /);
  });
});

describe("a superuser", () => {
  const guard = useGuard(() => database.url);
  test("is refused with the way out", async () => {
    expect(await guard.refusal("SELECT 1")).toMatch(/superuser.*--print-role-sql.*--allow-superuser/);
  });
});

describe("--functions", () => {
  const guard = useGuard(() => database.readerUrl, { functions: ["app.shout"] });
  beforeAll(async () => {
    await database.run("CREATE FUNCTION app.shout(text) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT upper($1) $$");
  });
  test("runs listed functions", async () => {
    expect(await guard.values("SELECT app.shout('a')")).toEqual([["A"]]);
  });
});

test("the SQL of --print-role-sql creates a role that can only read", async () => {
  await database.run("DROP ROLE IF EXISTS mcp_reader");
  await database.run(roleSql(["app"], [], 4));
  await database.run("ALTER ROLE mcp_reader PASSWORD 'p'");
  const url = new URL(database.url);
  Object.assign(url, { username: "mcp_reader", password: "p" });
  const client = new Client({ connectionString: url.href });
  await client.connect();
  try {
    expect((await client.query("SELECT count(*)::int AS n FROM app.users")).rows).toEqual([{ n: 2 }]);
    await client.query("SET default_transaction_read_only = off");
    for (const sql of [
      "INSERT INTO app.users VALUES (3)",
      "CREATE TABLE public.t (a int)",
      "CREATE TEMP TABLE t (a int)",
      "SELECT * FROM hidden.salaries",
    ]) {
      await expect(client.query(sql), sql).rejects.toThrow(/permission denied/);
    }
  } finally {
    await client.end();
    await database.run("DROP OWNED BY mcp_reader; DROP ROLE mcp_reader");
  }
});

describe("views and functions that double at each level", () => {
  const doubling = (make: (at: number) => string) => Array.from({ length: 30 }, (_, at) => make(at + 1)).join("");
  const database = useDatabase(`
CREATE TABLE t (id int PRIMARY KEY, x int);
CREATE VIEW v0 AS SELECT * FROM t;
CREATE VIEW once0 AS SELECT * FROM t;
CREATE FUNCTION f0(a int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a';
CREATE FUNCTION s0() RETURNS TABLE (id int) LANGUAGE sql STABLE AS 'SELECT id FROM t';
${doubling((at) => `CREATE VIEW v${at} AS SELECT a.id, b.x FROM v${at - 1} a JOIN v${at - 1} b USING (id);`)}
${doubling((at) => `CREATE VIEW once${at} AS SELECT id, x FROM once${at - 1} WHERE x > ${at};`)}
${doubling((at) => `CREATE FUNCTION f${at}(a int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT f${at - 1}(a) + f${at - 1}(a)';`)}
${doubling((at) => `CREATE FUNCTION s${at}() RETURNS TABLE (id int) LANGUAGE sql STABLE AS 'SELECT a.id FROM s${at - 1}() a, s${at - 1}() b';`)}
CREATE VIEW d0 AS SELECT * FROM t;
CREATE VIEW a0 AS SELECT * FROM t;
${doubling((at) => `CREATE VIEW d${at} (id, x) AS SELECT id, x + x FROM d${at - 1} WHERE x > ${at};`)}
${doubling((at) => `CREATE VIEW a${at} AS SELECT id, x + x AS x FROM a${at - 1} GROUP BY id, x;`)}
CREATE SCHEMA other;
CREATE VIEW other.d0 AS SELECT * FROM d20;
CREATE VIEW calls AS SELECT f30(x) FROM t;`);
  const guard = useGuard(() => database.readerUrl);

  test.each([
    "SELECT * FROM v30",
    "EXPLAIN SELECT * FROM v14",
    "SELECT f30(x) FROM t",
    "SELECT * FROM s30()",
    "SELECT * FROM calls",
    `SELECT * FROM ${Array.from({ length: 9 }, (_, at) => `v7 v${at}`).join(", ")}`,
  ])("refuses %s before it is planned", async (sql) => {
    expect(await guard.refusal(sql)).toMatch(/would come to more than 1000 tables/);
  });

  test.each([
    "SELECT x FROM d22",
    "EXPLAIN SELECT x FROM d20",
    "SELECT x FROM other.d0",
    "SELECT (SELECT max(x) FROM d22)",
    "WITH d1 AS (SELECT x FROM d14) SELECT x + x + x + x FROM d1",
  ])("refuses %s before it is planned", async (sql) => {
    expect(await guard.refusal(sql)).toMatch(/would come to more than 50000 of them/);
  });

  test.each([
    "SELECT * FROM v4",
    "SELECT f8(x) FROM t",
    "SELECT * FROM s4()",
    "SELECT * FROM once30",
    "SELECT x FROM d8",
    "SELECT x FROM a30",
  ])("answers %s", async (sql) => {
    expect(await guard.rows(sql)).toBeGreaterThanOrEqual(0);
  });

  test("nesting that the grammar accepts but recursion cannot handle is refused", async () => {
    expect(await guard.refusal(`SELECT 1${" UNION SELECT 1".repeat(3000)}`)).toMatch(/nested too deeply/);
    expect(await guard.refusal(`SELECT 1 ${"/*".repeat(4000)}${"*/".repeat(4000)}`)).toMatch(/operator signs in a row/);
    expect(await guard.rows(`SELECT 1 -- ${"=".repeat(4000)}`)).toBe(1);
  });

  test("long lists and many WITH clauses are answered", async () => {
    const numbers = Array.from({ length: 20_000 }, (_, at) => at);
    expect(await guard.rows(`SELECT 1 WHERE 5 IN (${numbers.join(", ")})`)).toBe(1);
    const members = Array.from({ length: 150 }, (_, at) => `c${at} AS (SELECT ${at} AS x)`);
    expect(await guard.rows(`WITH ${members.join(", ")} SELECT * FROM c149`)).toBe(1);
  });

  test("a function with too long a text is refused", async () => {
    const client = new Client(database.url);
    await client.connect();
    try {
      const body = `SELECT 1 /* ${"x".repeat(250_000)} */`;
      await client.query(`CREATE FUNCTION public.long() RETURNS int STABLE LANGUAGE sql AS $$ ${body} $$`);
    } finally {
      await client.end();
    }
    expect(await guard.refusal("SELECT public.long()")).toMatch(/its text is too long to be read/);
  });

  test("subqueries and WITH nested too deeply are refused", async () => {
    const nested = `${"SELECT * FROM (".repeat(800)}SELECT 1${") x".repeat(800)}`;
    const chained = Array.from({ length: 800 }, (_, at) => `c${at + 1} AS (SELECT * FROM c${at})`).join(", ");
    for (const sql of [nested, `WITH c0 AS (SELECT 1), ${chained} SELECT * FROM c800`])
      expect(await guard.refusal(sql)).toMatch(/nested more than 200 deep/);
  });
});
