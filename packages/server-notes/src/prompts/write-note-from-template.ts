import { definePrompt } from "@org/server-kit";
import * as z from "zod";
import type { Notes } from "../context.ts";

// Loaded with the first question, and no part of a start.
const load = () => import("../vault/daily/templates.ts");

export const writeNoteFromTemplate = definePrompt({
  name: "write_note_from_template",
  title: "Write a note from a template",
  description: "Asks for a new note that follows one of the templates in the templates folder.",
  args: z.strictObject({
    template: z.string().describe("Name of a file in the templates folder, without .md: meeting."),
    title: z.string().describe("Title of the new note."),
  }),
  complete: {
    template: async (typed, { vault }: Notes) =>
      (await (await load()).templateNames(vault)).filter((name) => name.toLowerCase().startsWith(typed.toLowerCase())),
  },
  async run({ template, title }, { vault }: Notes, { signal }) {
    const { fillTemplate, requireTemplate } = await load();
    const form = await fillTemplate(vault, await requireTemplate(vault, template, signal), title, new Date());
    return [
      `Write a new note with the title: ${title}`,
      "It has this form:",
      "",
      form.trimEnd(),
      "",
      "Ask me for what you do not know. Keep the headings and the front matter, fill in the rest, and save it with create_note.",
    ].join("\n");
  },
});
