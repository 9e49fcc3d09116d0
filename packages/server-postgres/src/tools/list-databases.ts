import { defineTool, READ_ONLY } from "@org/server-kit";
import * as z from "zod";
import type { Postgres } from "../context.ts";

export const listDatabases = defineTool({
  name: "list_databases",
  title: "List databases",
  description:
    "Lists the configured databases by the names that the other tools take as database. Connects to none of them.",
  annotations: READ_ONLY,
  input: z.strictObject({}),
  output: z.object({ databases: z.array(z.string()) }),
  run: (_, { databases }: Postgres) => ({ databases: [...databases.names] }),
  render: ({ databases }) => databases.join("\n"),
});
