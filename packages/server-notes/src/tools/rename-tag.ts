import { counted, defineTool, quote, REPLACES, ToolError } from "@org/server-kit";
import * as z from "zod";
import type { Notes } from "../context.ts";
import { foldTag } from "../markdown/tags.ts";
import { checkedTag } from "../vault/create.ts";
import { renameTagEverywhere } from "../vault/rename-tag.ts";

const MOST_LISTED = 100;

export const renameTag = defineTool({
  name: "rename_tag",
  title: "Rename a tag",
  description:
    "Renames a tag in the text and front matter of every note, and the tags below it (a/b when a is renamed); a tag that " +
    "exists is merged with. Use dry_run first to see which notes, list_tags for the names.",
  annotations: REPLACES,
  input: z.strictObject({
    from: z.string().describe("Tag to rename, with or without #."),
    to: z.string().describe("Its new name."),
    dry_run: z.boolean().default(false).describe("Only say what would change."),
  }),
  output: z.object({
    from: z.string(),
    to: z.string(),
    renamed: z.int().describe("Occurrences."),
    notes: z.array(z.string()).describe("Notes that have them, at most 100."),
    notes_total: z.int(),
    failed: z.array(z.string()).describe("Notes that could not be changed, at most 100."),
    dry_run: z.boolean(),
  }),
  async run({ from, to, dry_run }, { vault }: Notes, { signal, log }) {
    const [old, fresh] = [checkedTag(from), checkedTag(to)];
    if (old === fresh) throw new ToolError("invalid_input", "from and to are the same tag.");
    if (foldTag(fresh).startsWith(`${foldTag(old)}/`)) {
      throw new ToolError("invalid_input", "to is a tag below from: renaming would never end. Choose another name.");
    }
    const { count, notes, failed } = await renameTagEverywhere(vault, old, fresh, dry_run, signal);
    for (const { path, problem } of failed) log.warn("a tag was not renamed", { path, problem });
    if (count === 0 && failed.length === 0) {
      throw new ToolError("not_found", `no note has the tag ${quote(old)}. list_tags gives those that there are.`);
    }
    const shown = notes.slice(0, MOST_LISTED);
    const unchanged = failed.map(({ path }) => path).slice(0, MOST_LISTED);
    return {
      from: old,
      to: fresh,
      renamed: count,
      notes: shown,
      notes_total: notes.length,
      failed: unchanged,
      dry_run,
    };
  },
  render({ from, to, renamed, notes, notes_total, failed, dry_run }) {
    const head = `${dry_run ? "Would rename" : "Renamed"} #${from} to #${to} ${counted(renamed, "time")} in ${counted(notes_total, "note")}`;
    const failures = failed.length > 0 ? ["Not changed:", ...failed.map((path) => `  ${path}`)] : [];
    return [head, ...notes.map((path) => `  ${path}`), ...failures].join("\n");
  },
});
