import type { BeneathCode } from "../errors.ts";
import type { Kind, Stat } from "./entry.ts";
import type { Checkpoint } from "./identity.ts";

/** Where a scan begins, as plain data that can be sent to a thread of this process. */
export interface ScanStart {
  readonly kind: "directory" | "file";
  /** Relative to the root, links resolved. */
  readonly path: string;
  /** A path that leads to this very directory or file until the scan is closed. */
  readonly place: string;
  /** Without handles: the state of the directories on the path, for repeated checks. */
  readonly seen?: readonly Checkpoint[];
}

/** A directory or file that is held for a thread that reads it. */
export interface Scan extends Disposable {
  readonly start: ScanStart;
  /**
   * Call this only when the thread is done or has ended: the thread uses the number of a descriptor that this closes.
   */
  close(): void;
}

export interface ScanName {
  /** As text. A name that is not UTF-8 contains U+FFFD. */
  readonly name: string;
  /** Whether the name can be used to open the entry; false when it is not UTF-8. */
  readonly addressable: boolean;
  readonly kind: Kind;
}

/** A directory of a scan. It may be closed in between; then it is looked up again, name by name from the start. */
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
  /** The path of the first entry to report; entries before it in the order of the walk are left out. */
  readonly from?: string | undefined;
  /** Called for every entry; one for which it returns false is left out, with everything in it. */
  readonly keep?: ((entry: ScanEntry) => boolean) | undefined;
  /** Called for every directory that is kept; one for which it returns false is reported but not entered. */
  readonly enter?: ((entry: ScanEntry) => boolean) | undefined;
  /** Called for every directory, the start included, before its entries. */
  readonly entered?: ((directory: ScanDirectory) => void) | undefined;
}

/**
 * Reads what is below a place with blocking calls, for use in threads. It resolves only single names in verified
 * directories, reports links without following them, and leaves out what `judge` denies.
 */
export interface Scanner {
  readonly start: ScanDirectory;
  /** The entries of one directory in the system's order. @throws BeneathError */
  list(directory: ScanDirectory): Iterable<ScanEntry>;
  /** Entries of one directory sorted by name, code unit by code unit. @throws BeneathError */
  sorted(directory: ScanDirectory): Iterable<ScanEntry>;
  /** All entries below, parents first, each directory sorted. @throws BeneathError when the start cannot be read */
  walk(options?: ScanWalkOptions): Iterable<ScanEntry>;
  /** A reported directory, ready to be listed. */
  into(entry: ScanEntry): ScanDirectory;
  /** Describes an entry; a link is not followed. @throws BeneathError */
  stat(entry: ScanEntry): Stat;
  /**
   * Opens a regular file for reading; the caller closes it. Anything else is refused: without being opened if it was
   * reported as such, or after being opened if it has replaced a file since. Checking first would double the cost.
   * @throws BeneathError "not_a_file"
   */
  open(entry: ScanEntry): number;
  /** Opens a regular file by its name in a directory, and never anything else, not even briefly. @throws as `open` */
  openIn(directory: ScanDirectory, name: string): number;
  /** Whether a directory has an entry of this name, of any kind. */
  has(directory: ScanDirectory, name: string): boolean;
  /** Opens the file where the scan begins, if it is one. */
  openStart(): number;
  close(): void;
}
