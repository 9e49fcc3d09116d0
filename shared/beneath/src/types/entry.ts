import type { BeneathCode } from "../errors.ts";

export type Kind = "file" | "directory" | "symlink" | "other";

export interface Stat {
  readonly kind: Kind;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970, with fractions. */
  readonly mtimeMs: number;
  readonly birthtimeMs: number;
  /** Permission bits, at most 0o7777. */
  readonly mode: number;
  /** Together with `ino`, says whether two paths lead to the same file. */
  readonly dev: bigint;
  readonly ino: bigint;
  readonly nlink: number;
  /** For a symlink, where links are followed: the kind of its target. */
  readonly target?: Exclude<Kind, "symlink"> | "outside" | "missing";
}

export interface Entry {
  /** As text. A name that is not UTF-8 contains U+FFFD. */
  readonly name: string;
  /** Whether the name can be used to open the entry; false when it is not UTF-8. */
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
  /** Why a directory was not entered: it cannot be read, or it vanished. */
  readonly problem?: BeneathCode;
}

export interface StreamOptions {
  /** First byte. */
  readonly start?: number | undefined;
  /** The byte after the last one. */
  readonly end?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A regular file that was opened inside the root. It stays the same file even if its name is moved or reused. */
export interface OpenFile extends AsyncDisposable {
  readonly stat: Stat;
  /** Up to `length` bytes at `offset`; fewer at the end of the file. */
  read(offset: number, length: number, signal?: AbortSignal): Promise<Buffer>;
  stream(options?: StreamOptions): AsyncIterable<Buffer>;
  close(): Promise<void>;
}
