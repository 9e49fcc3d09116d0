import { defineTool, READ_ONLY } from "@org/server-kit";
import * as z from "zod";
import type { Notes } from "../context.ts";
import { resolveFolder } from "../vault/resolve.ts";
import { cursorInput, fitting, folderInput } from "./fields.ts";
import { Paged, pageText, Row, rowOf, rowText } from "./rows.ts";

export const listNotes = defineTool({
  name: "list_notes",
  title: "List notes",
  description:
    "Returns notes of a folder or with a tag, the last changed first. Use search_notes to find notes by their words, " +
    "read_note for the content.",
  annotations: READ_ONLY,
  input: z.strictObject({
    folder: folderInput,
    tag: z.string().optional().describe("Only notes with this tag, or one below it: a finds a/b."),
    sort: z.enum(["modified", "created", "title"]).default("modified").describe("Newest first, or by title."),
    limit: z.int().min(1).max(200).default(50).describe("Notes a page."),
    cursor: cursorInput,
  }),
  output: Paged.extend({ notes: z.array(Row) }),
  async run({ tag, sort, limit, cursor, ...input }, { vault }: Notes, { signal, maxOutput }) {
    const folder = await resolveFolder(vault, input.folder);
    const tags = tag === undefined ? undefined : [tag];
    return fitting(limit, maxOutput, async (rows) => {
      const page = await vault.index.call("list", { folder, tags, sort, limit: rows, cursor }, signal);
      const { total, complete, items } = page;
      return { total, complete, ...(page.cursor !== undefined && { cursor: page.cursor }), notes: items.map(rowOf) };
    });
  },
  render(value) {
    const [head, tail] = pageText(value, value.notes.length, "note");
    return [head, ...value.notes.map(rowText)].join("\n") + tail;
  },
});
