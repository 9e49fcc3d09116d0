import { array } from "../connection/sql.ts";
import type { Column, Database } from "../connection/types.ts";

/** Built-in types have lower oids, and never change their names. */
const FIRST_OF_USERS = 16384;
const builtIn = new Map<string, string>();

const NAMES =
  "SELECT pg_catalog.format_type(id, modifier) AS name FROM ROWS FROM (pg_catalog.unnest($1::oid[]), pg_catalog.unnest($2::int[])) AS w(id, modifier)";

const keyOf = ({ typeId, typeModifier }: Column) => `${typeId} ${typeModifier}`;

/** The types of columns, named as in psql: `integer`, `numeric(10,2)`, `app.mood[]`. */
export async function typeNames(
  database: Database,
  signal: AbortSignal,
  columns: readonly Column[],
): Promise<readonly string[]> {
  const found = new Map<string, string>();
  const missing = columns.filter((column) => !builtIn.has(keyOf(column)));
  if (missing.length > 0) {
    const ids = array(missing.map(({ typeId }) => String(typeId)));
    const modifiers = array(missing.map(({ typeModifier }) => String(typeModifier)));
    const rows = await database.read(signal, (session) => {
      const named = session.rows(NAMES, [ids, modifiers]);
      session.end();
      return named;
    });
    missing.forEach((column, at) => {
      const name = rows[at]?.name ?? "unknown";
      found.set(keyOf(column), name);
      if (column.typeId < FIRST_OF_USERS) builtIn.set(keyOf(column), name);
    });
  }
  return columns.map((column) => found.get(keyOf(column)) ?? builtIn.get(keyOf(column)) ?? "unknown");
}
