import { counted, definePrompt, ToolError } from "@org/server-kit";
import * as z from "zod";
import type { Notes } from "../context.ts";
import { visibleName } from "../note-path.ts";

const NOTES = 15;
const COMPLETIONS = 100;

export const summarizeNotes = definePrompt({
  name: "summarize_notes",
  title: "Summarize notes on a topic",
  description: "Asks for a summary of what the notes say about a topic, based on the notes that a search finds.",
  args: z.strictObject({ topic: z.string().describe("What the summary is about: budget, or a tag such as #work.") }),
  complete: {
    async topic(typed, { vault }: Notes) {
      if (!typed.startsWith("#")) return [];
      const { tags } = await vault.index.call("tags", undefined);
      const wanted = typed.toLowerCase();
      return tags
        .map(({ tag }) => `#${tag}`)
        .filter((tag) => tag.toLowerCase().startsWith(wanted))
        .slice(0, COMPLETIONS);
    },
  },
  async run({ topic }, { vault }: Notes, { signal }) {
    const tag = /^#(\S+)$/.exec(topic.trim())?.[1];
    const page =
      tag === undefined
        ? await vault.index.call("search", { query: topic, limit: NOTES }, signal)
        : await vault.index.call("list", { tags: [tag], sort: "modified", limit: NOTES }, signal);
    if (page.items.length === 0) throw new ToolError("not_found", "no notes are about this topic. Try other words.");
    const lines = page.items.map(({ path, title }) => `- ${visibleName(path)}: ${visibleName(title)}`);
    return [
      `Summarize what my notes say about: ${topic}`,
      `A search finds ${counted(page.total, "note")}, the best first${page.total > lines.length ? `, ${lines.length} of them here` : ""}:`,
      ...lines,
      "Read those that matter with read_note. Say what is agreed, what is open and where notes contradict each other, and " +
        "name the note for each point. Say so when the notes do not answer something; do not fill gaps.",
    ].join("\n");
  },
});
