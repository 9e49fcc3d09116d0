import { defineTool, WRITES } from "@org/server-kit";
import * as z from "zod";
import type { Notes } from "../context.ts";
import { createNote as create } from "../vault/create.ts";
import { NoteState, stateOf, stateText } from "./fields.ts";

export const createNote = defineTool({
  name: "create_note",
  title: "Create a note",
  description:
    "Creates a note and returns its path and etag. The file is named by the title, what file names cannot hold " +
    "becomes -. Never overwrites: use edit_note for a note that exists, open_daily_note for the note of a day.",
  annotations: WRITES,
  input: z.strictObject({
    title: z.string().min(1).max(300).describe("Title, which names the file: Roadmap gives Roadmap.md."),
    content: z.string().describe("The note's Markdown; may begin with front matter."),
    folder: z.string().default("").describe("Folder of the note, made when missing. Default: the top folder."),
    tags: z.array(z.string()).max(100).default([]).describe("Tags for the front matter: ['work', 'work/ideas']."),
  }),
  output: NoteState,
  run: async (note, { vault }: Notes) => stateOf(await create(vault, note)),
  render: (state) => `Created ${stateText(state)}`,
});
