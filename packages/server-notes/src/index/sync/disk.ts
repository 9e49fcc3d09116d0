import { BeneathError, openScanner, type Root, type ScanEntry, type Scanner, type Stat } from "@org/beneath";
import { LARGEST_NOTE } from "../../limits.ts";
import { isListed, isNotePath } from "../../note-path.ts";
import type { FileRecord } from "../store/file-record.ts";
import { composed } from "../text/tokens.ts";
import { slices } from "./slices.ts";
import { stampOf } from "./stamp.ts";

/** A file that was seen but not read. */
export interface Seen {
  readonly path: string;
  /** "" when no walk saw it. */
  readonly stamp: string;
  readonly size: number;
}

export interface Walked {
  readonly files: ReadonlyMap<string, Seen>;
  /** Folders that exist but could not be read: what is known about them may still be true. */
  readonly hidden: readonly string[];
}

/** Snippets come from this much of a note: making one must not cost more than finding the note. */
const SHOWN_BYTES = 100_000;
/** After these errors nothing is known about a path. After others there is nothing that could be read. */
const PASSING: ReadonlySet<string> = new Set(["busy", "gone", "io"]);

/**
 * All files to be listed in a folder and below. Links are not followed: targets inside are found by themselves. Calls
 * are synchronous, which is six times as fast. @param folder relative and normalized, "" for all
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

/** Undefined for a file that cannot be examined: if it is in the index, its path is checked once more. */
function statNow(scanner: Scanner, entry: ScanEntry): Stat | undefined {
  try {
    return scanner.stat(entry);
  } catch (error) {
    // Another folder has taken the place of the one being walked, so the result is worthless.
    if (!(error instanceof BeneathError) || error.code === "outside") throw error;
    return undefined;
  }
}

/** What is at a path; undefined for anything that is not listed, "unknown" when it cannot be determined now. */
export async function statFile(root: Root, path: string): Promise<Stat | undefined | "unknown"> {
  try {
    return await root.stat(path);
  } catch (error) {
    return unreadable(error);
  }
}

/**
 * The code that reads notes is loaded with the first note to read: most starts find none, and answer that much sooner.
 */
export const loadRecordOf = async () => (await import("./note-record.ts")).recordOf;

/**
 * Reads a file for the index; undefined when it is gone or must not be read, "unknown" when it cannot be determined
 * now.
 */
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

/** Undefined when it is too large for a note: then only its name is known, as for an attachment. */
async function readNote(root: Root, path: string) {
  try {
    return await root.read(path, { maxBytes: LARGEST_NOTE });
  } catch (error) {
    if (error instanceof BeneathError && error.code === "too_large") return undefined;
    throw error;
  }
}

const FRONT_MATTER = /^---\r?\n[\s\S]*?\n(?:---|\.\.\.)[ \t]*\r?\n/;

/** The beginning of a note, for its snippet, since the index keeps no copy. Empty when the note is gone. */
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

/** What the failure to read a path means for the index. @throws errors that do not concern the path */
export function unreadable(error: unknown): undefined | "unknown" {
  if (!(error instanceof BeneathError)) throw error;
  return PASSING.has(error.code) ? "unknown" : undefined;
}
