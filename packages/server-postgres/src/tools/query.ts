import { defineTool, READ_ONLY } from "@org/server-kit";
import * as z from "zod";
import type { Postgres } from "../context.ts";
import { databaseInput } from "./fields.ts";

export const query = defineTool({
  name: "query",
  title: "Query",
  description: "Runs one read statement.",
  annotations: READ_ONLY,
  input: z.strictObject({ sql: z.string().describe("One statement."), database: databaseInput }),
  async run({ sql, database }, { databases }: Postgres, { signal }) {
    const rows = await databases.find(database).read(signal, async (session) => (await session.answer(sql)).rows);
    return JSON.stringify(rows);
  },
});
