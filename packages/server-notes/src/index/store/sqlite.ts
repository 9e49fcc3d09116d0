/** A parameter of a statement. */
export type Value = string | number | null;

export interface Statement {
  all(...values: Value[]): unknown[];
}

/** What the two engines have in common. */
export interface Database {
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  close(): unknown;
}

export type OpenDatabase = (file: string) => Database;

/** No SQLite engine runs here; the message says what would help. */
export class NoSqlite extends Error {}

/**
 * libsql, which npm installs prebuilt for the usual platforms; elsewhere Node's own SQLite, if it has one. @throws
 * NoSqlite
 */
export async function loadSqlite(): Promise<OpenDatabase> {
  try {
    const { default: Libsql } = await import("libsql");
    return (file) => new Libsql(file);
  } catch {
    const builtin: unknown = process.getBuiltinModule?.("node:sqlite");
    if (hasDatabaseSync(builtin)) return (file) => new builtin.DatabaseSync(file);
  }
  throw new NoSqlite(
    `the index of the notes needs SQLite, which libsql does not bring for ${process.platform}-${process.arch} and ` +
      `Node.js ${process.versions.node} does not have: install Node.js 22.13 or later, and start the server again.`,
  );
}

function hasDatabaseSync(module: unknown): module is { DatabaseSync: new (file: string) => Database } {
  return typeof module === "object" && module !== null && "DatabaseSync" in module;
}

/** Does all of `work` or nothing, while no other process writes. */
export function inTransaction<T>(db: Database, work: () => T): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    try {
      db.exec("ROLLBACK");
    } catch {
      // After some errors SQLite has already rolled back, and the first error is the one to report.
    }
    throw error;
  }
}

/** The kinds of SQLite failures, by what can be done about them. */
export type Trouble = "busy" | "damaged" | "unwritable" | "other";

const TROUBLES: Readonly<Record<number, Trouble>> = {
  1: "damaged", // ERROR: our statements are right, so the tables are not
  5: "busy",
  6: "busy",
  8: "unwritable", // READONLY
  10: "unwritable", // IOERR
  11: "damaged", // CORRUPT
  13: "unwritable", // FULL
  14: "unwritable", // CANTOPEN
  15: "busy", // PROTOCOL: too many were opening at once
  22: "unwritable", // NOLFS
  26: "damaged", // NOTADB
};

/** Undefined for an error that is not SQLite's. */
export function troubleOf(error: unknown): Trouble | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = codeOf(error);
  // A query that the search table rejects says nothing about the table's state.
  if (code === 1 && error.message.startsWith("fts5: ")) return "other";
  // The low byte is the kind, the rest a variant of it.
  return code === undefined ? undefined : (TROUBLES[code & 0xff] ?? "other");
}

function codeOf(error: Error): number | undefined {
  if ("rawCode" in error && typeof error.rawCode === "number") return error.rawCode;
  if ("errcode" in error && typeof error.errcode === "number") return error.errcode;
  // When libsql fails to open a database, the code is only in the message.
  const [, code] = /^ConnectionFailed\(.*: (\d+)"\)$/s.exec(error.message) ?? [];
  return code === undefined ? undefined : Number(code);
}
