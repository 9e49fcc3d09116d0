/**
 * True if the options (`--schemas`, `--tables`) let the tools show `c`, a row of pg_class. A query that uses it takes
 * the catalogue's scope as its first parameter.
 */
export const IN_SCOPE = "($1::jsonb IS NULL OR $1::jsonb ? c.oid::text)";

/** Excludes schemas of the server itself and of TimescaleDB, which are only shown when named. */
export const OF_USERS = `(n.nspname !~ '^(pg_|_timescaledb_)' AND n.nspname <> 'information_schema')`;

/** Kinds of relations that can be read. */
export const READABLE_KINDS = `('r', 'p', 'v', 'm', 'f')`;

/** Kinds of relations in words, by pg_class.relkind. */
export const KINDS = {
  r: "table",
  p: "partitioned table",
  v: "view",
  m: "materialized view",
  f: "foreign table",
} as const;
