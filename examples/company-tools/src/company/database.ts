import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { ToolError } from "@org/server-kit";
import Libsql from "libsql";
import * as z from "zod";

/** The SQLite calls used here, which libsql and Node's own `node:sqlite` have in common. */
export interface Database {
  exec(sql: string): unknown;
  prepare(sql: string): { all(...values: (string | number | null)[]): unknown[] };
  close(): unknown;
}

/** Rows of a statement, validated: a missing column is an error here, not later. */
export function rows<S extends z.ZodType>(
  db: Database,
  schema: S,
  sql: string,
  ...values: (string | number | null)[]
): z.output<S>[] {
  return z.array(schema).parse(db.prepare(sql).all(...values));
}

const TABLES = `
  CREATE TABLE customers (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE,
    plan TEXT NOT NULL CHECK (plan IN ('starter', 'business', 'enterprise')),
    since TEXT NOT NULL
  );
  CREATE TABLE tickets (
    id INTEGER PRIMARY KEY,
    customer TEXT NOT NULL REFERENCES customers,
    subject TEXT NOT NULL,
    description TEXT NOT NULL,
    priority TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'open',
    resolution TEXT,
    created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ'))
  );
  CREATE INDEX tickets_by_customer ON tickets (customer, id);
  -- A call may be repeated by a host that never saw the answer, in another process or after a crash. The database itself
  -- makes sure that the same request is one ticket.
  CREATE UNIQUE INDEX one_open_ticket ON tickets (customer, subject, description) WHERE status = 'open';
`;

const SeedCustomer = z.tuple([z.string(), z.string(), z.string(), z.string(), z.string()]);

/** Opens the database in `dir`, filling a new one with the customers of `data`, completely or not at all. */
export function openDatabase(dir: string, data: string): Database {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const db: Database = new Libsql(path.join(dir, "company.db"));
    db.exec("PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL");
    // Other processes may be opening the same folder: the first one prepares it while the others wait.
    db.exec("BEGIN IMMEDIATE");
    const [{ user_version } = { user_version: 0 }] = rows(db, Version, "PRAGMA user_version");
    if (user_version === 0) fill(db, data);
    db.exec("COMMIT");
    return db;
  } catch (error) {
    if (error instanceof z.ZodError) throw error;
    throw new ToolError(
      "unavailable",
      "the company's database cannot be opened. Check that its folder can be written.",
    );
  }
}

const Version = z.object({ user_version: z.int() });

function fill(db: Database, data: string): void {
  db.exec(TABLES);
  const customers = z.array(SeedCustomer).parse(JSON.parse(readFileSync(path.join(data, "customers.json"), "utf8")));
  const insert = db.prepare("INSERT INTO customers VALUES (?, ?, ?, ?, ?)");
  for (const customer of customers) insert.all(...customer);
  db.exec("PRAGMA user_version = 1");
}
