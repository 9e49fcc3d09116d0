import * as z from "zod";
import { type Catalog, readRows } from "./catalog.ts";
import { IN_SCOPE, OF_USERS } from "./scope.ts";

export interface Listing {
  readonly schema?: string | undefined;
  /** `order*`: a name, in which `*` stands for any characters. */
  readonly pattern?: string | undefined;
  /** Letters of pg_class.relkind; `partition` for partitions, which are otherwise counted with their parent. */
  readonly kinds: readonly string[];
  readonly limit: number;
  /** Schema and name of the last row on the previous page. */
  readonly after?: readonly [string, string] | undefined;
}

const Row = z.object({
  schema: z.string(),
  name: z.string(),
  sql_name: z.string(),
  relkind: z.enum(["r", "p", "v", "m", "f"]),
  /** PostgreSQL's estimate; null if the table has never been analyzed. */
  rows: z.number().nullable(),
  bytes: z.number().nullable(),
  partitions: z.number().nullable(),
  comment: z.string().nullable(),
  readable: z.boolean(),
  total: z.number(),
});
export type ListedTable = z.output<typeof Row>;

/** Returns one more than `limit` if there are more. */
export function listTables(catalog: Catalog, listing: Listing): Promise<ListedTable[]> {
  const { schema, pattern, kinds, limit, after } = listing;
  const like = pattern?.replace(/[\\%_]/g, "\\$&").replaceAll("*", "%") ?? null;
  const [afterSchema = null, afterName = null] = after ?? [];
  return readRows(catalog, Row, LIST, [
    catalog.scope,
    schema ?? null,
    like,
    JSON.stringify(kinds),
    afterSchema,
    afterName,
    String(limit + 1),
  ]);
}

// TimescaleDB stores the chunks of a table as its children in a schema of its own. Tables locked for a change get no
// size: asking for it would wait.
const LIST = `
WITH RECURSIVE part AS (
  SELECT i.inhparent AS root, i.inhrelid AS oid
  FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_class c ON c.oid = i.inhrelid
  WHERE NOT p.relispartition AND (c.relispartition OR c.relnamespace = to_regnamespace('_timescaledb_internal'))
  UNION ALL
  SELECT part.root, i.inhrelid FROM part JOIN pg_inherits i ON i.inhparent = part.oid
), locked AS MATERIALIZED (
  SELECT coalesce(x.indrelid, l.relation) AS oid
  FROM pg_locks l LEFT JOIN pg_index x ON x.indexrelid = l.relation
  WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock'
), matching AS (
  SELECT c.oid, n.nspname, c.relname, c.relkind, c.reltuples, count(*) OVER () AS total
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE ${IN_SCOPE} AND CASE WHEN $2::text IS NULL THEN ${OF_USERS} ELSE n.nspname = $2 END
    AND ($3::text IS NULL OR c.relname ILIKE $3)
    AND CASE WHEN c.relispartition THEN $4::jsonb ? 'partition' AND c.relkind <> 'I' AND c.relkind <> 'i'
             ELSE $4::jsonb ? c.relkind::text END
), page AS MATERIALIZED (
  SELECT * FROM matching
  WHERE $5::text IS NULL OR (nspname, relname) > ($5::name, $6::name)
  ORDER BY nspname, relname LIMIT $7::int
)
SELECT p.nspname AS schema, p.relname AS name, format('%I.%I', p.nspname, p.relname) AS sql_name, p.relkind,
  CASE WHEN p.relkind = 'v' THEN NULL
    WHEN f.partitions IS NOT NULL THEN f.rows + CASE WHEN p.relkind = 'r' THEN greatest(p.reltuples, 0) ELSE 0 END
    ELSE nullif(p.reltuples, -1) END AS rows,
  CASE WHEN p.relkind IN ('r', 'm') AND p.oid NOT IN (SELECT oid FROM locked)
    THEN pg_total_relation_size(p.oid) + coalesce(f.bytes, 0) WHEN p.relkind = 'p' THEN f.bytes END AS bytes,
  f.partitions, obj_description(p.oid, 'pg_class') AS comment,
  has_schema_privilege(p.nspname, 'USAGE') AND (has_table_privilege(p.oid, 'SELECT')
    OR has_any_column_privilege(p.oid, 'SELECT')) AS readable,
  p.total
FROM page p LEFT JOIN LATERAL (
  SELECT count(*) AS partitions, sum(nullif(c.reltuples, -1)) AS rows,
    sum(CASE WHEN c.oid NOT IN (SELECT oid FROM locked) THEN pg_total_relation_size(c.oid) END) AS bytes
  FROM part JOIN pg_class c ON c.oid = part.oid
  WHERE part.root = p.oid AND c.relkind <> 'p' HAVING count(*) > 0
) f ON true
ORDER BY p.nspname, p.relname`;
