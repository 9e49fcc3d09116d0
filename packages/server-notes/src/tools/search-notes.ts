import { counted, defineTool, READ_ONLY } from "@org/server-kit";
import * as z from "zod";
import type { Notes } from "../context.ts";
import { resolveFolder } from "../vault/resolve.ts";
import { changedInputs, cursorInput, folderInput, tagsInput } from "./fields.ts";
import { ListedNote, Paged, pageOf, pageText, requireTags, rowOf, rowText } from "./rows.ts";

export const searchNotes = defineTool({
  name: "search_notes",
  title: "Search notes",
  description:
    "Returns notes that answer a query or question, best first, each with a snippet. Ignores case, accents and plural; " +
    'takes "quoted phrases", prefixes (road*), -excluded words, and * for all notes. Use list_notes to browse.',
  annotations: READ_ONLY,
  input: z.strictObject({
    query: z.string().describe('Words or a question: budget "next year" road* -draft.'),
    folder: folderInput,
    tags: tagsInput,
    ...changedInputs,
    limit: z.int().min(1).max(50).default(10).describe("Notes per page, 1 to 50. Default 10."),
    cursor: cursorInput,
  }),
  output: Paged.extend({
    matched: z.enum(["all", "any"]).describe("any: some of the notes hold only some of the words."),
    with_all_words: z.int().describe("How many of the total hold all words; these come first."),
    searched: z.int().optional().describe("When nothing was found: how many notes were searched."),
    notes: z.array(ListedNote.extend({ snippet: z.string().describe("Text around the words found.") })),
  }),
  async run({ query, ...input }, { vault }: Notes, { signal, maxOutput }) {
    const folder = await resolveFolder(vault, input.folder);
    const page = await vault.index.call("search", { query, ...input, folder }, signal);
    const { total, withAll, searched } = page;
    if (total === 0) await requireTags(vault, input.tags ?? [], signal);
    return {
      ...pageOf(page, maxOutput, (item) => ({ ...rowOf(item), snippet: item.snippet })),
      matched: withAll === total ? ("all" as const) : ("any" as const),
      with_all_words: withAll,
      ...(total === 0 && { searched }),
    };
  },
  render(value) {
    const { total, matched, with_all_words, searched = 0, notes } = value;
    const [head, tail] = pageText(value, notes.length);
    if (total === 0)
      return `${head}. ${counted(searched, "note")} searched. Try fewer or other words, or a prefix (road*).`;
    const how = matched === "any" ? `, ${with_all_words || "none"} with all words` : "";
    return [head + how, ...notes.map((note) => `${rowText(note)}\n  ${note.snippet}`)].join("\n") + tail;
  },
});
