import { defineTool, WRITES } from "@org/server-kit";
import * as z from "zod";
import type { Notes } from "../context.ts";
import { createNote as create } from "../vault/create.ts";
import { NoteState, stateOf, stateText } from "./fields.ts";

export const createNote = defineTool({
  name: "create_note",
  title: "Create a note",
  description:
    "Creates a note and returns its path and etag. The title names the file; characters that a file name cannot hold " +
    "become -. Never overwrites: use edit_note for a note that exists, open_daily_note for a daily note.",
  annotations: WRITES,
  input: z.strictObject({
    title: z
      .string()
      .min(1)
      .max(300)
      .describe("Title, 1 to 300 characters; it names the file: Roadmap gives Roadmap.md."),
    content: z.string().describe("The note's Markdown; may begin with front matter."),
    folder: z.string().default("").describe("Folder for the note, created if missing. Default: the top folder."),
    tags: z
      .array(z.string())
      .max(100)
      .default([])
      .describe("Tags for the front matter, at most 100: ['work', 'work/ideas']. Default: none."),
  }),
  output: NoteState,
  run: async (note, { vault }: Notes) => stateOf(await create(vault, note)),
  render: (state) => `Created ${stateText(state)}`,
});
