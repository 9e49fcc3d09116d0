import { counted, defineTool, READ_ONLY, ToolError } from "@org/server-kit";
import * as z from "zod";
import { readCatalog } from "../catalog/catalog.ts";
import { drawSchema, MOST_TABLES } from "../catalog/draw-schema.ts";
import { findTable } from "../catalog/find-table.ts";
import type { Postgres } from "../context.ts";
import { databaseInput } from "./fields.ts";

/** The most names listed of tables that did not fit. */
const LISTED = 10;

export const drawSchemaTool = defineTool({
  name: "draw_schema",
  title: "Draw the schema",
  description:
    "Draws tables, columns and foreign keys as a Mermaid ER diagram of at most 60 tables, for people. Use describe_table for " +
    "what a query needs.",
  annotations: READ_ONLY,
  input: z.strictObject({
    schema: z.string().min(1).optional().describe("Only this schema. Default: all but PostgreSQL's own."),
    tables: z
      .array(z.string().min(1))
      .max(MOST_TABLES)
      .optional()
      .describe("Only these tables, up to 60: ['orders', 'app.items']."),
    database: databaseInput,
  }),
  async run({ schema, tables = [], database }, { databases, policy }: Postgres, { signal, maxOutput }) {
    const { text, drawn, links, left } = await readCatalog(
      databases.find(database),
      policy,
      signal,
      async (catalog) => {
        const oids: number[] = [];
        for (const table of tables) oids.push((await findTable(catalog, table, schema)).oid);
        return drawSchema(catalog, { schema, oids: oids.length > 0 ? oids : undefined, room: maxOutput - 1000 });
      },
    );
    if (drawn === 0) {
      throw new ToolError("not_found", "there are no tables to draw. Leave schema out, or look at list_tables.");
    }
    const rest = left.slice(0, LISTED).join(", ") + (left.length > LISTED ? ` and ${left.length - LISTED} more` : "");
    return [
      text,
      `${counted(drawn, "table")}, ${counted(links, "foreign key")}` +
        (left.length === 0 ? "" : `; no room for ${rest}: pass schema or tables`),
    ];
  },
});
