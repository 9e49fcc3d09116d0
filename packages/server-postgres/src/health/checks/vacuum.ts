import * as z from "zod";
import { OF_USERS } from "../../catalog/scope.ts";
import { type Check, defineCheck, NAME, percent } from "../check.ts";

const thousands = (value: number) => Math.round(value).toLocaleString("en-US");

const settings = defineCheck({
  area: "vacuum",
  title: "settings that keep the server healthy",
  row: z.object({ name: z.string() }),
  sql: `SELECT name FROM pg_settings WHERE name IN ('autovacuum', 'track_counts', 'fsync', 'full_page_writes') AND setting = 'off'`,
  find: ({ name }) => ({
    severity: "critical",
    object: null,
    finding: `${name} is off`,
    figure: "off",
    threshold: "on",
    advice: name.includes("vacuum") || name === "track_counts" ? "Tables grow without end." : "A crash can lose data.",
    sql: `ALTER SYSTEM SET ${name} = on`,
  }),
});

const deadRows = defineCheck({
  area: "vacuum",
  title: "dead rows that wait for a vacuum",
  row: z.object({
    name: z.string(),
    dead: z.number(),
    live: z.number(),
    last: z.string().nullable(),
    off: z.boolean(),
  }),
  sql: `SELECT ${NAME} AS name, s.n_dead_tup AS dead, s.n_live_tup AS live,
      to_char(greatest(s.last_vacuum, s.last_autovacuum) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"') AS last,
      coalesce('autovacuum_enabled=false' = ANY(c.reloptions), false) AS off
    FROM pg_stat_all_tables s JOIN pg_class c ON c.oid = s.relid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${OF_USERS} AND s.n_dead_tup >= 10000 AND s.n_dead_tup > (s.n_live_tup + s.n_dead_tup) * 0.2
    ORDER BY s.n_dead_tup DESC`,
  find: ({ name, dead, live, last, off }) => ({
    severity: "warning",
    object: name,
    finding: off ? "autovacuum is off for this table, and dead rows pile up" : "dead rows pile up",
    figure: `${thousands(dead)} dead of ${thousands(dead + live)}, last vacuum ${last ?? "never"}`,
    threshold: `10,000 and ${percent(0.2)}`,
    advice: "Vacuum it. Look for long transactions, which keep dead rows; lower autovacuum_vacuum_scale_factor for it.",
    sql: off ? `ALTER TABLE ${name} RESET (autovacuum_enabled)` : `VACUUM (ANALYZE) ${name}`,
  }),
});

const statistics = defineCheck({
  area: "vacuum",
  title: "statistics that are missing or old",
  row: z.object({ name: z.string(), changed: z.number(), rows: z.number(), never: z.boolean() }),
  sql: `SELECT ${NAME} AS name, s.n_mod_since_analyze AS changed, s.n_live_tup AS rows,
      s.last_analyze IS NULL AND s.last_autoanalyze IS NULL AND c.reltuples < 0 AS never
    FROM pg_stat_all_tables s JOIN pg_class c ON c.oid = s.relid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${OF_USERS} AND s.n_live_tup >= 1000 AND s.n_mod_since_analyze > s.n_live_tup * 0.5 ORDER BY s.n_live_tup DESC`,
  find: ({ name, changed, rows, never }) => ({
    severity: "warning",
    object: name,
    finding: never ? "never analyzed: plans are made without knowing it" : "changed much since it was analyzed",
    figure: `${thousands(changed)} changes, about ${thousands(rows)} rows`,
    threshold: `1,000 rows and ${percent(0.5)}`,
    advice: "Analyze it; the planner's estimates are wrong until then.",
    sql: `ANALYZE ${name}`,
  }),
});

/** The number of transaction ids, and how many before the end the server stops accepting writes. */
const ALL_IDS = 2 ** 31;
const STOPS_BEFORE = 3_000_000;

const Age = z.object({
  object: z.string(),
  is_database: z.boolean(),
  kind: z.string(),
  age: z.number(),
  limit: z.number(),
});

const wraparound = defineCheck({
  area: "vacuum",
  title: "wraparound of transaction ids",
  row: Age,
  sql: `WITH frozen AS (SELECT current_setting('autovacuum_freeze_max_age')::float8 AS xid,
      current_setting('autovacuum_multixact_freeze_max_age')::float8 AS mxid), ages AS (
      SELECT quote_ident(datname) AS object, true AS is_database, age(datfrozenxid)::float8 AS xid, mxid_age(datminmxid)::float8 AS mxid
        FROM pg_database WHERE datallowconn
      UNION ALL
      (SELECT ${NAME}, false, age(c.relfrozenxid), mxid_age(c.relminmxid)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'm', 't') ORDER BY age(c.relfrozenxid) DESC LIMIT 5))
    SELECT object, is_database, kind, age, "limit" FROM ages, frozen, LATERAL (VALUES
      ('transaction ids', ages.xid, frozen.xid), ('multixact ids', ages.mxid, frozen.mxid)) v(kind, age, "limit")
    WHERE age > "limit" * 1.5 OR age > ${ALL_IDS * 0.5} ORDER BY age DESC`,
  find: ({ object, is_database, kind, age, limit }) => ({
    severity: age > ALL_IDS * 0.75 ? "critical" : "warning",
    object,
    finding: `autovacuum does not keep up with freezing this ${is_database ? "database" : "table"}`,
    figure: `oldest of its ${kind} is ${thousands(age)} ago; ${thousands(ALL_IDS - STOPS_BEFORE - age)} are left`,
    threshold: `1.5 times the freeze limit of ${thousands(limit)}`,
    advice: "End long transactions, prepared ones and idle replication slots, then freeze. At the end writing stops.",
    sql: is_database ? "VACUUM (FREEZE)" : `VACUUM (FREEZE) ${object}`,
  }),
});

export const vacuumChecks: readonly Check[] = [settings, wraparound, deadRows, statistics];
