import * as z from "zod";
import type { Database, Param, Session } from "../connection/types.ts";
import type { Policy } from "../guard/policy.ts";
import { READABLE_KINDS } from "./scope.ts";

/** A read-only transaction for questions to PostgreSQL's own catalogue. */
export interface Catalog {
  readonly session: Session;
  readonly policy: Policy;
  /** What the options let the tools show, for {@link IN_SCOPE}: the first parameter of a query that uses it. */
  readonly scope: Param;
}

/**
 * Opens the catalogue of a database. Only PostgreSQL's own functions and operators are found in it, whatever somebody has put
 * into a schema of the search path; names in definitions come back with their schemas.
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

/** Asks the catalogue in a session whose other statements are a caller's, and need its own search path again. */
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

/** Runs a query of ours that returns one JSON value, and checks the value. */
export async function readJson<S extends z.ZodType>(
  { session }: Catalog,
  schema: S,
  sql: string,
  params: readonly Param[] = [],
): Promise<z.output<S>> {
  const [row = {}] = await session.rows(sql, params);
  return schema.parse(JSON.parse(Object.values(row)[0] ?? "null"));
}

/** The rows of a query of ours, as objects by the names of its columns. */
export async function readRows<S extends z.ZodType>(
  catalog: Catalog,
  schema: S,
  sql: string,
  params: readonly Param[] = [],
): Promise<z.output<S>[]> {
  return readJson(catalog, z.array(schema), `SELECT coalesce(json_agg(row_to_json(r)), '[]') FROM (${sql}) r`, params);
}
