import { renameTag } from "../markdown/rename-tag.ts";
import { foldTag } from "../markdown/tags.ts";
import { isNotePath } from "../note-path.ts";
import { changeNote, readNote } from "./notes.ts";
import { listedFiles } from "./sweep.ts";
import type { Vault } from "./vault.ts";

export interface Renamed {
  /** How often the tag was, or would be, renamed. */
  readonly count: number;
  readonly notes: readonly string[];
  /** Notes that could not be changed, and why. */
  readonly failed: readonly { readonly path: string; readonly problem: string }[];
}

/** Renames a tag, and those below it, in every note. Each note is changed at once or not at all; a second call finishes. */
export async function renameTagEverywhere(
  vault: Vault,
  from: string,
  to: string,
  isDryRun: boolean,
  signal: AbortSignal,
): Promise<Renamed> {
  const needle = foldTag(from);
  const notes: string[] = [];
  const failed: { path: string; problem: string }[] = [];
  let count = 0;
  for (const path of await listedFiles(vault, signal)) {
    if (!isNotePath(path)) continue;
    signal.throwIfAborted();
    try {
      const { text } = await readNote(vault, path, signal);
      if (!text.normalize("NFC").toLowerCase().includes(needle)) continue;
      let renamed = renameTag(text, from, to);
      if (renamed.count > 0 && !isDryRun) {
        const change = (note: { text: string }) => {
          renamed = renameTag(note.text, from, to);
          return renamed.text;
        };
        await changeNote(vault, path, undefined, change, signal);
      }
      if (renamed.count === 0) continue;
      notes.push(path);
      count += renamed.count;
    } catch (error) {
      signal.throwIfAborted();
      failed.push({ path, problem: error instanceof Error ? error.message : "" });
    }
  }
  return { count, notes: notes.sort(), failed };
}
