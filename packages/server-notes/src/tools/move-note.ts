import { counted, defineTool, WRITES } from "@org/server-kit";
import * as z from "zod";
import type { Notes } from "../context.ts";
import { moveNote as move } from "../vault/move.ts";
import { readNote } from "../vault/notes.ts";
import { NoteState, noteInput, stateOf, stateText } from "./fields.ts";

const MOST_LISTED = 50;

export const moveNote = defineTool({
  name: "move_note",
  title: "Move or rename a note",
  description:
    "Moves or renames a note and rewrites the links to it, and its own, in every note. Never overwrites. When a call " +
    "was interrupted, the same call again finishes it. Use delete_note to remove a note.",
  annotations: WRITES,
  input: z.strictObject({
    note: noteInput,
    to: z.string().describe("New path: archive/roadmap.md. A folder with / at the end (archive/) keeps the name."),
  }),
  output: NoteState.extend({
    moved_from: z.string().describe("Its path before."),
    rewritten: z.array(z.string()).describe("Notes whose links were rewritten, at most 50."),
    rewritten_total: z.int(),
    failed: z.array(z.string()).describe("Notes whose links could not be rewritten, at most 50."),
    resumed: z.boolean().describe("True when an interrupted move was finished."),
  }),
  async run({ note, to }, { vault }: Notes, { signal }) {
    const moved = await move(vault, note, to, signal);
    return {
      ...stateOf(await readNote(vault, moved.to)),
      moved_from: moved.from,
      rewritten: moved.rewritten.slice(0, MOST_LISTED),
      rewritten_total: moved.rewritten.length,
      failed: moved.failed.slice(0, MOST_LISTED),
      resumed: moved.isResumed,
    };
  },
  render({ moved_from, rewritten, rewritten_total, failed, resumed, ...state }) {
    const links = `Links rewritten in ${counted(rewritten_total, "note")}${rewritten.map((path) => `\n  ${path}`).join("")}`;
    const failures = failed.length > 0 ? `\nNot rewritten${failed.map((path) => `\n  ${path}`).join("")}` : "";
    return `${resumed ? "Finished moving" : "Moved"} ${moved_from} to ${stateText(state)}\n${links}${failures}`;
  },
});
