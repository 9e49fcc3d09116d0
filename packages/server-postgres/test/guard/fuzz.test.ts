import { isHeavy } from "@org/server-kit/testing";
import * as fc from "fast-check";
import { beforeAll, expect, inject, test } from "vitest";
import { useDatabase } from "../postgres.ts";
import { ATTACKS } from "./attacks.ts";
import { HONEST } from "./honest.ts";
import { hostile, PATH } from "./hostile.ts";
import { useGuard } from "./use-guard.ts";

const database = useDatabase(hostile());
// As the superuser, whom only the guard and the transaction restrict.
const guard = useGuard(() => database.url, { allowSuperuser: true });

beforeAll(async () => {
  await database.run(`ALTER DATABASE ${database.name} SET search_path = ${PATH}`);
  const { username, password, hostname, port } = new URL(inject("postgresUrl"));
  // With valid credentials, so that a hole would be noticed.
  const place = `host=${hostname} port=${port} user=${username} password=${password} dbname=${database.name}`;
  await database.run(
    `CREATE OR REPLACE FUNCTION public.write_it() RETURNS text LANGUAGE sql AS $$ SELECT dblink_exec('${place}', 'INSERT INTO app.victim VALUES (1)') $$`,
  );
});

/** Everything that a hole could change, as one text. Planning a query over some tables runs an attacker's code. */
async function contents(): Promise<string> {
  const tables = await database.rows(
    "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'm') AND n.nspname IN ('app', 'public', 'extensions') AND c.relname NOT LIKE 'planned%' ORDER BY 1",
  );
  const sums: unknown[] = [];
  for (const [name] of tables)
    sums.push(name, await database.rows(`SELECT count(*)::int, sum(hashtext((t.*)::text))::text FROM ${name} t`));
  const others = await database.rows(`SELECT
    (SELECT sum(hashtext(a::text))::text FROM pg_authid a WHERE rolname IN ('postgres', '${database.reader}')),
    (SELECT sum(hashtext(s::text))::text FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase WHERE d.datname = current_database()),
    (SELECT count(*)::int FROM pg_largeobject_metadata),
    (SELECT sum(hashtext(p.oid::text || p.prosrc))::text FROM pg_proc p),
    (SELECT sum(hashtext(c.oid::text || c.relname))::text FROM pg_class c WHERE c.relnamespace::regnamespace::text !~ '^pg_(toast_)?temp'),
    (SELECT last_value::text FROM app.counter),
    (SELECT count(*)::int FROM pg_replication_slots),
    (SELECT count(*)::int FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND a.datname = current_database())`);
  return JSON.stringify([sums, others]);
}

const attacks = ATTACKS.filter(({ stoppedBy }) => stoppedBy !== "constants").flatMap(({ examples }) => examples);
const dangerous = [
  "write_it()",
  "nextval('app.counter')",
  "pg_advisory_lock(7)",
  "lo_create(0)",
  "set_config('work_mem', '1MB', false)",
  "('app.counter'::regclass).nextval",
  "(7).pg_advisory_lock",
];
const calm = [
  "1",
  "id",
  "now()",
  "'DELETE FROM x'",
  "lower(email)",
  "$$;$$",
  "count(*)",
  "NULL",
  "(SELECT 1)",
  "ARRAY[1]",
  "$1",
];
const expression = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(...calm, ...dangerous),
    fc
      .tuple(tie("any"), fc.constantFrom("||", "=", "===", "+", "::text =", "IS DISTINCT FROM", "<@"), tie("any"))
      .map((parts) => `(${parts.join(" ")})`),
    tie("any").map((each) => `coalesce(${each}, NULL)`),
    tie("any").map((each) => `CASE WHEN true THEN ${each} END`),
    tie("any").map((each) => `(SELECT ${each})`),
    tie("any").map((each) => `(${each}).upper`),
  ),
})).any;
const source = fc.constantFrom(
  "app.users",
  "app.hidden_call",
  "app.guarded",
  "generate_series(1, 3) id",
  "(VALUES (1)) v(id)",
  "LATERAL (SELECT write_it()) q",
  "(DELETE FROM app.users RETURNING *)",
);
const statement = fc.oneof(
  fc
    .tuple(expression, source, expression)
    .map(([list, from, where]) => `SELECT ${list} FROM ${from} WHERE (${where}) IS NOT NULL`),
  fc.tuple(expression, source).map(([list, from]) => `WITH t AS (SELECT ${list} AS c FROM ${from}) SELECT * FROM t`),
  fc.tuple(expression, expression).map(([a, b]) => `SELECT ${a} UNION ALL SELECT ${b}`),
  expression.map((each) => `EXPLAIN ANALYZE SELECT ${each}`),
  fc.constantFrom(...attacks, ...HONEST),
);
const noise = fc.constantFrom(
  ";",
  "--",
  "/*",
  "*/",
  "'",
  '"',
  "$$",
  "\\",
  "(",
  ")",
  "\n",
  "COMMIT",
  "INTO app.made",
  "FOR UPDATE",
  "; DELETE FROM app.users",
  "E'",
  "U&'",
  "\u0000",
  "é",
);
/** With one to three pieces removed, duplicated, or inserted. */
const mutated = fc
  .tuple(statement, fc.array(fc.tuple(fc.nat(400), fc.nat(20), noise), { maxLength: 3 }))
  .map(([text, cuts]) =>
    cuts.reduce(
      (each, [at, length, piece]) => each.slice(0, at) + piece + each.slice(at + (length > 14 ? length - 14 : 0)),
      text,
    ),
  );

test("whatever is sent, the database is unchanged afterwards, and sessions keep nothing", async () => {
  const before = await contents();
  await fc.assert(
    fc.asyncProperty(mutated, async (sql) => {
      const outcome = await guard.run(sql).catch((error: unknown) => error);
      // A refusal or a server error, in our words; never an unexpected exception.
      if (outcome instanceof Error) expect("code" in outcome, outcome.stack).toBe(true);
    }),
    { numRuns: isHeavy ? 20_000 : 400 },
  );
  expect(await contents()).toBe(before);
  const [session] = await guard
    .database()
    .read(new AbortController().signal, (each) =>
      each.rows(
        "SELECT (SELECT count(*) FROM pg_prepared_statements) AS statements, current_setting('work_mem') AS memory, (SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory') AS locks",
      ),
    );
  expect(session).toEqual({ statements: "0", memory: "4MB", locks: "0" });
});
