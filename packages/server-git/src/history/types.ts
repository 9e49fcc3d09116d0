/** One file of a comparison, from `--raw` and `--numstat`. */
export interface FileChange {
  /** A added, C copied, D deleted, M modified, R renamed, T type changed, U unmerged. */
  readonly status: string;
  /** The name after the change, in any bytes. */
  readonly path: Buffer;
  /** The name before a rename or copy. */
  readonly from?: Buffer;
  /** How much of a renamed or copied file stayed the same, in percent. */
  readonly similarity?: number;
  readonly oldMode: string;
  readonly newMode: string;
  /** Ids of the contents; all zeros for no file, and for a file of the work tree. */
  readonly oldId: string;
  readonly newId: string;
  /** Number of lines; undefined for binary files. */
  readonly added?: number;
  readonly removed?: number;
  /** Sizes of a binary file in bytes before and after, if git has them. */
  readonly oldSize?: number;
  readonly newSize?: number;
  /** In conflict; the comparison is with our side. */
  readonly isUnmerged?: true;
}

/** A name, an address and a date, as in a commit. */
export interface Signature {
  readonly name: string;
  readonly email: string;
  /** ISO 8601 with the author's UTC offset; empty if the commit's date is invalid. */
  readonly date: string;
}

export interface Trailer {
  readonly key: string;
  readonly value: string;
}

export interface Commit {
  readonly id: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  /** The encoding named in the commit's header, if it is not UTF-8. */
  readonly encoding?: string;
  /** Full names of the branches and tags that point to it; also `HEAD` if it is checked out. */
  readonly refs: readonly string[];
  readonly subject: string;
  /** The message without subject and trailers. */
  readonly body: string;
  readonly trailers: readonly Trailer[];
}
