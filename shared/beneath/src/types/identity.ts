/** A directory or file on the way, and what it was when it was looked at. */
export interface Checkpoint {
  readonly path: string;
  readonly identity: Identity;
}

export interface Identity {
  readonly dev: bigint;
  readonly ino: bigint;
  /** With the type: file systems give the number of a removed entry to the next one, which may be a link. */
  readonly mode: bigint;
}
