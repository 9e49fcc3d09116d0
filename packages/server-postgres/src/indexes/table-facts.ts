import * as z from "zod";
import { type Catalog, readJson } from "../catalog/catalog.ts";
import { OF_USERS } from "../catalog/scope.ts";

const Facts = z.object({
  /** The table; for a partition, the whole partitioned table. */
  sql_name: z.string(),
  is_partitioned: z.boolean(),
  rows: z.number(),
  /** Names as written in SQL, with the number of distinct values as in pg_stats. */
  columns: z.record(
    z.string(),
    z.object({
      sql: z.string(),
      distinct: z.number().nullable(),
      /** The kind of index for searching what a value contains; null if its type has none by default. */
      contains: z.enum(["gin", "gist"]).nullable(),
    }),
  ),
  /** The tables that store the rows. */
  leaves: z.array(z.string()),
  /** Each index that any query can use, with its columns and expressions. */
  indexes: z.array(z.object({ method: z.string(), keys: z.array(z.string()) })),
});
export type TableFacts = z.output<typeof Facts>;

/** @returns null for a table that no longer exists, and for a system table, to which nobody adds indexes */
export function tableFacts(catalog: Catalog, schema: string, table: string): Promise<TableFacts | null> {
  return readJson(catalog, Facts.nullable(), FACTS, [schema, table]);
}

const FACTS = `
WITH whole AS (
  SELECT c.* FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
  JOIN pg_class c ON c.oid = coalesce(CASE WHEN t.relispartition THEN pg_partition_root(t.oid) END, t.oid)
  WHERE n.nspname = $1 AND t.relname = $2 AND t.relkind IN ('r', 'p', 'm') AND ${OF_USERS}
), leaf AS (
  SELECT c.oid, c.relname, n.nspname, c.reltuples FROM whole w
  CROSS JOIN LATERAL (SELECT relid FROM pg_partition_tree(w.oid) WHERE isleaf UNION SELECT w.oid WHERE w.relkind <> 'p') p
  JOIN pg_class c ON c.oid = p.relid JOIN pg_namespace n ON n.oid = c.relnamespace
)
SELECT json_build_object(
  'sql_name', format('%I.%I', n.nspname, w.relname), 'is_partitioned', w.relkind = 'p',
  'rows', (SELECT coalesce(sum(greatest(reltuples, 0)), 0) FROM leaf),
  'leaves', (SELECT json_agg(format('%I.%I', nspname, relname) ORDER BY nspname, relname) FROM leaf),
  'columns', (SELECT json_object_agg(a.attname, json_build_object('sql', quote_ident(a.attname), 'distinct', s.n_distinct, 'contains', (SELECT m.amname
        FROM pg_opclass o JOIN pg_am m ON m.oid = o.opcmethod JOIN pg_type t ON t.oid = a.atttypid
        WHERE o.opcdefault AND m.amname IN ('gin', 'gist') AND o.opcintype IN (t.oid,
          CASE WHEN t.typcategory = 'A' THEN 'anyarray'::regtype WHEN t.typtype = 'r' THEN 'anyrange'::regtype END)
        ORDER BY m.amname LIMIT 1)))
    FROM pg_attribute a LEFT JOIN (SELECT DISTINCT ON (attname) attname, n_distinct FROM pg_stats
      WHERE schemaname = n.nspname AND tablename = w.relname ORDER BY attname, inherited DESC) s ON s.attname = a.attname
    WHERE a.attrelid = w.oid AND a.attnum > 0 AND NOT a.attisdropped),
  'indexes', coalesce((SELECT json_agg(json_build_object('method', m.amname, 'keys',
      (SELECT json_agg(pg_get_indexdef(x.indexrelid, k, true) ORDER BY k) FROM generate_series(1, x.indnkeyatts) k)))
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_am m ON m.oid = i.relam WHERE x.indrelid = w.oid AND x.indisvalid AND x.indpred IS NULL), '[]'))
FROM whole w JOIN pg_namespace n ON n.oid = w.relnamespace`;
