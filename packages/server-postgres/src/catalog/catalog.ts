import * as z from "zod";
import type { Database, Param, Session } from "../connection/types.ts";
import type { Policy } from "../guard/policy.ts";
import { READABLE_KINDS } from "./scope.ts";

/** A read-only transaction for reading PostgreSQL's own catalogue. */
export interface Catalog {
  readonly session: Session;
  readonly policy: Policy;
  /** What the options allow the tools to show. Queries that use {@link IN_SCOPE} take it as their first parameter. */
  readonly scope: Param;
}

/**
 * Opens the catalogue of a database. Only PostgreSQL's own functions and operators can be found in it, whatever a
 * schema of the search path contains; names in definitions include their schemas.
 */
export function readCatalog<T>(
  database: Database,
  policy: Policy,
  signal: AbortSignal,
  work: (catalog: Catalog) => Promise<T>,
): Promise<T> {
  return database.read(signal, async (session) => {
    const path = session.rows("SET LOCAL search_path TO pg_catalog");
    const [scope] = await Promise.all([scopeOf(session, policy), path]);
    return work({ session, policy, scope });
  });
}

/** Reads the catalogue in a session that also runs a caller's statements, which need its own search path back. */
export async function withCatalog<T>(
  session: Session,
  policy: Policy,
  work: (catalog: Catalog) => Promise<T>,
): Promise<T> {
  const [row] = await session.rows("SELECT pg_catalog.current_setting('search_path') AS path");
  await session.rows("SET LOCAL search_path TO pg_catalog");
  const result = await work({ session, policy, scope: await scopeOf(session, policy) });
  await session.rows("SELECT set_config('search_path', $1, true)", [row?.path ?? ""]);
  return result;
}

const Relation = z.object({ oid: z.string(), schema: z.string(), name: z.string() });

async function scopeOf(session: Session, policy: Policy): Promise<Param> {
  if (!policy.isNarrowed) return null;
  const relations = await session.rows(
    `SELECT c.oid, n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ${READABLE_KINDS}`,
  );
  const allowed = relations.map((row) => Relation.parse(row)).filter(({ schema, name }) => policy.allows(schema, name));
  return JSON.stringify(Object.fromEntries(allowed.map(({ oid }) => [oid, true])));
}

/** Runs one of our queries that returns a single JSON value, and validates it. */
export async function readJson<S extends z.ZodType>(
  { session }: Catalog,
  schema: S,
  sql: string,
  params: readonly Param[] = [],
): Promise<z.output<S>> {
  const [row = {}] = await session.rows(sql, params);
  return schema.parse(JSON.parse(Object.values(row)[0] ?? "null"));
}

/** The rows of one of our queries, as objects with a field for each column. */
export async function readRows<S extends z.ZodType>(
  catalog: Catalog,
  schema: S,
  sql: string,
  params: readonly Param[] = [],
): Promise<z.output<S>[]> {
  return readJson(catalog, z.array(schema), `SELECT coalesce(json_agg(row_to_json(r)), '[]') FROM (${sql}) r`, params);
}
