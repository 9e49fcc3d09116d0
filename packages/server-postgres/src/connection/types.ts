/** A bound parameter in PostgreSQL's text format; null is NULL. */
export type Param = string | null;
/** A row by column name. Values are in PostgreSQL's text format; null is NULL. */
export type Row = Readonly<Record<string, string | null>>;

/** Facts about the server and the role, from opening the connection. */
export interface ServerFacts {
  /** `server_version_num`: 180004 for 18.4. */
  readonly version: number;
  readonly database: string;
  readonly role: string;
  readonly isSuperuser: boolean;
  /** Whether it is a standby. */
  readonly isInRecovery: boolean;
  /** Whether settings visible to this role contain a password: for a standby's primary, or for a key. */
  readonly showsSecrets: boolean;
}

/** A column of an answer. */
export interface Column {
  readonly name: string;
  readonly typeId: number;
  readonly typeModifier: number;
  /** The table and column number if it is a plain column of a table; otherwise 0. */
  readonly tableId: number;
  readonly columnNumber: number;
}

/** A value that was too long to keep, with its full length in bytes. */
export interface Shortened {
  readonly row: number;
  readonly column: number;
  readonly bytes: number;
}

export interface Answer {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly (string | null)[])[];
  readonly shortened: readonly Shortened[];
}

export interface Keep {
  readonly left: number;
  readonly value: number;
}

/** One read-only transaction. It ends when the promise of the function given to {@link Database.read} settles. */
export interface Session {
  readonly facts: ServerFacts;
  /** Identifies the database; the same object for all of its sessions. */
  readonly database: object;
  /** The server's snapshot at the start, and the search path: while both are the same, names mean the same. */
  readonly snapshot: string;
  /** Rows of one of our own statements, never a caller's: outside values are parameters. */
  rows(sql: string, params?: readonly Param[]): Promise<readonly Row[]>;
  /**
   * Runs one statement in the extended protocol, which accepts no second one. Statements requested together are sent
   * together.
   * @param keep limits in bytes: the excess of a long value is discarded on arrival, and rows after the total is
   * reached are kept without values
   */
  answer(sql: string, params?: readonly Param[], keep?: Keep): Promise<Answer>;
  /** Ends the session: the ROLLBACK is sent with the statements just requested, which saves a round trip. */
  end(): void;
  /** Closes the connection after this transaction, since a statement may have left something behind. */
  discard(): void;
}

export interface Database {
  /** The name that tools select it by. */
  readonly name: string;
  /**
   * Runs `work` in a transaction that is read-only, limited in time, and always rolled back. If `signal` is aborted,
   * running statements are cancelled on the server, and the connection is closed.
   * @throws ToolError for anything that can go wrong in connecting or in a statement
   */
  read<T>(signal: AbortSignal, work: (session: Session) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
