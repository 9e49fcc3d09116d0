import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Cluster, startCluster } from "../cluster/start.ts";
import { once } from "../postgres.ts";
import { useGuard } from "./use-guard.ts";

/** On a standby, this setting contains a password for the primary. */
const CONNINFO = "primary_conninfo=host=primary.example user=replicator password=hidden";
const SETUP = `
CREATE ROLE monitor LOGIN PASSWORD 'monitor'; GRANT pg_monitor TO monitor;
CREATE ROLE reader LOGIN PASSWORD 'reader';
CREATE VIEW settings AS SELECT name, setting FROM pg_settings;
CREATE VIEW shown AS SELECT current_setting('primary_conninfo') AS s;
CREATE FUNCTION shown() RETURNS text LANGUAGE sql STABLE AS $$ SELECT current_setting('primary_conninfo') $$;
CREATE FUNCTION tenant() RETURNS text LANGUAGE sql STABLE AS $$ SELECT current_setting('app.tenant', true) $$;
GRANT SELECT ON settings, shown TO PUBLIC;`;

let server: Cluster;
beforeAll(async () => {
  server = await startCluster([CONNINFO]);
  await once(server.url, SETUP);
});
afterAll(() => server?.stop());
const url = (role: string) => server.url.replace("postgres:superuser", `${role}:${role}`);

describe("a role that sees a password in the settings", () => {
  const guard = useGuard(() => url("monitor"));

  test.each([
    "SHOW primary_conninfo",
    'SHOW "Primary_ConnInfo"',
    "SHOW ALL",
    "SELECT current_setting('primary_conninfo')",
    "SELECT current_setting('primary' || '_conninfo')",
    "SELECT current_setting(n, true) FROM (VALUES ('PRIMARY_CONNINFO')) v(n)",
    "SELECT ('primary_conninfo'::text).current_setting",
    "SELECT s.current_setting FROM unnest(ARRAY['primary_conninfo']) s",
    "SELECT setting FROM pg_settings",
    "SELECT setting FROM pg_catalog.pg_settings WHERE name = 'work_mem'",
    "SELECT * FROM pg_show_all_settings()",
    "SELECT * FROM settings",
    "SELECT * FROM shown",
    "SELECT shown()",
  ])("may not read it by %s", async (sql) => {
    expect(await guard.refusal(sql)).toMatch(/^refused: .*(password|secrets)/);
  });

  test.each(["SHOW work_mem", "SELECT current_setting('search_path')", "SELECT tenant()"])(
    "answers %s",
    async (sql) => {
      expect(await guard.rows(sql)).toBe(1);
    },
  );
});

describe("a role that sees no password", () => {
  const guard = useGuard(() => url("reader"));

  test.each([
    "SHOW ALL",
    "SELECT name, setting FROM pg_settings",
    "SELECT * FROM settings",
    "SELECT current_setting('work' || '_mem')",
  ])("reads settings by %s", async (sql) => {
    expect(await guard.rows(sql)).toBeGreaterThan(0);
    expect(JSON.stringify(await guard.values(sql))).not.toContain("hidden");
  });
});
