import { counted, defineTool, READ_ONLY, ToolError } from "@org/server-kit";
import * as z from "zod";
import { readCatalog } from "../catalog/catalog.ts";
import { describeTable } from "../catalog/describe-table.ts";
import { findTable } from "../catalog/find-table.ts";
import { sampleValues } from "../catalog/sample-values.ts";
import { tableText } from "../catalog/table-text.ts";
import type { Postgres } from "../context.ts";
import { fenced } from "../rows/fence.ts";
import { databaseInput } from "./fields.ts";

/** Characters for the fence and the line of facts. */
const FRAME = 300;

export const describeTableTool = defineTool({
  name: "describe_table",
  title: "Describe a table",
  description:
    "Returns a table's or view's columns with types, comments and statistics, its keys, constraints, indexes, foreign keys in both " +
    "directions, triggers and policies. Read it before you write a query or a join.",
  annotations: READ_ONLY,
  input: z.strictObject({
    table: z.string().min(1).describe('Name, such as orders, app.orders or app."Order Items".'),
    schema: z.string().min(1).optional().describe("Schema, when several have a table of this name."),
    format: z.enum(["text", "json"]).default("text").describe("text for reading, json for programs. Default text."),
    database: databaseInput,
  }),
  async run({ table, schema, format, database }, { databases, policy, samples }: Postgres, { signal, maxOutput }) {
    const chosen = databases.find(database);
    const found = await readCatalog(chosen, policy, signal, async (catalog) =>
      describeTable(catalog, await findTable(catalog, table, schema)),
    );
    const values = samples ? await chosen.read(signal, (session) => sampleValues(session, policy, found)) : undefined;
    const columns = found.columns.map((column) => {
      const some = values?.get(column.name);
      return some === undefined ? column : { ...column, samples: some };
    });
    const definition = { ...found, columns };
    const facts = `${found.kind}, ${counted(columns.length, "column")}`;
    if (format === "text") {
      const { text, left } = tableText(definition, maxOutput - FRAME);
      return [fenced(text), left === 0 ? facts : `${facts}; ${left} lines left out: query pg_attribute for the rest`];
    }
    const body = JSON.stringify(definition);
    if (body.length + FRAME <= maxOutput) return [fenced(body), facts];
    throw new ToolError(
      "too_large",
      `the definition has ${body.length} characters. Ask for format text, which is shortened.`,
    );
  },
});
