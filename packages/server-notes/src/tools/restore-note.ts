import { defineTool, WRITES } from "@org/server-kit";
import * as z from "zod";
import type { Notes } from "../context.ts";
import { readNote } from "../vault/notes.ts";
import { restoreNote as restore } from "../vault/trash.ts";
import { NoteState, stateOf, stateText } from "./fields.ts";

export const restoreNote = defineTool({
  name: "restore_note",
  title: "Restore a deleted note",
  description:
    "Moves a deleted note back to where it was; if several had the same path, the last deleted. Never overwrites. Use " +
    "delete_note to delete a note.",
  annotations: WRITES,
  input: z.strictObject({
    note: z.string().describe("Its path before it was deleted (projects/roadmap.md), or its exact title."),
  }),
  output: NoteState,
  async run({ note }, { vault }: Notes, { signal }) {
    return stateOf(await readNote(vault, await restore(vault, note, signal)));
  },
  render: (state) => `Restored ${stateText(state)}`,
});
