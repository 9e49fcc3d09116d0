import { counted, defineTool, fromCursor, quote, READ_ONLY, ToolError, toCursor } from "@org/server-kit";
import * as z from "zod";
import type { Column } from "../connection/types.ts";
import type { Postgres } from "../context.ts";
import { admit, prepare } from "../guard/guard.ts";
import { parameterCount } from "../plan/explain.ts";
import { FENCE_LENGTH, fenced } from "../rows/fence.ts";
import { requireOneEach, toParams } from "../rows/params.ts";
import { type Cell, type Page, readPage } from "../rows/read.ts";
import { firstShortened, layout, rowText, SHORT } from "../rows/table.ts";
import { typeNames } from "../rows/type-names.ts";
import { databaseInput, paramsInput, sqlInput } from "./fields.ts";

const Place = z.object({ skip: z.int().min(0) });

/** Characters for the line of facts, with a cursor and column names. */
const FACTS = 900;

export const query = defineTool({
  name: "query",
  title: "Query",
  description:
    "Runs one read statement (SELECT, WITH, VALUES, TABLE, SHOW, EXPLAIN) and returns columns with types and rows, tab-separated, " +
    "page by page. Use explain_query for a plan in words, describe_table for a table's columns.",
  annotations: READ_ONLY,
  input: z.strictObject({
    sql: sqlInput,
    params: paramsInput,
    max_rows: z
      .int()
      .min(1)
      .default(100)
      .describe("Rows per page. At least 1, default 100; the server caps it, usually at 1000."),
    full_values: z
      .boolean()
      .default(false)
      .describe(`Show values of more than ${SHORT} characters whole. Default false.`),
    cursor: z.string().min(1).optional().describe("Cursor from the previous page, with the same other arguments."),
    database: databaseInput,
  }),
  async run({ sql, params, max_rows, full_values, cursor, database }, { databases, policy, maxRows }: Postgres, call) {
    const target = databases.find(database);
    const values = toParams(params);
    const question = [target.name, sql, values, full_values];
    const { skip } = fromCursor(cursor, Place, question) ?? { skip: 0 };
    const prepared = await prepare(sql, values);
    const needed = parameterCount(prepared);
    if (prepared.statement.kind === "explain" && needed > 0 && values.length === 0)
      throw new ToolError(
        "invalid_input",
        "EXPLAIN needs values for $1 in params here; explain_query plans without them.",
      );
    requireOneEach(needed, values);
    const room = call.maxOutput - FACTS - FENCE_LENGTH;
    const most = full_values ? room : SHORT;
    const limit = Math.min(max_rows, maxRows);
    const page = await target.read(call.signal, async (session) => {
      const masked = await admit(session, prepared, policy);
      let used = 0;
      const found = await readPage(session, prepared, values, {
        skip,
        limit,
        keep: { left: room * 4 + (64 << 10), value: most * 4 },
        // The header's length is not known yet. The first row is always shown, at least in part.
        fits(row) {
          const { length } = rowText(row, row.length, most);
          used += length + 1;
          return used <= room || used === length + 1;
        },
      });
      return hidden(found, masked);
    });
    const { columns, rows } = page;
    const types = await typeNames(target, call.signal, columns);
    const { header, text, shown, isCut, shortened } = table(columns, types, rows, room, most);
    const next = skip + text.length;
    const hasMore = page.hasMore || text.length < rows.length;
    const facts = [
      skip > 0 ? `rows ${skip + 1}-${next}` : counted(text.length, "row"),
      hasMore ? `more rows exist: pass cursor ${toCursor({ skip: next }, question)}` : "complete",
      ...(shown < columns.length ? [`the first ${shown} of ${columns.length} columns: select the others by name`] : []),
      ...(shortened ? [shortenedHint(full_values || isCut, shortened)] : []),
    ];
    return [fenced([header, ...text].join("\n")), facts.join("; ")];
  },
});

/** @param isRoomTaken whether the full values would not fit either */
const shortenedHint = (isRoomTaken: boolean, { name }: Column) =>
  isRoomTaken
    ? `long values are shortened to …[length]: read one in parts, as with substr(${inSql(name)}::text, 1, 10000)`
    : "long values are shortened to …[length]: full_values shows them";

const inSql = (name: string) => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : quote(name.replaceAll('"', '""'), 130));

function hidden(page: Page, masked: ReadonlySet<string>): Page {
  const isMasked = page.columns.map(({ tableId, columnNumber }) => masked.has(`${tableId}.${columnNumber}`));
  if (!isMasked.includes(true)) return page;
  return {
    ...page,
    rows: page.rows.map((row) =>
      row.map((cell, at) => (isMasked[at] && cell.text !== null ? { text: "[masked]" } : cell)),
    ),
  };
}

/** As many rows as fit. The first one is always shown, with its values shortened further if necessary. */
function table(
  columns: readonly Column[],
  types: readonly string[],
  rows: readonly (readonly Cell[])[],
  room: number,
  most: number,
) {
  const { header, shown, room: left } = layout(columns, types, room);
  const text: string[] = [];
  let [used, isCut] = [0, false];
  let shortened: Column | undefined;
  for (const row of rows) {
    let line = rowText(row, shown, most);
    let each = most;
    if (used + line.length + 1 > left) {
      if (text.length > 0) break;
      // Each value gets its share, minus the note on its length, and less again if characters need escapes.
      each = Math.max(Math.floor(left / Math.max(shown, 1)) - 30, 0);
      line = rowText(row, shown, each);
      for (; line.length + 1 > left && each > 0; line = rowText(row, shown, each)) each = Math.floor(each * 0.8);
      isCut = true;
      if (line.length + 1 > left)
        throw new ToolError("too_large", "not even one row fits the answer. Select fewer columns.");
    }
    shortened ??= columns[firstShortened(row, shown, each)];
    used += line.length + 1;
    text.push(line);
  }
  return { header, text, shown, isCut, shortened };
}
