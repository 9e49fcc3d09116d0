import { defineTool, READ_ONLY } from "@org/server-kit";
import * as z from "zod";
import type { Notes } from "../context.ts";
import { resolveFolder } from "../vault/resolve.ts";
import { changedInputs, cursorInput, folderInput } from "./fields.ts";
import { ListedNote, Paged, pageOf, pageText, requireTags, rowOf, rowText } from "./rows.ts";

export const listNotes = defineTool({
  name: "list_notes",
  title: "List notes",
  description:
    "Returns the notes in a folder, with a tag, or changed in a period, most recently changed first. Use search_notes to find notes " +
    "by their words, read_note for the content.",
  annotations: READ_ONLY,
  input: z.strictObject({
    folder: folderInput,
    tag: z
      .string()
      .min(1)
      .optional()
      .describe("Only notes with this tag, or one below it: work also finds work/ideas."),
    ...changedInputs,
    sort: z
      .enum(["modified", "oldest", "created", "title"])
      .default("modified")
      .describe(
        "modified (default): last changed first; oldest: last changed last; created: newest first; title: A to Z.",
      ),
    limit: z.int().min(1).max(200).default(50).describe("Notes per page, 1 to 200. Default 50."),
    cursor: cursorInput,
  }),
  output: Paged.extend({ notes: z.array(ListedNote) }),
  async run({ tag, limit, ...input }, { vault }: Notes, { signal, maxOutput }) {
    const folder = await resolveFolder(vault, input.folder);
    const tags = tag === undefined ? [] : [tag];
    const page = await vault.index.call("list", { ...input, folder, tags, limit }, signal);
    if (page.total === 0) await requireTags(vault, tags, signal);
    return pageOf(page, maxOutput, rowOf);
  },
  render(value) {
    const [head, tail] = pageText(value, value.notes.length);
    return [head, ...value.notes.map(rowText)].join("\n") + tail;
  },
});
