import { defineTool, READ_ONLY } from "@org/server-kit";
import * as z from "zod";
import type { Notes } from "../context.ts";
import { resolveFolder } from "../vault/resolve.ts";
import { cursorInput, fitting, folderInput } from "./fields.ts";
import { Paged, pageText, Row, rowOf, rowText } from "./rows.ts";

const day = (text: string) => z.string().min(1).optional().describe(`${text} (YYYY-MM-DD).`);

export const searchNotes = defineTool({
  name: "search_notes",
  title: "Search notes",
  description:
    "Returns notes that hold all words of a query, best first, with a snippet of each. Folds case and accents; " +
    '"quoted phrases", prefixes (road*), -excluded words. Use list_notes to browse a folder or tag.',
  annotations: READ_ONLY,
  input: z.strictObject({
    query: z.string().describe('Words: budget "next year" road* -draft.'),
    folder: folderInput,
    tags: z.array(z.string()).max(20).optional().describe("Only notes with all of these tags."),
    after: day("Only notes last changed on this day or later"),
    before: day("Only notes last changed before this day"),
    limit: z.int().min(1).max(50).default(10).describe("Notes a page."),
    cursor: cursorInput,
  }),
  output: Paged.extend({
    matched: z.enum(["all", "any"]).describe("any: no note holds all words, these hold some."),
    notes: z.array(Row.extend({ snippet: z.string().describe("Text around the words found.") })),
  }),
  async run({ query, limit, ...input }, { vault }: Notes, { signal, maxOutput }) {
    const filters = { ...input, folder: await resolveFolder(vault, input.folder) };
    return fitting(limit, maxOutput, async (rows) => {
      const page = await vault.index.call("search", { query, ...filters, limit: rows }, signal);
      const { total, complete, matched, items } = page;
      const notes = items.map((item) => ({ ...rowOf(item), snippet: item.snippet }));
      return { total, complete, ...(page.cursor !== undefined && { cursor: page.cursor }), matched, notes };
    });
  },
  render(value) {
    const [head, tail] = pageText(value, value.notes.length, "note");
    const how = value.matched === "any" ? ", none with all words" : "";
    const lines = value.notes.map((note) => `${rowText(note)}\n  ${note.snippet}`);
    return [head + how, ...lines].join("\n") + tail;
  },
});
