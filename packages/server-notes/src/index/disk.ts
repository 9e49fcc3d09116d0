import { BeneathError, type Root, type Stat } from "@org/beneath";
import { isListed, isNotePath } from "../note-path.ts";
import { LARGEST_NOTE } from "./limits.ts";
import { type FileRecord, recordOf, stampOf } from "./note-record.ts";

/** A file that was seen, not read. */
export interface Seen {
  readonly path: string;
  readonly stamp: string;
  readonly size: number;
}

export interface Walked {
  readonly files: ReadonlyMap<string, Seen>;
  /** Folders in which nothing could be seen, though they are there: what is known of them may still hold. */
  readonly hidden: readonly string[];
}

/** After these nothing is known of a path. After others there is nothing that could be read. */
const PASSING: ReadonlySet<string> = new Set(["busy", "gone", "io"]);

/** All files to be listed in a folder and below. Links are not followed: what they lead to inside is found itself. */
export async function walkFiles(root: Root, folder: string, signal: AbortSignal): Promise<Walked> {
  const files = new Map<string, Seen>();
  const hidden: string[] = [];
  const enter = ({ path }: { readonly path: string }) => isListed(path);
  for await (const { path, kind, addressable, stat, problem } of root.walk(folder, { signal, stats: true, enter })) {
    if (!addressable || !isListed(path)) continue;
    if (problem !== undefined && PASSING.has(problem)) hidden.push(path);
    if (kind === "file" && stat) files.set(path, { path, stamp: stampOf(stat), size: stat.size });
  }
  return { files, hidden };
}

/** What is at a path; undefined for nothing that could be listed, "unknown" when it cannot be told now. */
export async function statFile(root: Root, path: string): Promise<Stat | undefined | "unknown"> {
  try {
    return await root.stat(path);
  } catch (error) {
    return unreadable(error);
  }
}

/** Reads a file for the index; undefined when it is gone or not to be read, "unknown" when it cannot be told now. */
export async function readRecord(root: Root, path: string): Promise<FileRecord | undefined | "unknown"> {
  try {
    const read = isNotePath(path) ? await readNote(root, path) : undefined;
    if (read) return recordOf(path, read.stat, Date.now(), read.bytes);
    const stat = await root.stat(path);
    return stat.kind === "file" ? recordOf(path, stat, Date.now()) : undefined;
  } catch (error) {
    return unreadable(error);
  }
}

/** Undefined for a note that is too large to be one: it is known by its name, like an attachment. */
async function readNote(root: Root, path: string) {
  try {
    return await root.read(path, { maxBytes: LARGEST_NOTE });
  } catch (error) {
    if (error instanceof BeneathError && error.code === "too_large") return undefined;
    throw error;
  }
}

function unreadable(error: unknown): undefined | "unknown" {
  if (!(error instanceof BeneathError)) throw error;
  return PASSING.has(error.code) ? "unknown" : undefined;
}
