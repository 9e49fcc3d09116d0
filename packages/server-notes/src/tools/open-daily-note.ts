import { defineTool, WRITES } from "@org/server-kit";
import * as z from "zod";
import type { Notes } from "../context.ts";
import { openDailyNote as open } from "../vault/daily/daily.ts";
import { NoteState, stateOf, stateText } from "./fields.ts";

/** The share of a result that the note may fill: escapes make JSON longer than the text. */
const SHARE = 0.4;

export const openDailyNote = defineTool({
  name: "open_daily_note",
  title: "Open the daily note",
  description:
    "Returns the daily note for a day. If it is missing, creates it from its template, with the folder and name from the " +
    "vault's settings. Appends content if given. Use edit_note for other changes.",
  annotations: WRITES,
  input: z.strictObject({
    date: z.string().min(1).optional().describe("Day as YYYY-MM-DD. Default: today."),
    content: z.string().optional().describe("Markdown to add at the end."),
  }),
  output: NoteState.extend({
    created: z.boolean().describe("Whether it was missing."),
    text: z.string().nullable().describe("The whole note; null when it is too long for this answer: use read_note."),
  }),
  async run({ date, content }, { vault }: Notes, { signal, maxOutput }) {
    const { note, isCreated } = await open(vault, date, content, signal);
    const fits = JSON.stringify(note.text).length < maxOutput * SHARE;
    return { ...stateOf(note), created: isCreated, text: fits ? note.text : null };
  },
  render: ({ created, text, ...state }) =>
    `${created ? "Created" : "Opened"} ${stateText(state)}\n${text ?? "(too long for this answer: use read_note)"}`,
});
