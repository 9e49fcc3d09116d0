import { BeneathError, openScanner, type Root, type ScanEntry, type Scanner, type Stat } from "@org/beneath";
import { LARGEST_NOTE } from "../../limits.ts";
import { isListed, isNotePath } from "../../note-path.ts";
import type { FileRecord } from "../store/file-record.ts";
import { composed } from "../text/tokens.ts";
import { slices } from "./slices.ts";
import { stampOf } from "./stamp.ts";

/** A file that was seen, not read. */
export interface Seen {
  readonly path: string;
  /** "" when no walk saw it. */
  readonly stamp: string;
  readonly size: number;
}

export interface Walked {
  readonly files: ReadonlyMap<string, Seen>;
  /** Folders in which nothing could be seen, though they are there: what is known of them may still hold. */
  readonly hidden: readonly string[];
}

/** Snippets come from this much of a note: cutting one must not cost more than finding the note. */
const SHOWN_BYTES = 100_000;
/** After these nothing is known of a path. After others there is nothing that could be read. */
const PASSING: ReadonlySet<string> = new Set(["busy", "gone", "io"]);

/**
 * All files to be listed in a folder and below. Links are not followed: what they lead to inside is found itself. Each
 * call waits for the system, which is six times as fast as to be told when it has answered.
 * @param folder relative and normal, "" for all
 */
export async function walkFiles(root: Root, folder: string, signal: AbortSignal): Promise<Walked> {
  signal.throwIfAborted();
  const files = new Map<string, Seen>();
  const hidden: string[] = [];
  const pathOf = (entry: ScanEntry) => (folder === "" ? entry.path : `${folder}/${entry.path}`);
  const keep = (entry: ScanEntry) => entry.addressable && isListed(pathOf(entry));
  const scan = await root.scan(folder);
  const scanner = openScanner(scan.start);
  try {
    const slice = slices();
    for (const entry of scanner.walk({ keep })) {
      const path = pathOf(entry);
      if (entry.problem !== undefined && PASSING.has(entry.problem)) hidden.push(path);
      const stat = entry.kind === "file" ? statNow(scanner, entry) : undefined;
      if (stat?.kind === "file") files.set(path, { path, stamp: stampOf(stat), size: stat.size });
      if (!slice.isOver()) continue;
      await slice.next();
      signal.throwIfAborted();
    }
  } finally {
    scanner.close();
    scan.close();
  }
  return { files, hidden };
}

/** Undefined for a file that cannot be looked at: if it is in the index, its path is looked at once more. */
function statNow(scanner: Scanner, entry: ScanEntry): Stat | undefined {
  try {
    return scanner.stat(entry);
  } catch (error) {
    // Somebody else's folder in the place of one that is walked: what was seen is worth nothing.
    if (!(error instanceof BeneathError) || error.code === "outside") throw error;
    return undefined;
  }
}

/** What is at a path; undefined for nothing that could be listed, "unknown" when it cannot be told now. */
export async function statFile(root: Root, path: string): Promise<Stat | undefined | "unknown"> {
  try {
    return await root.stat(path);
  } catch (error) {
    return unreadable(error);
  }
}

/** What reads notes is loaded with the first that is to be read: most starts find none, and answer that much sooner. */
export const loadRecordOf = async () => (await import("./note-record.ts")).recordOf;

/** Reads a file for the index; undefined when it is gone or not to be read, "unknown" when it cannot be told now. */
export async function readRecord(root: Root, path: string): Promise<FileRecord | undefined | "unknown"> {
  const recordOf = await loadRecordOf();
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

const FRONT_MATTER = /^---\r?\n[\s\S]*?\n(?:---|\.\.\.)[ \t]*\r?\n/;

/** The beginning of a note, for its snippet: the index keeps no copy of what people wrote. Empty when it is gone. */
export async function readBeginning(root: Root, path: string): Promise<{ frontMatter: string; body: string }> {
  try {
    const file = await root.open(path);
    try {
      const text = utf8.decode(await file.read(0, Math.min(SHOWN_BYTES, file.stat.size)));
      const [frontMatter = ""] = FRONT_MATTER.exec(text) ?? [];
      return { frontMatter: composed(frontMatter), body: composed(text.slice(frontMatter.length)) };
    } finally {
      await file.close();
    }
  } catch (error) {
    unreadable(error);
    return { frontMatter: "", body: "" };
  }
}

const utf8 = new TextDecoder("utf-8");

/** What it means for the index that a path cannot be read. @throws what is no matter of the path */
export function unreadable(error: unknown): undefined | "unknown" {
  if (!(error instanceof BeneathError)) throw error;
  return PASSING.has(error.code) ? "unknown" : undefined;
}
