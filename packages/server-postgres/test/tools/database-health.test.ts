import { Client } from "pg";
import { afterAll, expect, test } from "vitest";
import { once, useDatabase } from "../postgres.ts";
import { usePostgres } from "../server.ts";
import { isKnown } from "../since.ts";

const database = useDatabase(
  `
CREATE TABLE parts (id serial PRIMARY KEY, code text, kind int, note text);
ALTER SEQUENCE parts_id_seq AS bigint;
INSERT INTO parts (code, kind, note) SELECT 'c' || g, g % 5, 'x' FROM generate_series(1, 60000) g;
CREATE INDEX parts_code ON parts (code);
CREATE INDEX parts_code_again ON parts (code);
CREATE INDEX parts_code_kind ON parts (code, kind);
CREATE INDEX parts_lower ON parts (lower(code));
CREATE INDEX parts_some ON parts (code) WHERE kind = 1;
CREATE UNIQUE INDEX parts_unique ON parts (id, code);
CREATE TABLE uses (part int CONSTRAINT uses_part REFERENCES parts, amount int);
ALTER TABLE uses ADD CONSTRAINT positive CHECK (amount > 0) NOT VALID;
INSERT INTO uses SELECT g, 1 FROM generate_series(1, 20000) g;
CREATE TABLE full_of_air (id int, body text) WITH (autovacuum_enabled = false);
INSERT INTO full_of_air SELECT g, repeat('x', 1000) FROM generate_series(1, 40000) g;
DELETE FROM full_of_air WHERE id % 20 <> 0;
CREATE TABLE dead (id int) WITH (autovacuum_enabled = false);
INSERT INTO dead SELECT g FROM generate_series(1, 40000) g;
SELECT setval('parts_id_seq', 2000000000);
`.replace("VACUUM full_of_air;", ""),
);

const { ok } = usePostgres(database.url);
const reader = usePostgres(database.readerUrl);

interface Found {
  readonly object: string | null;
  readonly finding: string;
  readonly sql: string | null;
  readonly figure: string;
}

async function health(
  ask = ok,
): Promise<{ findings: Found[]; value: Readonly<Record<string, unknown>>; text: string }> {
  const { value, text } = await ask("database_health");
  const list: unknown = value.findings;
  const findings = Array.isArray(list) ? list.map((one): Found => one) : [];
  return { findings, value, text };
}

const others: Client[] = [];
afterAll(() => Promise.all(others.map((client) => client.end())));
async function another(...statements: string[]): Promise<Client> {
  const client = new Client({ connectionString: database.url });
  client.on("error", () => undefined);
  others.push(client);
  await client.connect();
  for (const sql of statements) await client.query(sql);
  return client;
}

/** Flushes the session's statistics; before PostgreSQL 15, a session does so by itself. */
async function flushed() {
  const sql = "SELECT pg_stat_force_next_flush()";
  if (isKnown(sql)) await database.run(sql);
}

test("a superuser's checks all run, on this version of PostgreSQL", async () => {
  expect((await health()).value.not_seen).toEqual([]);
});

test("needless, unused and missing indexes are found, and no others", async () => {
  // Statistics from creating the tables must not arrive after those of ANALYZE.
  await flushed();
  await database.run("ANALYZE");
  const { findings } = await health();
  const about = (word: string) => findings.filter(({ finding }) => finding.includes(word)).map(({ object }) => object);
  expect(about("has the same columns")).toEqual(["public.parts_code_again"]);
  expect(about("begins with the same columns")).toEqual(["public.parts_code"]);
  const unused = about("no query has used");
  expect(unused).toContain("public.parts_lower");
  expect(unused).not.toContain("public.parts_unique");
  const missing = findings.find(({ finding }) => finding.includes("uses_part"));
  expect(missing).toMatchObject({ object: "public.uses", sql: "CREATE INDEX CONCURRENTLY ON public.uses (part)" });
});

test("a bigint sequence that fills an integer column is found by the column's end", async () => {
  const { findings } = await health();
  expect(findings.find(({ object }) => object === "public.parts_id_seq")).toMatchObject({
    severity: "critical",
    finding: "the sequence of public.parts.id is near the end of integer",
    figure: "93% used, last value 2000000000",
    sql: "ALTER TABLE public.parts ALTER COLUMN id TYPE bigint",
  });
});

test("bloat, dead rows and unchecked constraints are found with their figures", async () => {
  await database.run("VACUUM (ANALYZE) full_of_air");
  // Before PostgreSQL 15, a session may report its statistics only when it ends.
  const writer = await another("UPDATE dead SET id = id WHERE id % 2 = 0");
  await writer.end();
  await flushed();
  const counted = "SELECT FROM pg_stat_user_tables WHERE relname = 'dead' AND n_dead_tup > 0";
  await expect.poll(() => database.rows(counted), { timeout: 20_000 }).toHaveLength(1);
  const { findings } = await health();
  const find = (object: string, word: string) =>
    findings.find((one) => one.object === object && one.finding.includes(word));
  const bloated = find("public.full_of_air", "estimated to be empty");
  expect(bloated?.figure).toMatch(/^about 4\d MB of 4\d MB$/);
  const dead = find("public.dead", "autovacuum is off for this table, and dead rows pile up");
  expect(dead?.figure).toMatch(/^20,000 dead of 60,000/);
  expect(findings.find(({ finding }) => finding.includes("positive"))?.sql).toBe(
    "ALTER TABLE public.uses VALIDATE CONSTRAINT positive",
  );
});

test("blocking sessions are reported, and sessions that a reader cannot see are counted", async () => {
  const holder = await another("BEGIN", "LOCK TABLE dead IN ACCESS EXCLUSIVE MODE");
  const waiter = await another();
  const [row] = (await waiter.query("SELECT pg_backend_pid() AS pid")).rows;
  const waiting = waiter.query("SELECT count(*) FROM dead").catch(() => undefined);
  // Waits of less than a second are not reported.
  const waits = `SELECT pg_sleep(0.05) FROM pg_stat_activity a WHERE pid = $1
    AND (wait_event_type IS DISTINCT FROM 'Lock' OR clock_timestamp() - state_change < interval '1 s')`;
  while ((await database.rows(waits, [row.pid])).length > 0);
  const { findings } = await health();
  const blocked = findings.find(({ object }) => object === `session ${row.pid} of postgres`);
  expect(blocked?.finding).toMatch(
    /waits for AccessShareLock on public\.dead, blocked by session \d+ of postgres \(idle in tr/,
  );
  expect(blocked?.sql).toMatch(/^SELECT pg_terminate_backend\(\d+\)$/);
  expect((await health(reader.ok)).text).toMatch(/Not seen: long transactions: \d+ sessions of other roles/);
  await holder.query("ROLLBACK");
  await waiting;
});

test("an idle replication slot is found by its name", async () => {
  const slot = `slot_${database.name}`;
  await once(database.url, `SELECT pg_create_physical_replication_slot('${slot}', true)`);
  const { findings } = await health();
  await once(database.url, `SELECT pg_drop_replication_slot('${slot}')`);
  expect(findings.find(({ object }) => object === `slot ${slot}`)?.finding).toContain("nobody reads it");
});

test("for a superuser, one finding says that nothing limits it", async () => {
  const { findings } = await health();
  const role = findings.filter(({ finding }) => finding.includes("superuser"));
  expect(role).toHaveLength(1);
});
