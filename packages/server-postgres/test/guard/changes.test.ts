import { beforeAll, describe, expect, inject, test } from "vitest";
import { admit, prepare } from "../../src/guard/guard.ts";
import { createPolicy } from "../../src/guard/policy.ts";
import { once, useDatabase } from "../postgres.ts";
import { isKnown } from "../since.ts";
import { useGuard } from "./use-guard.ts";

/** The guard must not use outdated knowledge of a database. After each change, a harmless query must be refused. */
interface Change {
  readonly name: string;
  readonly before: string;
  readonly query: string;
  readonly change: string;
}

/** Hides what it runs, so everything that calls it is refused. In fact it does nothing. */
const OPAQUE = `CREATE SCHEMA app;
CREATE FUNCTION app.opaque(t text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN EXECUTE 'SELECT $1' INTO t USING t; RETURN t; END $$;
CREATE FUNCTION app.clear(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT t $$;
CREATE DOMAIN app.opaque_text AS text CHECK (app.opaque(VALUE) IS NOT NULL);`;

const CHANGES: readonly Change[] = [
  {
    name: "marks of a function",
    before: "CREATE FUNCTION app.marked() RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'x'::text $$",
    query: "SELECT app.marked()",
    change: "ALTER FUNCTION app.marked() VOLATILE",
  },
  {
    name: "text of a function",
    before: "CREATE FUNCTION app.worded() RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'x'::text $$",
    query: "SELECT app.worded()",
    change: "CREATE OR REPLACE FUNCTION app.worded() RETURNS text LANGUAGE sql STABLE AS $$ SELECT app.opaque('x') $$",
  },
  {
    name: "search path of a function",
    before: `CREATE FUNCTION public.near() RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'x'::text $$;
      CREATE SCHEMA far; CREATE FUNCTION far.near() RETURNS text LANGUAGE sql STABLE AS $$ SELECT app.opaque('x') $$;
      CREATE FUNCTION app.led() RETURNS text LANGUAGE sql STABLE AS $$ SELECT near() $$`,
    query: "SELECT app.led()",
    change: "GRANT USAGE ON SCHEMA far TO PUBLIC; ALTER FUNCTION app.led() SET search_path = far",
  },
  {
    name: "default of an argument",
    before: "CREATE FUNCTION app.defaulted(t text DEFAULT 'x') RETURNS text LANGUAGE sql STABLE AS $$ SELECT t $$",
    query: "SELECT app.defaulted()",
    change:
      "CREATE OR REPLACE FUNCTION app.defaulted(t text DEFAULT app.opaque('x')) RETURNS text LANGUAGE sql STABLE AS $$ SELECT t $$",
  },
  {
    name: "parts of an aggregate",
    before: "CREATE AGGREGATE app.gathered(text) (SFUNC = textcat, STYPE = text)",
    query: "SELECT app.gathered('x')",
    change: "CREATE OR REPLACE AGGREGATE app.gathered(text) (SFUNC = textcat, STYPE = text, FINALFUNC = app.opaque)",
  },
  {
    name: "view",
    before: "CREATE VIEW app.seen AS SELECT 'x'::text AS t",
    query: "SELECT * FROM app.seen",
    change: "CREATE OR REPLACE VIEW app.seen AS SELECT app.opaque('x') AS t",
  },
  {
    name: "checks of a domain",
    before: "CREATE DOMAIN app.checked AS text",
    query: "SELECT 'x'::app.checked",
    change: "ALTER DOMAIN app.checked ADD CHECK (app.opaque(VALUE) IS NOT NULL)",
  },
  {
    name: "parts of a row type",
    before: "CREATE TYPE app.parts AS (t text)",
    query: "SELECT '(x)'::app.parts",
    change: "ALTER TYPE app.parts ALTER ATTRIBUTE t TYPE app.opaque_text",
  },
  {
    name: "columns of a partitioned table, as a row type",
    before: "CREATE TABLE app.split (id int, t text) PARTITION BY LIST (id)",
    query: "SELECT '(1,x)'::app.split",
    change: "ALTER TABLE app.split ALTER t TYPE app.opaque_text",
  },
  {
    name: "names of columns",
    before: `CREATE TABLE app.named (a text, b int);
      CREATE FUNCTION app.take(text) RETURNS text LANGUAGE sql STABLE AS $$ SELECT $1 $$;
      CREATE FUNCTION app.take(int) RETURNS text LANGUAGE sql STABLE AS $$ SELECT app.opaque('x') $$`,
    query: "SELECT app.take(a) FROM app.named",
    change:
      "ALTER TABLE app.named RENAME a TO c; ALTER TABLE app.named RENAME b TO a; ALTER TABLE app.named RENAME c TO b",
  },
  {
    name: "type of a column that is not written anew",
    before: `CREATE TABLE app.typed (a int);
      CREATE FUNCTION app.give(int) RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'x'::text $$;
      CREATE FUNCTION app.give(oid) RETURNS text LANGUAGE sql STABLE AS $$ SELECT app.opaque('x') $$`,
    query: "SELECT app.give(a) FROM app.typed",
    change: "ALTER TABLE app.typed ALTER a TYPE oid",
  },
  {
    name: "implicit cast",
    before: `CREATE TYPE app.parcel AS (a int); CREATE TABLE app.parcels (p app.parcel);
      CREATE FUNCTION app.unpack(app.parcel) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT app.opaque('x') $$`,
    query: "SELECT p::text FROM app.parcels",
    change: "CREATE CAST (app.parcel AS text) WITH FUNCTION app.unpack AS IMPLICIT",
  },
  {
    name: "operator",
    before: `CREATE FUNCTION app.plain(text, date) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1 $$;
      CREATE OPERATOR app.+ (LEFTARG = text, RIGHTARG = date, FUNCTION = app.plain);
      CREATE FUNCTION app.sum(text, int) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT app.opaque($1) $$`,
    query: "SELECT NULL OPERATOR(app.+) NULL",
    change: "CREATE OPERATOR app.+ (LEFTARG = text, RIGHTARG = int, FUNCTION = app.sum)",
  },
  {
    name: "operator class alone, of a family that is there",
    before: `CREATE TYPE app.pair AS (a int, b int); CREATE TABLE app.pairs (p app.pair);
      CREATE FUNCTION app.is_before(app.pair, app.pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1.a < $2.a $$;
      CREATE FUNCTION app.is_same(app.pair, app.pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1.a = $2.a $$;
      CREATE FUNCTION app.compared(app.pair, app.pair) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT length(app.opaque('x')) $$;
      CREATE OPERATOR app.<# (LEFTARG = app.pair, RIGHTARG = app.pair, FUNCTION = app.is_before);
      CREATE OPERATOR app.=# (LEFTARG = app.pair, RIGHTARG = app.pair, FUNCTION = app.is_same);
      CREATE OPERATOR FAMILY app.pairs USING btree;
      ALTER OPERATOR FAMILY app.pairs USING btree ADD OPERATOR 1 app.<# (app.pair, app.pair), OPERATOR 3 app.=# (app.pair, app.pair),
        FUNCTION 1 app.compared(app.pair, app.pair)`,
    query: "SELECT p FROM app.pairs ORDER BY p",
    change:
      "CREATE OPERATOR CLASS app.pairs DEFAULT FOR TYPE app.pair USING btree FAMILY app.pairs AS STORAGE app.pair",
  },
  {
    name: "policies",
    before: "CREATE TABLE app.guarded (id int); ALTER TABLE app.guarded ENABLE ROW LEVEL SECURITY",
    query: "SELECT * FROM app.guarded",
    change: "CREATE POLICY opaque ON app.guarded USING (app.opaque('x') > '')",
  },
  {
    name: "whether policies hold",
    before: "CREATE TABLE app.open (id int); CREATE POLICY opaque ON app.open USING (app.opaque('x') > '')",
    query: "SELECT * FROM app.open",
    change: "ALTER TABLE app.open ENABLE ROW LEVEL SECURITY",
  },
  {
    name: "index expression",
    before: "CREATE TABLE app.indexed (id int)",
    query: "SELECT * FROM app.indexed",
    change: "CREATE INDEX ON app.indexed (id) WHERE app.opaque('x') IS NOT NULL",
  },
  {
    name: "statistics",
    before: "CREATE TABLE app.measured (id int, t text)",
    query: "SELECT * FROM app.measured",
    change: "CREATE STATISTICS app.measures ON (t || app.opaque('x')), id FROM app.measured",
  },
  {
    name: "children of a table",
    before: `CREATE TABLE app.parent (id int);
      CREATE TABLE app.child (id int, CHECK (app.opaque('x') IS NOT NULL))`,
    query: "SELECT * FROM app.parent",
    change: "ALTER TABLE app.child INHERIT app.parent",
  },
  {
    name: "members of an extension",
    before: `CREATE EXTENSION hstore SCHEMA app;
      CREATE FUNCTION app.member() RETURNS text LANGUAGE plpgsql STABLE AS $$ DECLARE t text; BEGIN EXECUTE 'SELECT 1' INTO t; RETURN t; END $$;
      ALTER EXTENSION hstore ADD FUNCTION app.member()`,
    query: "SELECT app.member()",
    change: "ALTER EXTENSION hstore DROP FUNCTION app.member()",
  },
];

describe("the next query sees a change of", () => {
  const database = useDatabase(`${OPAQUE} ${CHANGES.map(({ before }) => before).join(";\n")}`);
  const guard = useGuard(() => database.readerUrl);

  test.each(CHANGES.filter(({ change }) => isKnown(change)))("$name", async ({ query, change }) => {
    expect(await guard.rows(query)).toBeGreaterThanOrEqual(0);
    await database.run(change);
    expect(await guard.refusal(query)).toMatch(/^refused: /);
  });
});

describe("on a standby, whose snapshots may stay the same", () => {
  const database = useDatabase(
    `${OPAQUE} CREATE FUNCTION app.steady() RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'x'::text $$`,
  );
  const guard = useGuard(() => database.readerUrl);
  const policy = createPolicy({ schemas: [], tables: [], mask: [], functions: [], allowSuperuser: false });

  test("the next query sees a change", async () => {
    const prepared = await prepare("SELECT app.steady()", []);
    const judged = () =>
      guard.database().read(new AbortController().signal, (session) => {
        const facts = { ...session.facts, isInRecovery: true };
        return admit({ ...session, facts, snapshot: "729:732:" }, prepared, policy);
      });
    await judged();
    await database.run(
      "CREATE OR REPLACE FUNCTION app.steady() RETURNS text LANGUAGE sql STABLE AS $$ SELECT app.opaque('x') $$",
    );
    await expect(judged()).rejects.toThrow(/^refused: app\.steady\(\)/);
  });
});

describe("the search path", () => {
  const database = useDatabase(OPAQUE);
  const guard = useGuard(() => database.readerUrl);
  const role = `member_${database.name}`;
  const read = "SELECT clear('x')";
  beforeAll(async () => {
    const schema = (name: string, whose: string) => `CREATE SCHEMA ${name}; GRANT USAGE ON SCHEMA ${name} TO ${whose};
      CREATE FUNCTION ${name}.clear(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT app.opaque(t) $$;`;
    await database.run(`CREATE ROLE ${role}; ${schema("early", role)} ${schema("first", "PUBLIC")}
      ALTER DATABASE ${database.name} SET search_path = early, app`);
    return () => once(inject("postgresUrl"), `DROP ROLE ${role}`);
  });

  test("a granted role opens a schema", async () => {
    expect(await guard.values(read)).toEqual([["x"]]);
    await database.run(`GRANT ${role} TO ${database.reader}`);
    expect(await guard.refusal(read)).toMatch(/^refused: early\.clear\(\)/);
    await database.run(`REVOKE ${role} FROM ${database.reader}`);
    expect(await guard.values(read)).toEqual([["x"]]);
  });

  test("another connection has another search path", async () => {
    await database.run(`ALTER DATABASE ${database.name} SET search_path = first, app`);
    expect(await guard.values(read)).toEqual([["x"]]);
    // The open connection is in use, so the next query opens another.
    await guard.database().read(new AbortController().signal, async () => {
      expect(await guard.refusal(read)).toMatch(/^refused: first\.clear\(\)/);
    });
  });
});
