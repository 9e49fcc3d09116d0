import type { Entry, OpenFile, Stat, WalkEntry } from "./entry.ts";
import type {
  ListOptions,
  MakeDirectoryOptions,
  Protection,
  ReadOptions,
  RemoveOptions,
  SweepOptions,
  WalkOptions,
  WatchOptions,
  WriteOptions,
} from "./options.ts";
import type { Scan } from "./scan.ts";

export interface TransferOptions {
  /** The root that holds the destination, if it is another one. */
  readonly into?: Root | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A folder that no path, link or race leads out of. Paths are relative to it, with "/" between names and "" for the
 * folder itself; absolute paths inside it are accepted too. Every method throws BeneathError for what is refused
 * or fails, and the signal's reason when it is aborted.
 */
export interface Root {
  /** The real path at the time of opening, for the operator's eyes, not for an error text. */
  readonly path: string;
  readonly readOnly: boolean;
  readonly protection: Protection;
  /** The relative, normalized path, computed from the text alone. @throws BeneathError "outside" | "name" */
  relative(path: string): string;
  /** Describes the entry itself, even if it is a link. */
  stat(path: string): Promise<Stat>;
  /** Opens a regular file. Anything else is refused without being opened. */
  open(path: string): Promise<OpenFile>;
  /** A regular file's content. `stat` is never newer than the bytes. */
  read(path: string, options?: ReadOptions): Promise<{ readonly bytes: Buffer; readonly stat: Stat }>;
  /** The entries of one directory, streamed in the system's order, without unfinished writes. */
  list(path: string, options?: ListOptions): AsyncIterable<Entry>;
  /** Every entry below a directory, parents first, links not followed. An unreadable directory is reported, not thrown. */
  walk(path: string, options?: WalkOptions): AsyncIterable<WalkEntry>;
  /**
   * Holds a directory or a regular file for a thread of this process that reads it with `openScanner`: about ten times
   * as fast as `walk` and `read`.
   */
  scan(path: string): Promise<Scan>;
  /**
   * Whether a write would be allowed: for a file, its replacement; for a directory, a new name in it. Links are
   * followed.
   */
  writable(path: string): Promise<boolean>;
  /** Replaces or creates a file atomically. A replaced file's mode is kept. */
  write(path: string, data: Uint8Array | string, options?: WriteOptions): Promise<Stat>;
  makeDirectory(path: string, options?: MakeDirectoryOptions): Promise<void>;
  /** Moves a file, directory or link to a free path. Never overwrites, even in a race. */
  rename(from: string, to: string, options?: TransferOptions): Promise<void>;
  /** Copies a file or a tree to a free path, where it appears complete. Never overwrites, even in a race. */
  copy(from: string, to: string, options?: TransferOptions): Promise<void>;
  /** Removes a file, a link or an empty directory; with `recursive`, a directory and everything in it. */
  remove(path: string, options?: RemoveOptions): Promise<void>;
  /**
   * Removes the files that crashes during writes and moves left below a directory. Files that cannot be removed, and
   * directories that cannot be entered, stay. @returns how many were removed
   */
  sweepTemporaries(path: string, options: SweepOptions): Promise<number>;
  /**
   * Calls `changed` with the path of anything that changes, or with undefined when it could be anything. Returns a
   * function that ends the watch. The watch does not keep the process alive.
   */
  watch(changed: (path: string | undefined) => void, options?: WatchOptions): () => void;
  /** Ends watches and refuses new calls; the handle is closed once running calls are done. */
  close(): Promise<void>;
}
