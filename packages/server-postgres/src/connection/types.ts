/** A bound parameter as PostgreSQL reads it from text; null is NULL. */
export type Param = string | null;
/** A row by column name. Every value is the text that PostgreSQL printed; null is NULL. */
export type Row = Readonly<Record<string, string | null>>;

/** What a connection said about its server and its role when it was opened. */
export interface ServerFacts {
  /** `server_version_num`: 180004 for 18.4. */
  readonly version: number;
  readonly database: string;
  readonly role: string;
  readonly isSuperuser: boolean;
  /** Whether it is a standby. */
  readonly isInRecovery: boolean;
  /** Whether settings that this role may see hold a password: a standby's of its primary, or a key's. */
  readonly showsSecrets: boolean;
}

/** A column of an answer. */
export interface Column {
  readonly name: string;
  readonly typeId: number;
  readonly typeModifier: number;
  /** The table and the column's number in it where it is a plain column of a table; 0 otherwise. */
  readonly tableId: number;
  readonly columnNumber: number;
}

/** A value that was longer than the session keeps, with the bytes that it had. */
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

/** One read-only transaction. It is over when the function given to {@link Database.read} has settled. */
export interface Session {
  readonly facts: ServerFacts;
  /** Stands for the database, the same for each of its sessions. */
  readonly database: object;
  /** The server's snapshot when the transaction began, and its search path: while they are the same, names mean the same. */
  readonly snapshot: string;
  /** Rows of a statement of our own, never a caller's: values from outside are parameters. */
  rows(sql: string, params?: readonly Param[]): Promise<readonly Row[]>;
  /**
   * Runs one statement by the extended protocol, which takes no second one. Statements that are asked for together are sent
   * together.
   * @param keep bytes of values to keep: the rest of a value that is longer than its share is dropped while it arrives, and rows
   *   after the last byte that is kept come without values
   */
  answer(sql: string, params?: readonly Param[], keep?: Keep): Promise<Answer>;
  /** The end of the questions: the ROLLBACK travels with those that were just asked, and saves a round trip. */
  end(): void;
  /** Closes the connection after this transaction: what ran on it may have left something behind. */
  discard(): void;
}

export interface Database {
  /** The name by which tools choose it. */
  readonly name: string;
  /**
   * Runs `work` in a transaction that is read-only, limited in time, and always rolled back. When `signal` is aborted, what
   * runs is cancelled on the server, and the connection is closed.
   * @throws ToolError for everything that connecting or a statement can meet
   */
  read<T>(signal: AbortSignal, work: (session: Session) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
