/** The state of a directory or file on the path when it was checked. */
export interface Checkpoint {
  readonly path: string;
  readonly identity: Identity;
}

export interface Identity {
  readonly dev: bigint;
  readonly ino: bigint;
  /** Includes the type: file systems reuse the number of a removed entry, perhaps for a link. */
  readonly mode: bigint;
}
