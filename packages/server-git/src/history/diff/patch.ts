import { isNothing } from "../../git/object-id.ts";
import { shortPath } from "../../text/paths.ts";
import { LFS_VERSION } from "../files/lfs.ts";
import type { Reader } from "../reader.ts";
import type { FileChange } from "../types.ts";
import { type PatchPlace, readHunks } from "./hunks.ts";
import { bytesText } from "./stat.ts";

export interface PatchPage {
  readonly text: string;
  /** Indexes of the first and last file on the page, from 0; undefined when there is none. */
  readonly files?: readonly [number, number];
  readonly next?: PatchPlace;
}

const LFS_NOTE = "(Git LFS pointers: the contents lie outside of git's objects)\n";

/**
 * Reads a patch from `place` on and returns as many whole hunks as fit; a hunk larger than a page is split between
 * lines. Reading stops there.
 * @param room characters available for the page
 */
export async function readPatch(
  reader: Reader,
  changes: readonly FileChange[],
  place: PatchPlace,
  room: number,
): Promise<PatchPage> {
  let text = "";
  let files: [number, number] | undefined;
  const page = (next?: PatchPlace): PatchPage => ({ text, ...(files && { files }), ...(next && { next }) });
  for await (const { file, number, head, lines, skipped } of readHunks(reader, changes, place, room)) {
    const change = changes[file];
    if (!change) continue;
    const title = files?.[1] === file ? "" : titleOf(change);
    const note = lines.some((line) => line.startsWith(LFS_VERSION, 1)) ? LFS_NOTE : "";
    const whole = title + note + head + lines.join("");
    const fits = text.length + whole.length <= room;
    if (!fits && text !== "") return page({ file, hunk: number, line: skipped });
    files = [files?.[0] ?? file, file];
    if (fits) {
      text += whole;
      continue;
    }
    text = title + note + head;
    let count = 0;
    for (const line of lines) {
      if (text.length + line.length > room && count > 0) break;
      text += line;
      count += 1;
    }
    return page({ file, hunk: number, line: skipped + count });
  }
  return page();
}

/** The lines above a file's hunks, with every fact from git's own header. */
function titleOf(change: FileChange): string {
  const { status, path, from, similarity, oldMode, newMode, newId, added } = change;
  const facts: string[] = [];
  if (from) facts.push(`${status === "C" ? "copied" : "renamed"}, ${similarity}% the same`);
  if (status === "U") facts.push("in conflict: compared with our side");
  const isKept = !isNothing(oldMode) && !isNothing(newMode);
  if (isKept && oldMode !== newMode && status !== "U") facts.push(`mode ${oldMode}, now ${newMode}`);
  if (added === undefined && status !== "U") {
    facts.push(`binary${bytesText(change)}${isNothing(newId) && status !== "D" ? "; now in the work tree only" : ""}`);
  }
  const before = status === "A" ? "/dev/null" : `a/${shortPath(from ?? path)}`;
  const after = status === "D" ? "/dev/null" : `b/${shortPath(path)}`;
  return `--- ${before}\n+++ ${after}\n${facts.map((fact) => `(${fact})\n`).join("")}`;
}
