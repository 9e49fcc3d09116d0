import { counted, defineTool, REPLACES, ToolError } from "@org/server-kit";
import * as z from "zod";
import type { Notes } from "../context.ts";
import { foldTag } from "../markdown/tags/tags.ts";
import { visibleName } from "../note-path.ts";
import { renameTagEverywhere } from "../vault/bulk/rename-everywhere.ts";
import { checkedTag } from "../vault/create.ts";
import { FailedNote, failedText, failuresOf } from "./fields.ts";

const MOST_LISTED = 100;

export const renameTag = defineTool({
  name: "rename_tag",
  title: "Rename a tag",
  description:
    "Renames a tag in the text and front matter of every note, and the tags below it (a/b when a is renamed). Merges into " +
    "an existing tag. After a timeout, repeat the call to continue. Use dry_run to see which notes, list_tags for names.",
  annotations: REPLACES,
  input: z.strictObject({
    from: z.string().describe("Tag to rename, with or without #."),
    to: z.string().describe("New name, with or without #."),
    dry_run: z.boolean().default(false).describe("Only report what would change. Default: false."),
  }),
  output: z.object({
    from: z.string(),
    to: z.string(),
    renamed: z.int().describe("Occurrences; 0 when an earlier call has renamed them all."),
    notes: z.array(z.string()).describe("Notes that have them, at most 100."),
    notes_total: z.int(),
    failed: z.array(FailedNote).describe("Notes that could not be changed, at most 100."),
    dry_run: z.boolean(),
  }),
  async run({ from, to, dry_run }, { vault }: Notes, call) {
    const [old, fresh] = [checkedTag(from), checkedTag(to)];
    if (old === fresh) throw new ToolError("invalid_input", "from and to are the same tag. Pass another name as to.");
    if (foldTag(fresh).startsWith(`${foldTag(old)}/`)) {
      throw new ToolError(
        "invalid_input",
        "to is a tag below from, which would be renamed again. Choose another name.",
      );
    }
    const { count, notes, failed } = await renameTagEverywhere(
      vault,
      { from: old, to: fresh, isDryRun: dry_run },
      call,
    );
    return {
      from: old,
      to: fresh,
      renamed: count,
      notes: notes.slice(0, MOST_LISTED).map(visibleName),
      notes_total: notes.length,
      failed: failuresOf(failed, MOST_LISTED),
      dry_run,
    };
  },
  render({ from, to, renamed, notes, notes_total, failed, dry_run }) {
    const did = dry_run ? "Would rename" : "Renamed";
    const head =
      renamed === 0 && failed.length === 0
        ? `Nothing left to rename: an earlier call renamed #${from} to #${to}`
        : `${did} #${from} to #${to} ${counted(renamed, "time")} in ${counted(notes_total, "note")}`;
    const failures = failed.length > 0 ? ["Not changed:", ...failed.map(failedText)] : [];
    return [head, ...notes.map((path) => `  ${path}`), ...failures].join("\n");
  },
});
