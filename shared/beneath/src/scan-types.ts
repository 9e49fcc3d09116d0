import type { BeneathCode } from "./errors.ts";
import type { ScanName } from "./scan-names.ts";
import type { Stat } from "./types.ts";

/** A directory of a scan. It may be closed meanwhile and is then found again, name by name from the start. */
export interface ScanDirectory {
  /** Relative to the start, "" for the start itself. */
  readonly path: string;
  readonly above: ScanDirectory | undefined;
  readonly name: string;
  /** 0 for the start. */
  readonly depth: number;
}

export interface ScanEntry extends ScanName {
  /** Relative to the start. */
  readonly path: string;
  readonly directory: ScanDirectory;
  /** Why a directory was not entered: it cannot be read, or vanished. */
  readonly problem?: BeneathCode;
}

export interface ScanWalkOptions {
  /** The path of the first entry to tell; those before it in the order of the walk are left out. */
  readonly from?: string | undefined;
  /** Asked for every entry; one that it answers false for is left out, with all that is in it. */
  readonly keep?: ((entry: ScanEntry) => boolean) | undefined;
  /** Asked for every directory that is kept; one that it answers false for is told and not entered. */
  readonly enter?: ((entry: ScanEntry) => boolean) | undefined;
  /** Told of every directory, the start included, before its entries. */
  readonly entered?: ((directory: ScanDirectory) => void) | undefined;
}

/**
 * Reads what is below a place, each call waiting for the system: for threads. Nothing is resolved but single names
 * in verified directories, links are told and never followed, and what `judge` denies is left out.
 */
export interface Scanner {
  readonly start: ScanDirectory;
  /** Entries of one directory as the system gives them. @throws BeneathError */
  list(directory: ScanDirectory): Iterable<ScanEntry>;
  /** Entries of one directory sorted by name, code unit by code unit. @throws BeneathError */
  sorted(directory: ScanDirectory): Iterable<ScanEntry>;
  /** All entries below, parents first, each directory's sorted. @throws BeneathError when the start cannot be read */
  walk(options?: ScanWalkOptions): Iterable<ScanEntry>;
  /** A directory that was told, as one to list. */
  into(entry: ScanEntry): ScanDirectory;
  /** Describes an entry; a link is not followed. @throws BeneathError */
  stat(entry: ScanEntry): Stat;
  /**
   * Opens a regular file for reading; whoever asks closes it. Anything else is refused: without being opened when it
   * was told as such, and after it when it has taken the place of a file since, which costs half as much as to look
   * first. @throws BeneathError "not_a_file"
   */
  open(entry: ScanEntry): number;
  /** Opens a regular file by its name in a directory; nothing else is opened even for an instant. @throws as `open` */
  openIn(directory: ScanDirectory, name: string): number;
  /** Whether a directory has an entry of this name, of whatever kind. */
  has(directory: ScanDirectory, name: string): boolean;
  /** Opens the file where the scan begins, when it is one. */
  openStart(): number;
  close(): void;
}
