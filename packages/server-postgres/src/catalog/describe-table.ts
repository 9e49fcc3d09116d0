import * as z from "zod";
import { type Catalog, readJson, readRows } from "./catalog.ts";
import type { FoundTable } from "./find-table.ts";
import { IN_SCOPE } from "./scope.ts";

const Column = z.object({
  name: z.string(),
  type: z.string(),
  nullable: z.boolean(),
  default: z.string().optional(),
  generated: z.string().optional(),
  identity: z.string().optional(),
  comment: z.string().optional(),
  /** The values of an enum. */
  values: z.array(z.string()).optional(),
  /** Whether the role may SELECT it. */
  readable: z.boolean(),
  /** Whether the options hide its values. */
  masked: z.boolean().optional(),
  /**
   * From ANALYZE: the share of nulls, the number of distinct values (below 0: as a share of rows), the most common
   * ones.
   */
  null_fraction: z.number().optional(),
  distinct: z.number().optional(),
  common: z.array(z.string().nullable()).optional(),
  /** Values from some rows, if the operator allows it. */
  samples: z.array(z.string()).optional(),
});

const ForeignKey = z.object({
  name: z.string(),
  columns: z.array(z.string()),
  /** The other table, as SQL writes it. */
  table: z.string(),
  other_columns: z.array(z.string()),
  on_delete: z.string().optional(),
  on_update: z.string().optional(),
  validated: z.boolean(),
});

const Definition = z.object({
  schema: z.string(),
  name: z.string(),
  sql_name: z.string(),
  kind: z.string(),
  comment: z.string().nullable(),
  rows: z.number().nullable(),
  columns: z.array(Column),
  constraints: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      definition: z.string(),
      columns: z.array(z.string()),
      validated: z.boolean(),
    }),
  ),
  foreign_keys: z.array(ForeignKey),
  referenced_by: z.array(ForeignKey),
  indexes: z.array(
    z.object({
      name: z.string(),
      definition: z.string(),
      valid: z.boolean(),
      /** How often it has been used since the statistics began. */
      scans: z.number().nullable(),
    }),
  ),
  triggers: z.array(z.object({ name: z.string(), definition: z.string(), enabled: z.boolean() })),
  row_security: z.object({ enabled: z.boolean(), forced: z.boolean() }),
  policies: z.array(
    z.object({
      name: z.string(),
      command: z.string(),
      permissive: z.boolean(),
      roles: z.array(z.string()),
      using: z.string().nullable(),
      check: z.string().nullable(),
    }),
  ),
  view: z.string().nullable(),
  partition_key: z.string().nullable(),
  partition_of: z.string().nullable(),
  ancestors: z.array(z.object({ schema: z.string(), name: z.string() })),
  partitions: z.object({
    total: z.number(),
    first: z.array(z.object({ name: z.string(), bound: z.string().nullable() })),
  }),
});

export type TableDefinition = z.output<typeof Definition>;
export type ForeignKeyFacts = z.output<typeof ForeignKey>;

/**
 * A table's definition in the catalogue. It is read from pg_catalog only, since information_schema shows no keys to a
 * role that may only SELECT. Values of masked columns are left out.
 */
export async function describeTable(catalog: Catalog, found: FoundTable): Promise<TableDefinition> {
  const table = await readJson(catalog, Definition, DESCRIBE, [
    catalog.scope,
    String(found.oid),
    found.schema,
    found.name,
  ]);
  if (!catalog.policy.hasMasks) return table;
  const masked = await maskedColumns(catalog, found);
  const columns = table.columns.map(({ common, ...rest }) => {
    if (masked.has(rest.name)) return { ...rest, masked: true };
    // Anything computed from masked columns contains their values, whatever its name.
    const isComputed = rest.generated !== undefined || table.kind === "materialized view";
    return { ...rest, ...(isComputed || common === undefined ? {} : { common }) };
  });
  return { ...table, columns };
}

/** Columns whose values are never shown, including those masked in a parent or child table, or a partition. */
async function maskedColumns(catalog: Catalog, { oid }: FoundTable): Promise<ReadonlySet<string>> {
  const names = await readRows(catalog, z.object({ schema: z.string(), name: z.string() }), KIN, [String(oid)]);
  return new Set(names.flatMap(({ schema, name }) => [...catalog.policy.masked(schema, name)]));
}

const KIN = `WITH RECURSIVE below(id) AS (SELECT $1::oid UNION SELECT inhrelid FROM below JOIN pg_inherits ON inhparent = id),
    above(id) AS (SELECT $1::oid UNION SELECT inhparent FROM above JOIN pg_inherits ON inhrelid = id)
  SELECT n.nspname AS schema, c.relname AS name FROM (SELECT id FROM below UNION SELECT id FROM above) k
    JOIN pg_class c ON c.oid = k.id JOIN pg_namespace n ON n.oid = c.relnamespace`;

const list = (fields: string, rest: string, order: string) =>
  `coalesce((SELECT json_agg(json_strip_nulls(json_build_object(${fields})) ORDER BY ${order}) ${rest}), '[]')`;

const columnsOf = (relation: string, numbers: string) =>
  `(SELECT json_agg(a.attname ORDER BY o.place) FROM unnest(${numbers}) WITH ORDINALITY o(number, place)
    JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attnum = o.number)`;

const action = (letter: string) =>
  `CASE ${letter} WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null' WHEN 'd' THEN 'set default' WHEN 'r' THEN 'restrict' END`;

const foreignKeys = (own: "conrelid" | "confrelid") => {
  const [other, ownKey, otherKey] =
    own === "conrelid" ? ["confrelid", "conkey", "confkey"] : ["conrelid", "confkey", "conkey"];
  return list(
    `'name', k.conname, 'columns', ${columnsOf(`k.${own}`, `k.${ownKey}`)}, 'table', format('%I.%I', n.nspname, c.relname),
     'other_columns', ${columnsOf(`k.${other}`, `k.${otherKey}`)}, 'on_delete', ${action("k.confdeltype")},
     'on_update', ${action("k.confupdtype")}, 'validated', k.convalidated`,
    // The constraints of a partition repeat those of its parent.
    `FROM pg_constraint k JOIN pg_class c ON c.oid = k.${other} JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE k.contype = 'f' AND k.${own} = t.oid AND (k.conparentid = 0 OR t.relispartition)
       AND NOT (c.relispartition AND k.conparentid <> 0) AND ${IN_SCOPE}`,
    "k.conname",
  );
};

// A default names no column. Printed without its table, 1,500 of them take milliseconds instead of seconds.
const DESCRIBE = `
WITH found AS MATERIALIZED (
  SELECT DISTINCT ON (attname) attname, null_frac, n_distinct, (most_common_vals::text::text[])[1:5] AS common
  FROM pg_stats WHERE schemaname = $3 AND tablename = $4 ORDER BY attname, inherited DESC
)
SELECT json_build_object(
  'schema', s.nspname, 'name', t.relname, 'sql_name', format('%I.%I', s.nspname, t.relname),
  'kind', CASE t.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN 'view'
    WHEN 'm' THEN 'materialized view' ELSE 'foreign table' END,
  'comment', obj_description(t.oid, 'pg_class'),
  'rows', CASE WHEN t.relkind IN ('r', 'm', 'p') THEN nullif(t.reltuples, -1) END,
  'columns', ${list(
    `'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'nullable', NOT a.attnotnull,
     'default', CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, 0) END,
     'generated', CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END,
     'identity', CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END,
     'comment', col_description(t.oid, a.attnum),
     'values', (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = a.atttypid),
     'readable', has_column_privilege(t.oid, a.attnum, 'SELECT'),
     'null_fraction', v.null_frac, 'distinct', v.n_distinct, 'common', v.common`,
    `FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     LEFT JOIN found v ON v.attname = a.attname
     WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped`,
    "a.attnum",
  )},
  'constraints', ${list(
    `'name', k.conname, 'type', CASE k.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'c' THEN 'check'
       ELSE 'exclusion' END, 'definition', pg_get_constraintdef(k.oid, true), 'validated', k.convalidated,
     'columns', coalesce(${columnsOf("k.conrelid", "k.conkey")}, '[]')`,
    "FROM pg_constraint k WHERE k.conrelid = t.oid AND k.contype IN ('p', 'u', 'c', 'x')",
    "array_position(ARRAY['p', 'u', 'x', 'c'], k.contype::text), k.conname",
  )},
  'foreign_keys', ${foreignKeys("conrelid")},
  'referenced_by', ${foreignKeys("confrelid")},
  'indexes', coalesce((SELECT json_agg(json_build_object('name', i.relname, 'definition', pg_get_indexdef(x.indexrelid),
      'valid', x.indisvalid, 'scans', pg_stat_get_numscans(x.indexrelid)) ORDER BY NOT x.indisprimary, i.relname)
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid WHERE x.indrelid = t.oid), '[]'),
  'triggers', ${list(
    `'name', g.tgname, 'definition', pg_get_triggerdef(g.oid, true), 'enabled', g.tgenabled <> 'D'`,
    "FROM pg_trigger g WHERE g.tgrelid = t.oid AND NOT g.tgisinternal",
    "g.tgname",
  )},
  'row_security', json_build_object('enabled', t.relrowsecurity, 'forced', t.relforcerowsecurity),
  'policies', coalesce((SELECT json_agg(json_build_object('name', p.policyname, 'command', p.cmd,
      'permissive', p.permissive = 'PERMISSIVE', 'roles', p.roles, 'using', p.qual, 'check', p.with_check)
      ORDER BY p.policyname) FROM pg_policies p WHERE p.schemaname = s.nspname AND p.tablename = t.relname), '[]'),
  'view', CASE WHEN t.relkind IN ('v', 'm') THEN pg_get_viewdef(t.oid, true) END,
  'partition_key', CASE WHEN t.relkind = 'p' THEN pg_get_partkeydef(t.oid) END,
  'partition_of', (SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = t.oid AND t.relispartition),
  'ancestors', coalesce((SELECT json_agg(json_build_object('schema', n.nspname, 'name', c.relname))
    FROM pg_partition_ancestors(t.oid) a(relid) JOIN pg_class c ON c.oid = a.relid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid <> t.oid), '[]'),
  'partitions', json_build_object('total', (SELECT count(*) FROM pg_inherits WHERE inhparent = t.oid),
    'first', coalesce((SELECT json_agg(r) FROM (
      SELECT format('%I.%I', n.nspname, c.relname) AS name, pg_get_expr(c.relpartbound, c.oid) AS bound
      FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE h.inhparent = t.oid ORDER BY 1 LIMIT 5) r), '[]')))
FROM pg_class t JOIN pg_namespace s ON s.oid = t.relnamespace WHERE t.oid = $2::oid`;
