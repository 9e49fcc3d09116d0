import type { BeneathCode } from "../errors.ts";
import type { Kind, Stat } from "./entry.ts";
import type { Checkpoint } from "./identity.ts";

/** Where a scan begins, as plain data that can be sent to a thread of this process. */
export interface ScanStart {
  readonly kind: "directory" | "file";
  /** Relative to the root, links resolved. */
  readonly path: string;
  /** A path that leads to this very directory or file, as long as the scan is not closed. */
  readonly place: string;
  /** Without handles: what the directories on the way were, to be looked at again and again. */
  readonly seen?: readonly Checkpoint[];
}

/** A directory or file that is held for a thread that reads it. */
export interface Scan extends Disposable {
  readonly start: ScanStart;
  /** Call it when the thread is done or has ended, not before: the thread uses the number of a descriptor that this closes. */
  close(): void;
}

export interface ScanName {
  /** As text. A name that is not UTF-8 contains U+FFFD. */
  readonly name: string;
  /** Whether the name leads back to the entry; false when it is not UTF-8. */
  readonly addressable: boolean;
  readonly kind: Kind;
}

/** A directory of a scan. It may be closed in between, and is then found again, name by name from the start. */
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
  /** Why a directory was not entered: it cannot be read, or it vanished. */
  readonly problem?: BeneathCode;
}

export interface ScanWalkOptions {
  /** The path of the first entry to report; those before it in the order of the walk are left out. */
  readonly from?: string | undefined;
  /** Asked about every entry; one for which it returns false is left out, with everything in it. */
  readonly keep?: ((entry: ScanEntry) => boolean) | undefined;
  /** Asked about every directory that is kept; one for which it returns false is reported but not entered. */
  readonly enter?: ((entry: ScanEntry) => boolean) | undefined;
  /** Called with every directory, the start included, before its entries. */
  readonly entered?: ((directory: ScanDirectory) => void) | undefined;
}

/**
 * Reads what is below a place with calls that wait for the system: for threads. It resolves nothing but single names
 * in verified directories, reports links without following them, and leaves out what `judge` denies.
 */
export interface Scanner {
  readonly start: ScanDirectory;
  /** Entries of one directory as the system gives them. @throws BeneathError */
  list(directory: ScanDirectory): Iterable<ScanEntry>;
  /** Entries of one directory sorted by name, code unit by code unit. @throws BeneathError */
  sorted(directory: ScanDirectory): Iterable<ScanEntry>;
  /** All entries below, parents first, each directory's sorted. @throws BeneathError when the start cannot be read */
  walk(options?: ScanWalkOptions): Iterable<ScanEntry>;
  /** A directory that was reported, as one to list. */
  into(entry: ScanEntry): ScanDirectory;
  /** Describes an entry; a link is not followed. @throws BeneathError */
  stat(entry: ScanEntry): Stat;
  /**
   * Opens a regular file for reading; the caller closes it. Anything else is refused: without being opened if it was
   * reported as such, and after it was opened if it has taken the place of a file since. Looking first would double the
   * cost. @throws BeneathError "not_a_file"
   */
  open(entry: ScanEntry): number;
  /** Opens a regular file by its name in a directory; nothing else is opened even for an instant. @throws as `open` */
  openIn(directory: ScanDirectory, name: string): number;
  /** Whether a directory has an entry of this name, of whatever kind. */
  has(directory: ScanDirectory, name: string): boolean;
  /** Opens the file where the scan begins, if it is one. */
  openStart(): number;
  close(): void;
}
