import { counted, defineTool, READ_ONLY, ToolError } from "@org/server-kit";
import * as z from "zod";
import { readCatalog } from "../catalog/catalog.ts";
import { label, searchSchema } from "../catalog/search-schema.ts";
import { fitting, oneLine } from "../catalog/words.ts";
import type { Postgres } from "../context.ts";
import { fenced } from "../rows/fence.ts";
import { databaseInput } from "./fields.ts";

const MOST = 50;
const LONGEST_COMMENT = 160;
/** Characters for the fence and the line of facts. */
const FRAME = 300;

export const searchSchemaTool = defineTool({
  name: "search_schema",
  title: "Search the schema",
  description:
    "Finds tables, columns and functions whose names or comments have the words of a question, best first. Use it to learn " +
    "where something is stored; describe_table then shows the table.",
  annotations: READ_ONLY,
  input: z.strictObject({
    query: z.string().min(1).max(200).describe("Words in any case, such as 'customer email', up to 200 characters."),
    database: databaseInput,
  }),
  async run({ query, database }, { databases, policy }: Postgres, { signal, maxOutput }) {
    if (!/[\p{L}\p{N}]/u.test(query))
      throw new ToolError("invalid_input", "query has no word. Pass a name or a topic.");
    const { found, total, isPartial, near } = await readCatalog(databases.find(database), policy, signal, (catalog) =>
      searchSchema(catalog, query, MOST),
    );
    if (found.length === 0) {
      const hint = near.length > 0 ? `Close: ${near.join(", ")}.` : "Try a synonym, or list_tables.";
      return `Nothing. Looked at names and comments of tables, columns and functions. ${hint}`;
    }
    const lines = found.map((thing) => {
      const comment = thing.comment === null ? "" : oneLine(thing.comment).slice(0, LONGEST_COMMENT);
      const facts = thing.kind === "function" ? `${label(thing)}${thing.facts}` : `${label(thing)}\t${thing.facts}`;
      return `${thing.kind === "table" ? "" : `${thing.kind} `}${facts}${comment === "" ? "" : `\t-- ${comment}`}`;
    });
    const kept = fitting(lines, maxOutput - FRAME);
    return [
      fenced(kept.join("\n")),
      `${kept.length === total ? counted(total, "match", "matches") : `${kept.length} of ${total} matches`}` +
        (isPartial ? "; none has all words, so these have some" : ""),
    ];
  },
});
