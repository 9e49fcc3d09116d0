import { counted, nearest, quote, ToolError } from "@org/server-kit";
import { renameTag } from "../../markdown/tags/rename-tag.ts";
import { foldTag } from "../../markdown/tags/tags.ts";
import { changeFile, settled } from "../notes.ts";
import type { Vault } from "../vault.ts";
import { type BulkCall, eachNote, interrupted, notesHolding, problemOf, reporter } from "./each-note.ts";

/** A note that could not be changed, and why. */
export interface Failed {
  readonly path: string;
  readonly reason: string;
}

export interface TagRenaming {
  /** How many times the tag was, or would be, renamed. */
  readonly count: number;
  readonly notes: readonly string[];
  readonly failed: readonly Failed[];
}

/**
 * Renames a tag, and those below it, in every note. Each note is changed atomically or not at all. A call that runs out
 * of time says so, and the same call continues where it ended, because renamed notes no longer have the tag. @throws
 * ToolError not_found when no note has the tag, and no earlier call renamed it
 */
export async function renameTagEverywhere(
  vault: Vault,
  { from, to, isDryRun }: { readonly from: string; readonly to: string; readonly isDryRun: boolean },
  call: BulkCall,
): Promise<TagRenaming> {
  const needle = foldTag(from);
  const report = reporter(call, `${isDryRun ? "looking for" : "renaming"} #${from}`);
  const notes: string[] = [];
  const failed: Failed[] = [];
  let [count, looked] = [0, 0];
  const paths = await notesHolding(vault, { tag: from }, call);
  for await (const { path, note, problem } of eachNote(vault, paths, call.signal)) {
    if (call.signal.aborted) break;
    try {
      const found = note && mayHold(note.text, needle) ? renameTag(note.text, from, to).count : 0;
      if (!note) failed.push({ path, reason: problem });
      if (found > 0) {
        count += isDryRun ? found : await renameIn(vault, path, { from, to }, call.signal);
        notes.push(path);
      }
    } catch (error) {
      if (!call.signal.aborted) failed.push({ path, reason: problemOf(error) });
    }
    looked += 1;
    await report(looked, paths.length);
  }
  // Even when time ran out: it may have renamed the last one, and the repeated call must learn that everything is done.
  if (!isDryRun && count > 0) await vault.finished.add({ kind: "tag", from, to });
  if (call.signal.aborted) {
    void vault.index.refresh(notes);
    const done = isDryRun ? "nothing was changed" : `#${from} is now #${to} in ${counted(notes.length, "note")}`;
    throw interrupted(call, `out of time after ${looked} of ${paths.length} notes: ${done}.`);
  }
  if (!isDryRun) await settled(vault, notes);
  if (count === 0 && failed.length === 0) await requireRenamed(vault, from, to, call.signal);
  return { count, notes: notes.sort(), failed };
}

const mayHold = (text: string, needle: string) => text.normalize("NFC").toLowerCase().includes(needle);

async function renameIn(
  vault: Vault,
  path: string,
  { from, to }: { readonly from: string; readonly to: string },
  signal: AbortSignal,
): Promise<number> {
  let count = 0;
  await changeFile(vault, path, {
    signal,
    change(note) {
      const renamed = renameTag(note.text, from, to);
      count = renamed.count;
      return renamed.text;
    },
  });
  return count;
}

/** For a repeated call it is fine to find nothing left to do; a tag that never existed is a mistake. */
async function requireRenamed(vault: Vault, from: string, to: string, signal: AbortSignal): Promise<void> {
  const [old, fresh] = [foldTag(from), foldTag(to)];
  const earlier = await vault.finished.find(
    (work) => work.kind === "tag" && foldTag(work.from) === old && foldTag(work.to) === fresh,
  );
  if (earlier) return;
  const { tags } = await vault.index.call("tags", undefined, signal);
  const close = nearest(
    old,
    tags.map(({ tag }) => [foldTag(tag), tag] as const),
  ).map((tag) => quote(tag));
  const hint = close.length > 0 ? `Nearest: ${close.join(", ")}.` : "list_tags returns the tags that exist.";
  throw new ToolError("not_found", `no note has the tag ${quote(from)}. ${hint}`);
}
