import { counted, defineTool, fromCursor, quote, READ_ONLY, toCursor } from "@org/server-kit";
import * as z from "zod";
import { readCatalog } from "../catalog/catalog.ts";
import { type ListedTable, listTables } from "../catalog/list-tables.ts";
import { KINDS } from "../catalog/scope.ts";
import { bytesInWords, fitting, oneLine } from "../catalog/words.ts";
import type { Postgres } from "../context.ts";
import { fenced } from "../rows/fence.ts";
import { databaseInput } from "./fields.ts";

const LETTERS = { table: "r", partitioned_table: "p", view: "v", materialized_view: "m", foreign_table: "f" } as const;
const KIND_NAMES = ["table", "partitioned_table", "view", "materialized_view", "foreign_table", "partition"] as const;

const Place = z.tuple([z.string(), z.string()]);
/** Characters shown of a comment. */
const LONGEST_COMMENT = 160;
/** Characters for the header, the fence and the line of facts. */
const FRAME = 600;

export const listTablesTool = defineTool({
  name: "list_tables",
  title: "List tables",
  description:
    "Lists tables, views, materialized, foreign and partitioned tables with estimated rows, size and comment. Partitions count " +
    "with their parent. Use search_schema to look for a topic, and describe_table for columns and keys.",
  annotations: READ_ONLY,
  input: z.strictObject({
    schema: z
      .string()
      .min(1)
      .optional()
      .describe("Only this schema, such as public. Default: all but PostgreSQL's own."),
    pattern: z.string().min(1).optional().describe("Table name in any case, * for any characters: 'order*'."),
    kinds: z.array(z.enum(KIND_NAMES)).optional().describe("Only these kinds. Default: all but partition."),
    limit: z.int().min(1).max(500).default(100).describe("Tables per page."),
    cursor: z.string().min(1).optional().describe("Cursor from the previous page."),
    database: databaseInput,
  }),
  async run({ database, limit, cursor, kinds, ...asked }, { databases, policy }: Postgres, { signal, maxOutput }) {
    const question = { database, kinds, ...asked };
    const after = fromCursor(cursor, Place, question);
    const chosen = kinds?.map((kind) => (kind === "partition" ? kind : LETTERS[kind])) ?? [];
    const letters = chosen.length > 0 ? chosen : Object.values(LETTERS);
    const rows = await readCatalog(databases.find(database), policy, signal, (catalog) =>
      listTables(catalog, { ...asked, kinds: letters, limit, after }),
    );
    const lines = fitting(rows.slice(0, limit).map(lineOf), maxOutput - FRAME);
    const last = rows[lines.length - 1];
    const next = lines.length < rows.length && last ? toCursor([last.schema, last.name], question) : undefined;
    if (last === undefined) return nothing(asked, policy.isNarrowed);
    const total = counted(last.total, "table", "tables and views");
    return [
      fenced(["name\tkind\trows\tsize\tcomment", ...lines].join("\n")),
      `${lines.length === last.total ? total : `${lines.length} of ${total}`}; rows are estimates` +
        (next === undefined ? "" : `; next cursor: ${next}`),
    ];
  },
});

function nothing(
  { schema, pattern }: { schema?: string | undefined; pattern?: string | undefined },
  isNarrowed: boolean,
): string {
  const looked = [
    schema === undefined ? "all schemas but PostgreSQL's own" : `the schema ${quote(schema)}`,
    pattern !== undefined && `names like ${quote(pattern)}`,
    isNarrowed && "what --schemas and --tables allow",
  ].filter(Boolean);
  return `No tables. Looked at ${looked.join(", ")}. Try without arguments, or search_schema.`;
}

function lineOf({ sql_name, relkind, rows, bytes, partitions, comment, readable }: ListedTable): string {
  const kind = partitions === null ? KINDS[relkind] : `${KINDS[relkind]}, ${counted(partitions, "partition")}`;
  const said = comment === null ? "" : oneLine(comment);
  return [
    sql_name,
    readable ? kind : `${kind}, not readable by this role`,
    rows === null ? (relkind === "v" || relkind === "f" ? "" : "?") : String(Math.round(rows)),
    bytes === null ? "" : bytesInWords(bytes),
    said.length > LONGEST_COMMENT ? `${said.slice(0, LONGEST_COMMENT)}…` : said,
  ]
    .join("\t")
    .trimEnd();
}
