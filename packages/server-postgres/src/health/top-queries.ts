import { ToolError } from "@org/server-kit";
import * as z from "zod";
import { type Catalog, readJson, readRows } from "../catalog/catalog.ts";
import { serverError } from "../connection/errors.ts";
import { MARK } from "../connection/sql.ts";
import { CURSOR } from "../rows/read.ts";

export const ORDERS = ["total_time", "mean_time", "calls", "rows", "io"] as const;
export type Order = (typeof ORDERS)[number];

const Statement = z.object({
  query_id: z.string(),
  query: z.string(),
  role: z.string(),
  calls: z.number(),
  total_ms: z.number(),
  mean_ms: z.number(),
  rows: z.number(),
  /** Blocks of 8 kB that were not in PostgreSQL's memory. */
  blocks_read: z.number(),
  blocks_hit: z.number(),
  /** Blocks written to temporary files, for lack of work_mem. */
  temp_blocks: z.number(),
});
export type TopStatement = z.output<typeof Statement>;

const Totals = z.object({
  statements: z.number(),
  total_ms: z.number(),
  /** Other roles' statements whose text this role may not see. */
  hidden: z.number(),
  hidden_ms: z.number(),
  /** SQL that makes them visible. */
  grant: z.string(),
});

export interface TopQueries extends z.output<typeof Totals> {
  readonly queries: readonly TopStatement[];
}

/**
 * This database's most expensive statements, from pg_stat_statements.
 * @throws ToolError `unsupported` if the extension is not installed or not loaded
 */
export async function topQueries(catalog: Catalog, by: Order, limit: number): Promise<TopQueries> {
  const view = await findView(catalog);
  try {
    const totals = await readJson(catalog, Totals, totalsSql(view));
    const queries = await readRows(catalog, Statement, topSql(view, by), [String(limit)]);
    return { ...totals, queries };
  } catch (error) {
    if (serverError(error)?.code !== "55000") throw error;
    throw new ToolError(
      "unsupported",
      "pg_stat_statements is installed, but the server does not load it. Add it to shared_preload_libraries and restart the server.",
    );
  }
}

/** The view's name, with the schema of the extension. */
async function findView(catalog: Catalog): Promise<string> {
  const Place = z.object({ view: z.string().nullable(), available: z.boolean() });
  const { view, available } = await readJson(
    catalog,
    Place,
    `SELECT json_build_object('view', (SELECT format('%I.pg_stat_statements', n.nspname) FROM pg_extension e
        JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements'),
      'available', EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_stat_statements'))`,
  );
  if (view !== null) return view;
  const { database } = catalog.session.facts;
  throw new ToolError(
    "unsupported",
    `pg_stat_statements is not installed in the database ${database}. ` +
      (available
        ? "One who may can run CREATE EXTENSION pg_stat_statements there; the server must have it in shared_preload_libraries. "
        : "The server does not have it: install PostgreSQL's contrib package first. ") +
      "It may be in another database of the same server, often postgres, and only a connection to that one sees it.",
  );
}

const HERE = "s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())";
/** For such a row, queryid is hidden too. */
const HIDDEN = "s.query = '<insufficient privilege>'";
/** Leaves out reads through this server's cursor: their time and rows count as FETCH, which is the same for every query. */
const COUNTS = `s.query !~* '^\\s*(begin|commit|rollback|savepoint|release|set|reset|discard)\\M'
  AND s.query NOT LIKE '%${MARK}%' AND s.query !~ '^(DECLARE|(FETCH|MOVE) FORWARD .*) ${CURSOR}\\M'`;

// From PostgreSQL 15 on, members that do not inherit the role cannot see them either.
const totalsSql = (view: string) => `
SELECT json_build_object('statements', count(*) FILTER (WHERE ${HIDDEN}) + count(DISTINCT s.queryid) FILTER (WHERE ${COUNTS}),
  'total_ms', coalesce(sum(s.total_exec_time), 0),
  'hidden', count(*) FILTER (WHERE ${HIDDEN}), 'hidden_ms', coalesce(sum(s.total_exec_time) FILTER (WHERE ${HIDDEN}), 0),
  'grant', (SELECT CASE WHEN r.rolinherit OR v.number < 150000 THEN format('GRANT pg_read_all_stats TO %I', r.rolname)
      WHEN v.number < 160000 THEN format('ALTER ROLE %I INHERIT; GRANT pg_read_all_stats TO %1$I', r.rolname)
      ELSE format('GRANT pg_read_all_stats TO %I WITH INHERIT TRUE', r.rolname) END
    FROM pg_roles r, (SELECT current_setting('server_version_num')::int AS number) v WHERE r.rolname = current_user))
FROM ${view} s WHERE ${HERE}`;

const KEYS: Readonly<Record<Order, string>> = {
  total_time: "sum(s.total_exec_time)",
  mean_time: "sum(s.total_exec_time) / sum(s.calls)",
  calls: "sum(s.calls)",
  rows: "sum(s.rows)",
  io: "sum(s.shared_blks_read + s.temp_blks_read + s.temp_blks_written)",
};

// A statement has one row for each role, and another if functions ran it.
const topSql = (view: string, by: Order) => `
SELECT s.queryid::text AS query_id, min(s.query) AS query, string_agg(DISTINCT s.userid::regrole::text, ', ') AS role,
  sum(s.calls) AS calls, round(sum(s.total_exec_time)::numeric, 2) AS total_ms,
  round((sum(s.total_exec_time) / sum(s.calls))::numeric, 3) AS mean_ms, sum(s.rows) AS rows,
  sum(s.shared_blks_read) AS blocks_read, sum(s.shared_blks_hit) AS blocks_hit, sum(s.temp_blks_written) AS temp_blocks
FROM ${view} s WHERE ${HERE} AND NOT ${HIDDEN} AND s.calls > 0 AND ${COUNTS}
GROUP BY s.queryid ORDER BY ${KEYS[by]} DESC, s.queryid LIMIT $1::int`;
