import type { OpenFile, WalkEntry } from "./entry.ts";

/** What a path is wanted for. */
export type Access = "read" | "write";

/**
 * Decides about a path that is relative to the root and contains no links. Anything it denies for reading it must also
 * deny for writing, and with it everything below: it is asked about every path that is used, but not about the
 * directories above.
 */
export type Judge = (path: string, access: Access) => "denied" | "read_only" | undefined;

/** The result of the probe on opening: verified handles, which no race can defeat, or checked paths. */
export type Protection = "handles" | "checks";

export interface RootOptions {
  /** Refuses everything that writes. */
  readonly readOnly?: boolean;
  /** Follow symbolic links that lead inside (the default), or none. */
  readonly followLinks?: "inside" | "never";
  /** Asked about the resolved path before it is used. Denied entries are not listed or reported. */
  readonly judge?: Judge | undefined;
}

export interface ListOptions {
  readonly signal?: AbortSignal | undefined;
  /** Adds `stat` to every entry, at the cost of one system call each. */
  readonly stats?: boolean | undefined;
}

export interface WalkOptions extends ListOptions {
  /** Called for every directory; one for which it returns false is reported but not entered. */
  readonly enter?: ((entry: WalkEntry) => boolean) | undefined;
}

export interface ReadOptions {
  /** Refuses a larger file with `too_large`. */
  readonly maxBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface WriteOptions {
  /** Whether the file must be new, must exist, or may be either (the default). */
  readonly mode?: "create" | "replace" | "either" | undefined;
  /**
   * Receives the bytes that are about to be replaced, or undefined for a new file, and may throw. It is called again if
   * the file changes before it is replaced.
   */
  readonly check?: ((current: Buffer | undefined) => void | Promise<void>) | undefined;
  /**
   * Like `check`, for a file too large to hold in memory: receives the open file, which is closed afterwards. Pass only
   * one of the two.
   */
  readonly inspect?: ((current: OpenFile | undefined) => Promise<void>) | undefined;
  /** Permission bits of a new file, less the umask; 0o666 by default. */
  readonly permissions?: number | undefined;
  /** Waits until the file and its name are on the disk. On by default. */
  readonly durable?: boolean | undefined;
}

export interface MakeDirectoryOptions {
  /** Also creates parent directories, and succeeds if the directory already exists. */
  readonly recursive?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface RemoveOptions {
  readonly recursive?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface SweepOptions {
  /** Milliseconds since the leftover was last written or renamed; longer than any running write. */
  readonly olderThanMs: number;
  /** Called for every directory; one for which it returns false is left alone. */
  readonly enter?: ((path: string) => boolean) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface WatchOptions {
  /** Called for every directory; one for which it returns false is not watched, nor is anything in it. */
  readonly enter?: ((path: string) => boolean) | undefined;
}
