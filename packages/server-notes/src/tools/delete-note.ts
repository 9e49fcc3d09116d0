import { defineTool, REPLACES } from "@org/server-kit";
import * as z from "zod";
import type { Notes } from "../context.ts";
import { visibleName } from "../note-path.ts";
import { readNote } from "../vault/notes.ts";
import { resolveNote } from "../vault/resolve.ts";
import { trashNote } from "../vault/trash.ts";
import { NoteState, noteInput, stateOf, stateText } from "./fields.ts";

export const deleteNote = defineTool({
  name: "delete_note",
  title: "Delete a note",
  description:
    "Moves a note to the trash (.trash in the notes folder); restore_note brings it back. Links to it stay as they are. " +
    "Use move_note to archive a note instead.",
  annotations: REPLACES,
  input: z.strictObject({ note: noteInput }),
  output: NoteState.extend({ trashed_to: z.string().describe("Where it is now.") }),
  async run({ note }, { vault }: Notes, { signal }) {
    const found = await readNote(vault, await resolveNote(vault, note, signal), signal);
    return { ...stateOf(found), trashed_to: visibleName(await trashNote(vault, found.path, signal)) };
  },
  render: ({ trashed_to, ...state }) => `Deleted ${stateText(state)}, now ${trashed_to}`,
});
