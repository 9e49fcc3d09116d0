import { counted } from "@org/server-kit";
import * as z from "zod";
import { OF_USERS } from "../../catalog/scope.ts";
import { bytesInWords } from "../../catalog/words.ts";
import { type Check, defineCheck, NAME, percent } from "../check.ts";

/** Minimum share of blocks that should come from memory, judged once enough have been read. */
const CACHE_HITS = 0.95;
const ENOUGH_BLOCKS = 100_000;

const cache = defineCheck({
  area: "memory",
  title: "blocks read from memory",
  row: z.object({ what: z.string(), hit: z.number(), total: z.number(), buffers: z.string() }),
  sql: `SELECT s.*, current_setting('shared_buffers') AS buffers FROM (
      SELECT 'tables' AS what, coalesce(sum(heap_blks_hit), 0) AS hit, coalesce(sum(heap_blks_hit + heap_blks_read), 0) AS total
        FROM pg_statio_user_tables
      UNION ALL
      SELECT 'indexes', coalesce(sum(idx_blks_hit), 0), coalesce(sum(idx_blks_hit + idx_blks_read), 0)
        FROM pg_statio_user_indexes) s
    WHERE total >= ${ENOUGH_BLOCKS} AND hit < total * ${CACHE_HITS}`,
  find: ({ what, hit, total, buffers }) => ({
    severity: "warning",
    object: null,
    finding: `many blocks of ${what} are not in memory when they are needed`,
    figure: `${percent(hit / total)} of ${total.toLocaleString("en-US")} reads from memory; shared_buffers ${buffers}`,
    threshold: percent(CACHE_HITS),
    advice: "Look at top_queries by io first: one query without an index reads everything. Then raise shared_buffers.",
    sql: null,
  }),
});

const WASTE_BYTES = 10 << 20;
const WASTE_SHARE = 0.5;

const bloat = defineCheck({
  area: "tables",
  title: "space that dead rows have left (estimated)",
  row: z.object({ name: z.string(), bytes: z.number(), waste: z.number() }),
  // The space that the rows need, from ANALYZE's column widths plus headers, compared with the pages of the table.
  sql: `SELECT * FROM (
      SELECT ${NAME} AS name, c.relpages * b.size AS bytes,
        c.relpages * b.size - ceil(c.reltuples * (28 + s.width) * 100 / coalesce(f.fillfactor, 100) * 1.05) AS waste
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      CROSS JOIN (SELECT current_setting('block_size')::float8 AS size) b
      CROSS JOIN LATERAL (SELECT sum((1 - null_frac) * avg_width) AS width, count(*) AS known FROM pg_stats p
        WHERE p.schemaname = n.nspname AND p.tablename = c.relname AND NOT p.inherited) s
      LEFT JOIN LATERAL (SELECT option_value::float8 AS fillfactor FROM pg_options_to_table(c.reloptions)
        WHERE option_name = 'fillfactor') f ON true
      WHERE c.relkind IN ('r', 'm') AND c.reltuples >= 0 AND c.relpages * b.size >= ${WASTE_BYTES} AND ${OF_USERS}
        AND s.known = (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
    ) e WHERE waste >= ${WASTE_BYTES} AND waste >= bytes * ${WASTE_SHARE} ORDER BY waste DESC`,
  find: ({ name, bytes, waste }) => ({
    severity: "notice",
    object: name,
    finding: "more than half of the table is estimated to be empty",
    figure: `about ${bytesInWords(waste)} of ${bytesInWords(bytes)}`,
    threshold: `${percent(WASTE_SHARE)} and ${bytesInWords(WASTE_BYTES)}`,
    advice:
      "Find out why (long transactions, autovacuum too slow), then rewrite it in a quiet hour: VACUUM FULL locks it, pg_repack does not.",
    sql: null,
  }),
});

const unvalidated = defineCheck({
  area: "tables",
  title: "constraints whose existing rows were never checked",
  row: z.object({ name: z.string(), constraint: z.string(), quoted: z.string() }),
  sql: `SELECT ${NAME} AS name, k.conname AS constraint, quote_ident(k.conname) AS quoted
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT k.convalidated AND k.contype IN ('c', 'f') AND ${OF_USERS} ORDER BY 1, 2`,
  find: ({ name, constraint, quoted }) => ({
    severity: "notice",
    object: name,
    finding: `the constraint ${constraint} holds for new rows alone`,
    figure: "NOT VALID",
    threshold: "any",
    advice: "Validate it: until then, queries cannot rely on it.",
    sql: `ALTER TABLE ${name} VALIDATE CONSTRAINT ${quoted}`,
  }),
});

/** A sequence that has used this share of its range is reported. */
const USED = 0.75;

const Sequence = z.object({
  name: z.string(),
  owner: z.string().nullable(),
  column: z.string().nullable(),
  type: z.string(),
  used: z.number().nullable(),
  last: z.string().nullable(),
  hidden: z.boolean(),
});

const sequences = defineCheck({
  area: "sequences",
  title: "sequences near their end",
  row: Sequence,
  // A bigint sequence may fill an integer column. Descending sequences are not checked.
  sql: `SELECT q.*, last::float8 / least(seqmax::float8, CASE type WHEN 'integer' THEN 2147483647
        WHEN 'smallint' THEN 32767 ELSE seqmax END) AS used FROM (
      SELECT ${NAME} AS name, o.name AS owner, o.column, coalesce(o.type, format_type(s.seqtypid, NULL)) AS type, s.seqmax,
        CASE WHEN has_sequence_privilege(c.oid, 'SELECT, USAGE') THEN pg_sequence_last_value(c.oid)::text END AS last,
        NOT has_sequence_privilege(c.oid, 'SELECT, USAGE') AS hidden
      FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN LATERAL (
        SELECT d.refobjid::regclass::text AS name, quote_ident(a.attname) AS column, format_type(a.atttypid, NULL) AS type
        FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
          AND d.deptype IN ('a', 'i') LIMIT 1) o ON true
      WHERE NOT s.seqcycle AND s.seqincrement > 0 AND ${OF_USERS}) q ORDER BY used DESC NULLS LAST, name`,
  find({ name, owner, column, type, used, last }) {
    if (used === null || used < USED) return undefined;
    return {
      severity: used >= 0.9 ? "critical" : "warning",
      object: name,
      finding: `the sequence${owner === null ? "" : ` of ${owner}.${column}`} is near the end of ${type}`,
      figure: `${percent(used)} used, last value ${last}`,
      threshold: percent(USED),
      advice: "At its end every insert fails. Change the column to bigint in good time: it rewrites the table.",
      sql: owner === null ? null : `ALTER TABLE ${owner} ALTER COLUMN ${column} TYPE bigint`,
    };
  },
  unseen(rows) {
    const hidden = rows.filter((row) => row.hidden).length;
    return hidden === 0 ? undefined : `${counted(hidden, "sequence")}: GRANT SELECT on them to see how far they are.`;
  },
});

export const storageChecks: readonly Check[] = [cache, bloat, unvalidated, sequences];
