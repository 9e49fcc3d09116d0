import { defineResource } from "@org/server-kit";
import type { Postgres } from "../context.ts";

// Loaded with the first request, since the catalogue's schemas would slow down the start.
const load = () => import("./tables.ts");

export const tableResource = defineResource({
  name: "table",
  uri: "postgres://{database}/{schema}/{table}",
  title: "A table's definition",
  description: "Columns, keys, constraints, indexes and statistics of a table or view, as JSON.",
  mimeType: "application/json",
  complete: {
    database: (typed, { databases }: Postgres) => databases.names.filter((name) => name.startsWith(typed)),
    schema: async (typed, context: Postgres) => (await load()).completions(context, "schema", typed),
    table: async (typed, context: Postgres) => (await load()).completions(context, "table", typed),
  },
  list: async (cursor, context: Postgres) => (await load()).listPage(context, cursor),
  read: async (variables, context: Postgres, { signal }) => (await load()).readTable(variables, context, signal),
});
