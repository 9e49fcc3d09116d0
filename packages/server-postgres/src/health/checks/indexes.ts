import * as z from "zod";
import { OF_USERS } from "../../catalog/scope.ts";
import { bytesInWords } from "../../catalog/words.ts";
import { type Check, defineCheck, NAME } from "../check.ts";

/** An unused index of at least this many bytes is reported. */
const LARGE = 1 << 20;
/** A foreign key without an index is reported from this many rows on. */
const MANY_ROWS = 10_000;

const Index = z.object({ name: z.string(), table_name: z.string(), bytes: z.number() });

const INDEXES = `FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid AND c.relkind = 'i'
  JOIN pg_namespace n ON n.oid = c.relnamespace AND ${OF_USERS}`;
const FACTS = `${NAME} AS name, x.indrelid::regclass::text AS table_name, pg_relation_size(c.oid) AS bytes`;

const drop = (name: string) => `DROP INDEX CONCURRENTLY ${name}`;

const unused = defineCheck({
  area: "indexes",
  title: "indexes that no query has used",
  row: Index.extend({ days: z.number() }),
  // Indexes for constraints or replication are used without being scanned.
  sql: `SELECT ${FACTS}, extract(epoch FROM now() - coalesce(d.stats_reset, pg_postmaster_start_time())) / 86400 AS days
    ${INDEXES} JOIN pg_stat_database d ON d.datname = current_database()
    WHERE pg_stat_get_numscans(c.oid) = 0 AND pg_relation_size(c.oid) >= ${LARGE}
      AND NOT x.indisunique AND NOT x.indisreplident AND x.indisvalid
      AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = c.oid)
    ORDER BY bytes DESC`,
  find: ({ name, table_name, bytes, days }) => ({
    severity: "notice",
    object: name,
    finding: `no query has used this index of ${table_name}`,
    figure: `0 scans in ${days.toFixed(1)} days, ${bytesInWords(bytes)}`,
    threshold: `0 scans, from ${bytesInWords(LARGE)}`,
    advice: "Drop it if the statistics cover all that you run, on standbys as well: they count their own scans.",
    sql: drop(name),
  }),
});

const first = (vector: string, count: string) => `(${vector})[0:${count} - 1]`;
const alike = (field: string, type: string, count: string) =>
  `${first(`x.${field}::${type}[]`, count)} = ${first(`y.${field}::${type}[]`, count)}`;
const sameText = (field: string) =>
  `pg_get_expr(x.${field}, x.indrelid) IS NOT DISTINCT FROM pg_get_expr(y.${field}, y.indrelid)`;

const duplicate = defineCheck({
  area: "indexes",
  title: "indexes that another one makes needless",
  row: Index.extend({ other: z.string(), same: z.boolean() }),
  // y begins with all columns of x, in the same order and with the same options, and guarantees at least as much. Of
  // two identical ones only one is reported: the one that enforces a constraint stays, otherwise the older one.
  sql: `SELECT DISTINCT ON (bytes, name) ${FACTS}, y.indexrelid::regclass::text AS other, y.indnkeyatts = x.indnkeyatts AS same
    ${INDEXES} JOIN pg_index y ON y.indrelid = x.indrelid AND y.indexrelid <> x.indexrelid AND y.indisvalid
    JOIN pg_class d ON d.oid = y.indexrelid AND d.relam = c.relam
    WHERE NOT x.indisreplident AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = c.oid)
      AND x.indnkeyatts <= y.indnkeyatts AND x.indnatts <= y.indnatts
      AND (NOT x.indisunique OR y.indisunique AND x.indnkeyatts = y.indnkeyatts)
      AND (x.indnkeyatts = y.indnkeyatts OR c.relam = (SELECT oid FROM pg_am WHERE amname = 'btree'))
      AND ${alike("indkey", "int2", "x.indnatts")} AND ${alike("indclass", "oid", "x.indnkeyatts")}
      AND ${alike("indcollation", "oid", "x.indnkeyatts")} AND ${alike("indoption", "int2", "x.indnkeyatts")}
      AND ${sameText("indexprs")} AND ${sameText("indpred")}
      AND (x.indnatts < y.indnatts OR y.indisunique AND NOT x.indisunique
        OR EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = y.indexrelid) OR x.indexrelid > y.indexrelid)
    ORDER BY bytes DESC, name, same DESC`,
  find: ({ name, table_name, bytes, other, same }) => ({
    severity: same ? "warning" : "notice",
    object: name,
    finding: `${other} of ${table_name} ${same ? "has the same columns" : "begins with the same columns"}`,
    figure: bytesInWords(bytes),
    threshold: "any",
    advice: "Drop it: the other one answers the same queries, and each write maintains both.",
    sql: drop(name),
  }),
});

const invalid = defineCheck({
  area: "indexes",
  title: "indexes that are not valid",
  row: Index,
  sql: `SELECT ${FACTS} ${INDEXES} WHERE NOT x.indisvalid
      AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = x.indexrelid)`,
  find: ({ name, table_name, bytes }) => ({
    severity: "warning",
    object: name,
    finding: `building this index of ${table_name} has failed: no query uses it, and each write maintains it`,
    figure: bytesInWords(bytes),
    threshold: "any",
    advice: "Build it again, or drop it.",
    sql: `REINDEX INDEX CONCURRENTLY ${name}`,
  }),
});

const foreignKeys = defineCheck({
  area: "indexes",
  title: "foreign keys without an index",
  row: z.object({ name: z.string(), table_name: z.string(), columns: z.array(z.string()), rows: z.number() }),
  sql: `SELECT k.conname AS name, ${NAME} AS table_name, c.reltuples AS rows,
      (SELECT array_agg(quote_ident(a.attname) ORDER BY o.place) FROM unnest(k.conkey) WITH ORDINALITY o(number, place)
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = o.number) AS columns
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE k.contype = 'f' AND k.conparentid = 0 AND c.reltuples >= ${MANY_ROWS} AND ${OF_USERS}
      AND NOT EXISTS (SELECT FROM pg_index x WHERE x.indrelid = k.conrelid AND x.indpred IS NULL AND x.indisvalid
        AND ${first("x.indkey::int2[]", "cardinality(k.conkey)")} @> k.conkey)
    ORDER BY c.reltuples DESC`,
  find: ({ name, table_name, columns, rows }) => ({
    severity: "notice",
    object: table_name,
    finding: `no index begins with the columns of the foreign key ${name} (${columns.join(", ")})`,
    figure: `about ${Math.round(rows).toLocaleString("en-US")} rows`,
    threshold: `${MANY_ROWS.toLocaleString("en-US")} rows`,
    advice: "Deleting or changing a row of the other table reads all of this one; so do joins from there.",
    sql: `CREATE INDEX CONCURRENTLY ON ${table_name} (${columns.join(", ")})`,
  }),
});

export const indexChecks: readonly Check[] = [invalid, duplicate, unused, foreignKeys];
