import type { Tool } from "@org/server-kit";
import type { Postgres } from "../context.ts";
import { listDatabases } from "./list-databases.ts";
import { query } from "./query.ts";

/** The tools in the README's order. */
const all: readonly Tool<Postgres>[] = [query];

/** With one database, no tool asks which. */
export function toolsFor(databases: number): readonly Tool<Postgres>[] {
  if (databases > 1) return [...all, listDatabases];
  return all.map((tool) => ({ ...tool, input: tool.input.omit({ database: true }).strict() }));
}
