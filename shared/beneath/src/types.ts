import type { BeneathCode } from "./errors.ts";
import type { Root } from "./root.ts";

export type Kind = "file" | "directory" | "symlink" | "other";

/** What the probe at the start found: verified handles, which no race gets around, or checked paths. */
export type Protection = "handles" | "checks";

/** What a path is wanted for. */
export type Access = "read" | "write";

/**
 * Decides about a path that is relative to the root and has no links in it. What it denies for reading is to be denied
 * for writing, and with all that is below it: it is asked for every path, but not for those above.
 */
export type Judge = (path: string, access: Access) => "denied" | "read_only" | undefined;

export interface Stat {
  readonly kind: Kind;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970, with fractions. */
  readonly mtimeMs: number;
  readonly birthtimeMs: number;
  /** Permission bits, 0o7777 at most. */
  readonly mode: number;
  /** With `ino` it tells whether two paths lead to one file. */
  readonly dev: bigint;
  readonly ino: bigint;
  readonly nlink: number;
  /** For a symlink, where links are followed: the kind of what it leads to. */
  readonly target?: Exclude<Kind, "symlink"> | "outside" | "missing";
}

export interface Entry {
  /** As text. One that is not UTF-8 has U+FFFD in it. */
  readonly name: string;
  /** Whether the name leads back to the entry; false when it is not UTF-8. */
  readonly addressable: boolean;
  readonly kind: Kind;
  /** With `stats: true`. */
  readonly stat?: Stat;
}

export interface WalkEntry extends Entry {
  /** Relative to the root. */
  readonly path: string;
  /** 0 for the entries of the directory where the walk began. */
  readonly depth: number;
  /** Why a directory was not entered: it cannot be read, or vanished. */
  readonly problem?: BeneathCode;
}

export interface ListOptions {
  readonly signal?: AbortSignal | undefined;
  /** Gives every entry its `stat`, at the price of one system call each. */
  readonly stats?: boolean | undefined;
}

export interface WalkOptions extends ListOptions {
  /** Asked for every directory; when it answers false the directory is told and not entered. */
  readonly enter?: ((entry: WalkEntry) => boolean) | undefined;
}

export interface ReadOptions {
  /** A longer file is refused as `too_large`. */
  readonly maxBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface StreamOptions {
  /** First byte. */
  readonly start?: number | undefined;
  /** Byte after the last. */
  readonly end?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface WriteOptions {
  /** Whether the file must be new, must be there, or may be either (the default). */
  readonly mode?: "create" | "replace" | "either" | undefined;
  /**
   * Sees the bytes that will be replaced, undefined when there is no file, and may throw. When the file changes
   * before it is replaced, it is asked again.
   */
  readonly check?: ((current: Buffer | undefined) => void | Promise<void>) | undefined;
  /**
   * Like check, with the opened file, for one that is too large to hold; it is closed afterwards. Give one of the two.
   */
  readonly inspect?: ((current: OpenFile | undefined) => Promise<void>) | undefined;
  /** Permission bits of a new file, less the umask; 0o666 by default. */
  readonly permissions?: number | undefined;
  /** Waits until the file and its name are on the disk. On by default. */
  readonly durable?: boolean | undefined;
}

export interface TransferOptions {
  /** The opened root that the destination is in, when it is another one. */
  readonly into?: Root | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface MakeDirectoryOptions {
  /** Also those above it; one that is there already is no error then. */
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
  /** Asked for every directory; one that it answers false for is left alone. */
  readonly enter?: ((path: string) => boolean) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface WatchOptions {
  /** Asked for every directory; one that it answers false for is not watched, nor anything in it. */
  readonly enter?: ((path: string) => boolean) | undefined;
}

/** A regular file that was opened inside the root; it stays the same file wherever its name goes. */
export interface OpenFile extends AsyncDisposable {
  readonly stat: Stat;
  /** Up to `length` bytes at `offset`; fewer at the end of the file. */
  read(offset: number, length: number, signal?: AbortSignal): Promise<Buffer>;
  stream(options?: StreamOptions): AsyncIterable<Buffer>;
  close(): Promise<void>;
}
