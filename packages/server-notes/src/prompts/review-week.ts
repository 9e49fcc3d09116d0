import { counted, definePrompt } from "@org/server-kit";
import * as z from "zod";
import type { Notes } from "../context.ts";
import { visibleName } from "../note-path.ts";
import { localDay } from "../vault/daily/dates.ts";

const DAYS = 7;
const NOTES = 60;

export const reviewWeek = definePrompt({
  name: "review_week",
  title: "Review the week",
  description: "Asks for a review of the last seven days, based on the notes that changed in that time.",
  args: z.strictObject({}),
  async run(_, { vault }: Notes, { signal }) {
    const first = new Date();
    first.setDate(first.getDate() - (DAYS - 1));
    const after = localDay(first);
    const { items, total } = await vault.index.call("list", { after, sort: "modified", limit: NOTES }, signal);
    const lines = items.map(
      ({ path, title, modifiedMs }) =>
        `- ${localDay(new Date(modifiedMs))} ${visibleName(path)}: ${visibleName(title)}`,
    );
    const listed = total > lines.length ? `, the latest ${lines.length} here` : "";
    return [
      "Review my week.",
      lines.length === 0
        ? `No note has changed since ${after}.`
        : `${counted(total, "note")} ${total === 1 ? "has" : "have"} changed since ${after}${listed}:`,
      ...lines,
      "Read what you need with read_note. Tell me what was done, what was decided, what is open, and what needs a " +
        "follow-up next week. Name the note for each point.",
    ].join("\n");
  },
});
