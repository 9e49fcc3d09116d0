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
  /** The opened root that holds the destination, when it is another one. */
  readonly into?: Root | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A folder that no path, link or race leads out of. Paths are relative to it, with "/" between names and "" for the
 * folder itself; absolute paths inside it are accepted too. Every method throws BeneathError for what is refused
 * or fails, and the signal's reason when it is aborted.
 */
export interface Root {
  /** The real path when it was opened: for the operator's eyes, not for an error text. */
  readonly path: string;
  readonly readOnly: boolean;
  readonly protection: Protection;
  /** The path, relative and normal, by its text alone. @throws BeneathError "outside" | "name" */
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
   * Whether a write would be allowed: to a file, its replacement, and to a directory, a new name in it. Links are
   * followed.
   */
  writable(path: string): Promise<boolean>;
  /** Replaces or creates a file at once, and keeps the mode of a file that it replaces. */
  write(path: string, data: Uint8Array | string, options?: WriteOptions): Promise<Stat>;
  makeDirectory(path: string, options?: MakeDirectoryOptions): Promise<void>;
  /** Moves a file, directory or link to a free path. Never overwrites, even in a race. */
  rename(from: string, to: string, options?: TransferOptions): Promise<void>;
  /** Copies a file or a tree to a free path, where it appears whole. Never overwrites, even in a race. */
  copy(from: string, to: string, options?: TransferOptions): Promise<void>;
  /** Removes a file, a link or an empty directory; with `recursive`, a directory and everything in it. */
  remove(path: string, options?: RemoveOptions): Promise<void>;
  /**
   * Removes the files below a directory that crashes left of unfinished writes and moves. What cannot be removed or
   * entered stays. @returns how many were removed
   */
  sweepTemporaries(path: string, options: SweepOptions): Promise<number>;
  /**
   * Calls `changed` with the path of whatever anybody changes, or with undefined when it may be anything. Returns
   * a function that ends it. It does not keep the process alive.
   */
  watch(changed: (path: string | undefined) => void, options?: WatchOptions): () => void;
  /** Ends watches and refuses new calls; the handle is closed once running calls are done. */
  close(): Promise<void>;
}
