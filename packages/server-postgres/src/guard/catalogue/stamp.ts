import { array } from "../../connection/sql.ts";
import type { Session } from "../../connection/types.ts";

/**
 * Summarizes which transactions last wrote each row: the number of rows, and a sum that a transaction that began
 * earlier and ends later cannot restore. Excludes what initdb created, since only a superuser can change that.
 */
const sum = (id: string) =>
  `pg_catalog.concat(pg_catalog.count(*), ':', pg_catalog.sum(pg_catalog.hashtextextended(xmin::text, ${id}::bigint)))`;
const written = (table: string, where = "oid >= 16384", id = "oid") =>
  `(SELECT ${sum(id)} FROM pg_catalog.${table} WHERE ${where})`;

/** The same for the columns of relations: changing one need not update its relation's row. */
export const writtenColumns = (relations: string) =>
  `(SELECT COALESCE(pg_catalog.sum(pg_catalog.hashtextextended(xmin::text, attrelid::bigint)), 0)::text
    FROM pg_catalog.pg_attribute WHERE attnum > 0 AND attrelid = ANY (${relations}))`;

/** Catalogues whose rows affect the guard's decisions; only the rows made by users count. */
const DECIDING = [
  "pg_proc",
  "pg_operator",
  "pg_cast",
  "pg_rewrite",
  "pg_policy",
  "pg_namespace",
  "pg_extension",
  "pg_statistic_ext",
  "pg_opclass",
  "pg_amop",
  "pg_amproc",
];

/** Filters for catalogues that may have tens of thousands of rows, most of which never affect a decision. */
const IS_CHECK = "oid >= 16384 AND contype = 'c'";
const IS_TYPE = "oid >= 16384 AND typtype <> 'c'";
/** Excludes `pg_toast`, whose oid is fixed at initdb. */
const IS_RELATION = "oid >= 16384 AND relnamespace <> 99";
/** These relations have no file, which changing a column's type would rewrite. */
const HAS_NO_FILE = "relkind IN ('c', 'f', 'p')";

const STAMP = `SELECT pg_catalog.concat_ws(' ', ${[
  ...DECIDING.map((table) => written(table)),
  written("pg_constraint", IS_CHECK),
  written("pg_type", IS_TYPE),
  written("pg_inherits", "true", "inhrelid"),
  written("pg_depend", "refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND deptype = 'e'", "objid"),
  "r.written",
  writtenColumns("r.without_file"),
  // A newly granted role may resolve names in schemas that were closed before.
  "pg_catalog.current_schemas(true)::text",
].join(", ")}) AS stamp, ${writtenColumns("$1::oid[]")} AS columns
FROM (SELECT ${sum("oid")} AS written, pg_catalog.array_agg(oid) FILTER (WHERE ${HAS_NO_FILE}) AS without_file
  FROM pg_catalog.pg_class WHERE ${IS_RELATION}) r`;

/** Changes whenever anything changes that the guard relies on. */
export interface Stamp {
  readonly stamp: string;
  /** For the columns of known relations only: checking those of all would take longer than most queries. */
  readonly columns: string;
}

export async function catalogueStamp(session: Session, relations: readonly string[]): Promise<Stamp> {
  const [row] = await session.rows(STAMP, [array(relations)]);
  return { stamp: row?.stamp ?? "", columns: row?.columns ?? "" };
}
