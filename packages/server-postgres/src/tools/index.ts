import type { Tool } from "@org/server-kit";
import type { Postgres } from "../context.ts";
import { databaseHealth } from "./database-health.ts";
import { describeTableTool } from "./describe-table.ts";
import { drawSchemaTool } from "./draw-schema.ts";
import { explainQuery } from "./explain-query.ts";
import { listDatabases } from "./list-databases.ts";
import { listTablesTool } from "./list-tables.ts";
import { query } from "./query.ts";
import { searchSchemaTool } from "./search-schema.ts";
import { suggestIndexesTool } from "./suggest-indexes.ts";
import { topQueriesTool } from "./top-queries.ts";

/** In the order of the README. */
const all: readonly Tool<Postgres>[] = [
  query,
  explainQuery,
  listTablesTool,
  describeTableTool,
  searchSchemaTool,
  drawSchemaTool,
  databaseHealth,
  topQueriesTool,
  suggestIndexesTool,
];

/** With one database, no tool has a `database` parameter. */
export function toolsFor(databases: number): readonly Tool<Postgres>[] {
  if (databases > 1) return [...all, listDatabases];
  return all.map((tool) => ({ ...tool, input: tool.input.omit({ database: true }).strict() }));
}
