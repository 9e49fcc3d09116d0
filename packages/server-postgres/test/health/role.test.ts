import { expect, inject, test } from "vitest";
import { useDatabase } from "../postgres.ts";
import { usePostgres } from "../server.ts";
import { isKnown } from "../since.ts";

const database = useDatabase(`
CREATE EXTENSION dblink;
CREATE SCHEMA app;
CREATE TABLE app.users (id serial PRIMARY KEY, email text, password_hash text);
CREATE TABLE app.logs (id int, note text);
CREATE FUNCTION app.promote() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'UPDATE app.users SET email = email';
CREATE FUNCTION app.harmless() RETURNS int LANGUAGE sql AS 'SELECT 1';
SELECT lo_create(0);
`);
const { ok } = usePostgres(database.readerUrl);
const group = `group_${database.name}`;
const loose = `loose_${database.name}`;

const WRITE_ALL = "GRANT pg_write_all_data";

interface Found {
  readonly area: string;
  readonly object: string;
  readonly finding: string;
  readonly figure: string;
  readonly sql: string;
}

async function posture(): Promise<Found[]> {
  const { findings } = (await ok("database_health")).value;
  return (Array.isArray(findings) ? findings.map((one): Found => one) : []).filter(({ area }) => area === "role");
}

test("every right beyond reading is reported, with SQL that removes it", async () => {
  const { reader } = database;
  await database.run(`
    CREATE ROLE ${group} NOLOGIN; CREATE ROLE ${loose} NOLOGIN CREATEROLE;
    GRANT ${group} TO ${reader}; GRANT ${loose} TO ${reader}; ALTER ROLE ${reader} NOINHERIT CREATEDB;
    GRANT INSERT, UPDATE ON app.logs TO ${group};
    GRANT UPDATE (email) ON app.users TO ${reader};
    GRANT USAGE, UPDATE ON SEQUENCE app.users_id_seq TO ${reader};
    GRANT CREATE ON SCHEMA app TO PUBLIC;
    ${isKnown(WRITE_ALL) ? `${WRITE_ALL} TO ${group};` : ""} GRANT pg_execute_server_program TO ${reader};
    GRANT EXECUTE ON FUNCTION pg_read_file(text) TO ${reader};
    ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT DELETE ON TABLES TO ${reader};
  `);
  const findings = await posture();
  const sql = findings.map((one) => one.sql);
  expect(sql).toEqual(
    expect.arrayContaining([
      `ALTER ROLE ${reader} NOCREATEDB`,
      `REVOKE ${loose} FROM ${reader}`,
      ...(isKnown(WRITE_ALL) ? [`REVOKE pg_write_all_data FROM ${group}`] : []),
      `REVOKE pg_execute_server_program FROM ${reader}`,
      `REVOKE INSERT, UPDATE ON TABLE app.logs FROM ${group}`,
      `REVOKE UPDATE (email) ON TABLE app.users FROM ${reader}`,
      `REVOKE UPDATE, USAGE ON SEQUENCE app.users_id_seq FROM ${reader}`,
      // Before PostgreSQL 15, everybody may create objects in the schema public.
      `REVOKE CREATE ON SCHEMA ${inject("postgresVersion") < 15 ? "app, public" : "app"} FROM PUBLIC`,
      "REVOKE EXECUTE ON FUNCTION app.promote() FROM PUBLIC",
      `REVOKE EXECUTE ON FUNCTION pg_catalog.pg_read_file(text) FROM ${reader}`,
      `ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA app REVOKE DELETE ON TABLES FROM ${reader}`,
      `REVOKE SELECT ON app.users FROM ${reader}; GRANT SELECT (id, email) ON app.users TO ${reader}`,
    ]),
  );
  expect(findings.some(({ object }) => object.includes("dblink"))).toBe(true);
  expect(JSON.stringify(findings)).not.toContain("harmless");
  for (const statement of sql) await database.run(statement);
  expect(await posture()).toEqual([]);
  await database.run(`DROP OWNED BY ${group}, ${loose}; DROP ROLE ${group}, ${loose}; DROP OWNED BY ${reader}`);
});

test("what it owns is reported", async () => {
  await database.run(`CREATE TABLE app.mine (id int); ALTER TABLE app.mine OWNER TO ${database.reader}`);
  expect((await posture()).map(({ object }) => object)).toContain("app.mine");
});
