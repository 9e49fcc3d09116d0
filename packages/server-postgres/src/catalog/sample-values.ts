import { ToolError } from "@org/server-kit";
import { MARK } from "../connection/sql.ts";
import type { Session } from "../connection/types.ts";
import { admit, prepare } from "../guard/guard.ts";
import type { Policy } from "../guard/policy.ts";
import type { TableDefinition } from "./describe-table.ts";

/** Rows read, and distinct values kept of each column. */
const ROWS = 100;
const VALUES = 3;
/** Characters kept of one value. */
const LONGEST = 200;

/**
 * Some distinct values from the first rows, for each column that may be shown. Views and foreign tables are left to the
 * query tool, since reading them runs code written by others. So does row security, so tables with policies are skipped
 * too.
 */
export async function sampleValues(
  session: Session,
  policy: Policy,
  table: TableDefinition,
): Promise<ReadonlyMap<string, string[]>> {
  const isPlain = table.kind === "table" || table.kind === "partitioned table" || table.kind === "materialized view";
  if (!isPlain || table.row_security.enabled) return new Map();
  const columns = table.columns.filter(
    ({ readable, generated, masked }) => readable && generated === undefined && !masked,
  );
  if (columns.length === 0) return new Map();
  const list = columns.map(({ name }) => `pg_catalog.left(${quoted(name)}::pg_catalog.text, ${LONGEST})`).join(", ");
  const sql = `SELECT ${MARK} ${list} FROM ${table.sql_name} LIMIT ${ROWS}`;
  if (!(await isAdmitted(session, sql, policy))) return new Map();
  const { rows } = await session.answer(sql);
  return new Map(
    columns.map(({ name }, at) => {
      const values = new Set(rows.map((row) => row[at] ?? null));
      values.delete(null);
      return [name, [...values].flatMap((value) => value ?? []).slice(0, VALUES)];
    }),
  );
}

/** Casts to text may run code written by others, and so may the planner for indexes and checks. */
async function isAdmitted(session: Session, sql: string, policy: Policy): Promise<boolean> {
  try {
    await admit(session, await prepare(sql, []), policy);
    return true;
  } catch (error) {
    if (error instanceof ToolError && error.code === "access_denied") return false;
    throw error;
  }
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
