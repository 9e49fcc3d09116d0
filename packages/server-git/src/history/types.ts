/** One file of a comparison, as `--raw` and `--numstat` say it. */
export interface FileChange {
  /** A added, C copied, D deleted, M modified, R renamed, T another type, U unmerged. */
  readonly status: string;
  /** The name after the change, in any bytes. */
  readonly path: Buffer;
  /** The name before a rename or copy. */
  readonly from?: Buffer;
  /** Percent that a renamed or copied file kept. */
  readonly similarity?: number;
  readonly oldMode: string;
  readonly newMode: string;
  /** Ids of the contents; only zeros for none, and for what lies in the work tree. */
  readonly oldId: string;
  readonly newId: string;
  /** Lines; undefined for binary files. */
  readonly added?: number;
  readonly removed?: number;
  /** Bytes of a binary file before and after, where git has it. */
  readonly oldSize?: number;
  readonly newSize?: number;
  /** A conflict: compared with our side. */
  readonly isUnmerged?: true;
}

/** Someone with a date, as a commit has them. */
export interface Signature {
  readonly name: string;
  readonly email: string;
  /** ISO 8601 with the offset of the author; empty where the commit's date is not one. */
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
  /** The encoding that the commit's header names, when it is not UTF-8. */
  readonly encoding?: string;
  /** Full names of the branches and tags that point to it; `HEAD` where it is checked out. */
  readonly refs: readonly string[];
  readonly subject: string;
  /** The message after the subject, without its trailers. */
  readonly body: string;
  readonly trailers: readonly Trailer[];
}
