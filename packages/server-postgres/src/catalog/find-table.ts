import { nearest, quote, ToolError } from "@org/server-kit";
import * as z from "zod";
import { type Catalog, readRows } from "./catalog.ts";
import { IN_SCOPE, OF_USERS, READABLE_KINDS } from "./scope.ts";

const Found = z.object({ oid: z.number(), schema: z.string(), name: z.string(), sql_name: z.string() });
export type FoundTable = z.output<typeof Found>;

/** How many tables of the same name an error lists. */
const LISTED = 10;

/**
 * Finds a table, view or the like by `orders`, `app.orders` or `app."Order Items"`. An exact name wins over one that
 * differs only in case, and no schema is preferred.
 * @throws ToolError `not_found` with the nearest names; `invalid_input` when several match
 */
export async function findTable(catalog: Catalog, table: string, schema?: string): Promise<FoundTable> {
  const readings = schema === undefined ? readingsOf(table) : [{ schema, name: unquoted(table) }];
  for (const match of ["exact", "anyCase"] as const) {
    for (const reading of readings) {
      const [first, ...others] = await named(catalog, reading, match);
      if (first === undefined) continue;
      if (others.length === 0) return first;
      const names = [first, ...others].slice(0, LISTED).map(({ sql_name }) => sql_name);
      throw new ToolError("invalid_input", `several tables match ${quote(table)}: ${names.join(", ")}. Pass schema.`);
    }
  }
  const all = await readRows(catalog, Found, `${SELECT} AND ${OF_USERS}`, [catalog.scope]);
  const wanted = readings[0]?.name ?? table;
  const near = nearest(
    wanted.toLowerCase(),
    all.map(({ name, sql_name }) => [name.toLowerCase(), sql_name] as const),
  );
  const hint = near.length > 0 ? `Did you mean ${near.join(" or ")}?` : "list_tables lists them.";
  throw new ToolError("not_found", `there is no table ${quote(table)}${schema ? ` in ${quote(schema)}` : ""}. ${hint}`);
}

const SELECT = `SELECT c.oid::int8, n.nspname AS schema, c.relname AS name, format('%I.%I', n.nspname, c.relname) AS sql_name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ${READABLE_KINDS} AND ${IN_SCOPE}`;

interface Reading {
  readonly schema?: string | undefined;
  readonly name: string;
}

function named(catalog: Catalog, { schema, name }: Reading, match: "exact" | "anyCase") {
  const same = (column: string, value: string) =>
    match === "exact" ? `${column} = ${value}` : `lower(${column}) = lower(${value})`;
  // Temporary tables and those of the server itself are found only if their schema is given.
  const inSchema = `CASE WHEN $3::text IS NULL THEN ${OF_USERS} ELSE ${same("n.nspname", "$3")} END`;
  const sql = `${SELECT} AND ${same("c.relname", "$2")} AND ${inSchema} ORDER BY 2, 3 LIMIT 100`;
  return readRows(catalog, Found, sql, [catalog.scope, name, schema ?? null]);
}

/** A name may itself contain a dot, so the whole text is tried as a name first. */
function readingsOf(table: string): Reading[] {
  const parts = /^\s*("(?:[^"]|"")+"|[^".]+)\s*\.\s*("(?:[^"]|"")+"|[^"]+)\s*$/.exec(table);
  const whole = { name: unquoted(table) };
  if (parts?.[1] === undefined || parts[2] === undefined) return [whole];
  return [whole, { schema: unquoted(parts[1]), name: unquoted(parts[2]) }];
}

/** `"We""ird"` becomes `We"ird`; a name without quotes is unchanged. */
function unquoted(name: string): string {
  const trimmed = name.trim();
  const inner = /^"((?:[^"]|"")+)"$/.exec(trimmed)?.[1];
  return inner === undefined ? trimmed : inner.replaceAll('""', '"');
}
