import { counted } from "@org/server-kit";
import { showPath } from "../../text/paths.ts";
import type { FileChange } from "../types.ts";

/** Totals of a comparison; binary files have no lines to count. */
export interface Totals {
  readonly files: number;
  readonly added: number;
  readonly removed: number;
}

export function totalsOf(changes: readonly FileChange[]): Totals {
  let [added, removed] = [0, 0];
  for (const change of changes) {
    added += change.added ?? 0;
    removed += change.removed ?? 0;
  }
  return { files: changes.length, added, removed };
}

export const totalsText = ({ files, added, removed }: Totals): string =>
  files === 0 ? "no differences" : `${counted(files, "file")}, +${added} -${removed}`;

/**
 * One line for each file. When they do not fit, the rest is summed up by folder, so that every change is at least
 * counted.
 * @param room characters available for the list
 */
export function statOf(changes: readonly FileChange[], room: number): string {
  const lines: string[] = [];
  let size = 0;
  // The folders come last and need some of the room.
  const most = changes.length > 20 ? room * 0.7 : room;
  for (const change of changes) {
    const line = statLine(change);
    if (size + line.length > most) break;
    lines.push(line);
    size += line.length;
  }
  return lines.join("") + foldersOf(changes.slice(lines.length), room - size);
}

function statLine(change: FileChange): string {
  const { status, path, from, similarity, added, removed, oldMode, newMode } = change;
  const name = from ? `${showPath(from)} => ${showPath(path)} (${similarity}% the same)` : showPath(path);
  const lines = added === undefined ? `binary${bytesText(change)}` : `+${added} -${removed}`;
  const notes = [oldMode, newMode].includes("160000") ? " submodule" : status === "U" ? " in conflict" : "";
  return `${status} ${name} ${lines}${notes}\n`;
}

/** `, 1,204 bytes, now 2,000`; nothing where neither is known. */
export function bytesText({ oldSize, newSize }: FileChange): string {
  const [before, after] = [oldSize, newSize].map((size) => size?.toLocaleString("en"));
  if (before !== undefined && after !== undefined) return `, ${before} bytes, now ${after}`;
  const one = before ?? after;
  return one === undefined ? "" : `, ${one} bytes`;
}

function foldersOf(rest: readonly FileChange[], room: number): string {
  if (rest.length === 0) return "";
  const head = `and ${counted(rest.length, "more file")}${rest.length > 1 ? ", by folder:" : ":"}\n`;
  for (const depth of [3, 2, 1]) {
    const folders = new Map<string, FileChange[]>();
    for (const change of rest) {
      const name = folderOf(change.path, depth);
      const members = folders.get(name);
      if (members) members.push(change);
      else folders.set(name, [change]);
    }
    const lines = [...folders].map(([name, members]) => `  ${name} ${totalsText(totalsOf(members))}\n`);
    const text = head + lines.join("");
    if (text.length <= room) return text;
  }
  return `and ${totalsText(totalsOf(rest))} in more files; pass paths to list them.\n`;
}

function folderOf(path: Buffer, depth: number): string {
  let end = 0;
  for (let level = 0; level < depth; level += 1) {
    const next = path.indexOf("/", end);
    if (next === -1) break;
    end = next + 1;
  }
  return end === 0 ? "./" : showPath(path.subarray(0, end));
}
