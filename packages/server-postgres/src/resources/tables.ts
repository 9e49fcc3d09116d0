import { type Body, fromCursor, type Page, ToolError, toCursor } from "@org/server-kit";
import * as z from "zod";
import { type Catalog, readCatalog, readRows } from "../catalog/catalog.ts";
import { describeTable } from "../catalog/describe-table.ts";
import { findTable } from "../catalog/find-table.ts";
import { listTables } from "../catalog/list-tables.ts";
import { IN_SCOPE, OF_USERS, READABLE_KINDS } from "../catalog/scope.ts";
import type { Postgres } from "../context.ts";

const PAGE = 500;
const COMPLETIONS = 100;
const KINDS = ["r", "p", "v", "m", "f"];

interface Variables {
  readonly database: string;
  readonly schema: string;
  readonly table: string;
}

/** A table's definition as JSON; undefined if there is none of that name. */
export async function readTable(
  { database, schema, table }: Variables,
  { databases, policy }: Postgres,
  signal: AbortSignal,
): Promise<Body | undefined> {
  if (!databases.names.includes(database)) return undefined;
  const quoted = `"${table.replaceAll('"', '""')}"`;
  try {
    const found = await readCatalog(databases.find(database), policy, signal, async (catalog) =>
      describeTable(catalog, await findTable(catalog, quoted, schema)),
    );
    return { text: JSON.stringify(found) };
  } catch (error) {
    if (error instanceof ToolError && error.code === "not_found") return undefined;
    throw error;
  }
}

const uriOf = (...parts: readonly string[]) => `postgres://${parts.map(encodeURIComponent).join("/")}`;

/** The database of the next page, and the last table listed. */
const Place = z.tuple([z.int().nonnegative(), z.tuple([z.string(), z.string()]).nullable()]);

/** Lists one database after another. One that cannot be reached lists nothing, and its tools say why. */
export async function listPage({ databases, policy }: Postgres, cursor: string | undefined): Promise<Page> {
  const [at, after] = fromCursor(cursor, Place) ?? [0, null];
  const name = databases.names[at];
  if (name === undefined) return { items: [] };
  const listing = { kinds: KINDS, limit: PAGE, after: after ?? undefined };
  const rows = await readCatalog(databases.find(name), policy, AbortSignal.timeout(PATIENCE), (catalog) =>
    listTables(catalog, listing),
  ).catch(unreachable);
  const shown = rows.slice(0, PAGE);
  const last = shown.at(-1);
  const isMore = rows.length > PAGE && last !== undefined;
  const next = isMore ? toCursor([at, [last.schema, last.name]]) : toCursor([at + 1, null]);
  return {
    items: shown.map((table) => ({ uri: uriOf(name, table.schema, table.name), name: table.sql_name })),
    ...((isMore || at + 1 < databases.names.length) && { next }),
  };
}

/** Milliseconds that a listing or completion waits for a database: a person is typing. */
const PATIENCE = 5000;

function unreachable(error: unknown): [] {
  if (error instanceof ToolError || (error instanceof DOMException && error.name === "TimeoutError")) return [];
  throw error;
}

const COLUMNS = { schema: "n.nspname", table: "c.relname" } as const;

/** Names of schemas or tables that begin with the typed text. */
export async function completions(
  { databases, policy }: Postgres,
  part: keyof typeof COLUMNS,
  typed: string,
): Promise<string[]> {
  const column = COLUMNS[part];
  const Name = z.object({ name: z.string() });
  const names = (catalog: Catalog) =>
    readRows(
      catalog,
      Name,
      `SELECT DISTINCT ${column}::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ${READABLE_KINDS} AND NOT c.relispartition AND ${OF_USERS} AND ${IN_SCOPE}
          AND starts_with(${column}::text, $2) ORDER BY 1 LIMIT ${COMPLETIONS}`,
      [catalog.scope, typed],
    );
  const found = await Promise.all(
    databases.names.map((name) =>
      readCatalog(databases.find(name), policy, AbortSignal.timeout(PATIENCE), names).catch(unreachable),
    ),
  );
  return [...new Set(found.flat().map(({ name }) => name))].slice(0, COMPLETIONS);
}
