import { counted, defineTool, WRITES } from "@org/server-kit";
import * as z from "zod";
import type { Notes } from "../context.ts";
import { foldName, stemOf, visibleName } from "../note-path.ts";
import { moveNote as move } from "../vault/bulk/move.ts";
import { readNote } from "../vault/notes.ts";
import { FailedNote, failedText, failuresOf, NoteState, noteInput, stateOf, stateText } from "./fields.ts";

const MOST_LISTED = 50;

export const moveNote = defineTool({
  name: "move_note",
  title: "Move or rename a note",
  description:
    "Moves or renames a note, and rewrites the links to it in every note, and its own links. Never overwrites. After a " +
    "timeout, repeat the call to finish. Use delete_note to remove a note.",
  annotations: WRITES,
  input: z.strictObject({
    note: noteInput,
    to: z.string().describe("New path, with .md: archive/roadmap.md. Or a folder, with / at the end: archive/."),
  }),
  output: NoteState.extend({
    moved_from: z.string().describe("Its path before."),
    rewritten: z.array(z.string()).describe("Notes whose links were rewritten, at most 50."),
    rewritten_total: z.int(),
    failed: z.array(FailedNote).describe("Notes whose links could not be rewritten, at most 50."),
    resumed: z.boolean().describe("True when an earlier call had begun this move."),
    hint: z.string().optional().describe("What still says the old name."),
  }),
  async run({ note, to }, { vault }: Notes, call) {
    const moved = await move(vault, note, to, call);
    const state = stateOf(await readNote(vault, moved.to));
    const [old, fresh] = [stemOf(moved.from), stemOf(moved.to)].map(foldName);
    const isStale = old !== fresh && foldName(state.title) === old;
    return {
      ...state,
      moved_from: visibleName(moved.from),
      rewritten: moved.rewritten.slice(0, MOST_LISTED).map(visibleName),
      rewritten_total: moved.rewritten.length,
      failed: failuresOf(moved.failed, MOST_LISTED),
      resumed: moved.isResumed,
      ...(isStale && {
        hint: `The note's title, in its front matter or first heading, is still ${JSON.stringify(state.title)}. Change it with edit_note if it should follow.`,
      }),
    };
  },
  render({ moved_from, rewritten, rewritten_total, failed, resumed, hint, ...state }) {
    return [
      `${resumed ? "Finished moving" : "Moved"} ${moved_from} to ${stateText(state)}`,
      `Links rewritten in ${counted(rewritten_total, "note")}`,
      ...rewritten.map((path) => `  ${path}`),
      ...(failed.length > 0 ? ["Not rewritten:", ...failed.map(failedText)] : []),
      ...(hint === undefined ? [] : [hint]),
    ].join("\n");
  },
});
