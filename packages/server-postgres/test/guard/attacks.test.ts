import { beforeAll, describe, expect, test } from "vitest";
import { useDatabase } from "../postgres.ts";
import { isKnown } from "../since.ts";
import { ATTACKS, PARAMS } from "./attacks.ts";
import { HONEST } from "./honest.ts";
import { hostile, OWN_EQUALS, OWN_ORDERS, PATH } from "./hostile.ts";
import { useGuard } from "./use-guard.ts";

describe.each(["reader", "superuser"] as const)("for the %s", (role) => {
  const database = useDatabase(hostile());
  const guard = useGuard(() => (role === "reader" ? database.readerUrl : database.url), { allowSuperuser: true });
  beforeAll(async () => {
    await database.run(`ALTER DATABASE ${database.name} SET search_path = ${PATH}`);
  });

  describe.each(ATTACKS)("$name", ({ examples }) => {
    test.each(examples.filter(isKnown))("%s", async (sql) => {
      const error = await guard.refusal(sql, PARAMS[sql]);
      expect(error).toMatch(/^(refused: |invalid_input: )|syntax error/);
      // Its last sentence says what to do.
      expect(error).toMatch(/[.)]$/);
    });
  });

  test("a statement that was answered with one value is refused with a larger one", async () => {
    const sql = "SELECT length(repeat('x', $1::int)) AS given_as_value";
    expect(await guard.values(sql, ["5"])).toEqual([["5"]]);
    expect(await guard.refusal(sql, ["300000000"])).toMatch(/constants would grow/);
    expect(await guard.values(sql, ["6"])).toEqual([["6"]]);
  });

  test.each(HONEST.filter(isKnown))("answers %s", async (sql) => {
    expect(await guard.rows(sql)).toBeGreaterThanOrEqual(0);
  });
});

describe("with a user-defined operator =", () => {
  const database = useDatabase(`${hostile()}; ${OWN_EQUALS}`);
  const guard = useGuard(() => database.readerUrl);

  test.each([
    "SELECT * FROM app.users WHERE email = 1",
    "SELECT * FROM app.users WHERE email = age",
    "SELECT CASE email WHEN 1 THEN 2 END FROM app.users",
    "SELECT nullif(email, 1) FROM app.users",
    "SELECT * FROM app.users WHERE email IN ('1', 2)",
    "SELECT * FROM app.users WHERE email IS DISTINCT FROM 1",
    "SELECT * FROM app.users WHERE email = ANY (ARRAY[1])",
    "SELECT * FROM app.users WHERE (id, email) = (1, 1)",
    "SELECT * FROM app.users WHERE email IN (SELECT id FROM app.orders)",
    "SELECT CASE '1' WHEN 2 THEN 3 END",
    "SELECT age = ANY (SELECT '1') FROM app.users",
    "SELECT * FROM app.users NATURAL JOIN (SELECT 1 AS email) s, app.orders",
  ])("refuses %s", async (sql) => {
    expect(await guard.refusal(sql)).toMatch(/^refused: the operator = is public\.compare\(\)/);
  });

  test.each([
    "SELECT * FROM app.users WHERE email = 'a' AND age = 1 AND id IN (1, 2) AND email = ANY (ARRAY['a'])",
    "SELECT * FROM app.users u JOIN app.orders o ON o.user_id = u.id",
    "SELECT * FROM app.users JOIN app.orders USING (id)",
    "SELECT * FROM app.users NATURAL JOIN app.orders",
    "SELECT CASE 'a' WHEN email THEN 1 END FROM app.users",
    "SELECT CASE email WHEN 'a' THEN 1 END FROM app.users WHERE (id, email) = (1, 'a')",
    "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'app'",
    "SELECT column_name FROM information_schema.columns WHERE table_schema = 'app'",
    "SELECT 'A'::citext = 'a'",
    "SELECT * FROM app.users WHERE name = 'a' OR age = '1' OR tags = '{a}' OR data = '{}' OR 'a' = email",
    "SELECT * FROM app.orders WHERE placed = '2024-01-01' OR total = '1.5' OR period = '[2024-01-01,2024-02-01)'",
  ])("answers %s", async (sql) => {
    expect(await guard.rows(sql)).toBeGreaterThanOrEqual(0);
  });
});

describe.each(OWN_ORDERS)("with a user-defined sort order for a built-in type", (sql) => {
  const database = useDatabase(sql);
  const guard = useGuard(() => database.readerUrl);
  test("refuses whatever could use it", async () => {
    expect(await guard.refusal("SELECT DISTINCT xmin FROM pg_class")).toMatch(
      /sorts values of the catalogue's own types/,
    );
  });
});

describe("with a policy whose owner can read what the reader cannot", () => {
  const database = useDatabase(`CREATE SCHEMA closed; CREATE SCHEMA app;
    CREATE FUNCTION closed.helps() RETURNS boolean LANGUAGE plpgsql STABLE AS $$ BEGIN EXECUTE 'SELECT'; RETURN true; END $$;
    CREATE FUNCTION app.helps() RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT true $$;
    SET check_function_bodies = off; CREATE FUNCTION app.asks() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER AS $$ SELECT helps() $$;
    CREATE TABLE app.guarded (id int); ALTER TABLE app.guarded ENABLE ROW LEVEL SECURITY;
    CREATE POLICY asked ON app.guarded USING (app.asks())`);
  const guard = useGuard(() => database.readerUrl);
  beforeAll(async () => {
    await database.run(`REVOKE USAGE ON SCHEMA closed FROM ${database.reader};
      ALTER DATABASE ${database.name} SET search_path = "$user", closed, app`);
  });
  test("refuses it", async () => {
    expect(await guard.refusal("SELECT * FROM app.guarded")).toMatch(/closed\.helps\(\) cannot be vouched for/);
  });
  test("answers queries that do not call it", async () => {
    expect(await guard.values("SELECT app.helps(), helps()")).toEqual([["t", "t"]]);
  });
});
