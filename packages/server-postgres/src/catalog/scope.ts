/**
 * Holds for what the operator lets the tools show (`--schemas`, `--tables`) of `c`, a row of pg_class. The first parameter of a
 * query that uses it is the catalogue's scope.
 */
export const IN_SCOPE = "($1::jsonb IS NULL OR $1::jsonb ? c.oid::text)";

/** Schemas of the server itself, and of TimescaleDB: shown when they are asked for by name. */
export const OF_USERS = `(n.nspname !~ '^(pg_|_timescaledb_)' AND n.nspname <> 'information_schema')`;

/** Relations that people read from. */
export const READABLE_KINDS = `('r', 'p', 'v', 'm', 'f')`;

/** Kinds of relations in words, by pg_class.relkind. */
export const KINDS = {
  r: "table",
  p: "partitioned table",
  v: "view",
  m: "materialized view",
  f: "foreign table",
} as const;
