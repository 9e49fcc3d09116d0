import { IndexClosed } from "./index-closed.ts";
import type { Database } from "./sqlite.ts";

/** One statement for many rows: its `?` stands for their JSON or, if they contain only text, for SQL literals. */
export type Step =
  | { readonly sql: string; readonly rows: readonly unknown[] }
  | { readonly sql: string; readonly texts: readonly (readonly string[])[] };

/** Returns what to write, while no other process writes. */
export type Plan = () => Promise<readonly Step[]>;

/** Changes the index. */
export interface Writer {
  /** Writes all that is planned, or nothing. One call at a time. */
  write(plan: Plan): Promise<void>;
  /** Aborts the current write, of which nothing is then written. */
  close(): Promise<void>;
}

export type OpenWriter = (file: string) => Promise<Writer>;

/** Writes through an existing connection, blocking its thread. */
export const writerOf = (db: Database): Writer =>
  writing({
    run: async (script) => db.exec(script),
    async close() {},
  });

/**
 * A separate connection, on which libsql works in its own thread: while one batch of notes is written, the next is read
 * on another processor. Undefined where libsql does not run.
 */
export async function loadWriter(): Promise<OpenWriter | undefined> {
  try {
    const { default: Libsql } = await import("libsql/promise");
    return async (file) => {
      const db = new Libsql(file, {});
      // Waiting for other processes happens here: libsql has few threads, and interrupting a write needs a free one.
      await db.exec("PRAGMA busy_timeout = 0; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -4000");
      await db.exec("PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 16000000");
      return writing({
        run: (script) => db.exec(script),
        async close(running) {
          // A process that ends while libsql is working for it would leave a stack trace on stderr.
          db.interrupt();
          await running;
          db.close();
        },
      });
    };
  } catch {
    return undefined;
  }
}

interface Connection {
  run(script: string): Promise<unknown>;
  /** @param running resolves when nothing is running */
  close(running: Promise<void>): Promise<void>;
}

function writing({ run, close }: Connection): Writer {
  let running: Promise<void> = Promise.resolve();
  let isClosing = false;

  async function transact(plan: Plan): Promise<void> {
    await run("BEGIN IMMEDIATE");
    try {
      const steps = await plan();
      if (isClosing) throw new IndexClosed();
      await run([...steps.map(scriptOf), "COMMIT"].join(";\n"));
    } catch (error) {
      // After some errors SQLite has already rolled back, and the first error is the one to report.
      await run("ROLLBACK").catch(() => {});
      throw error;
    }
  }

  return {
    write(plan) {
      const written = transact(plan);
      running = written.catch(() => {});
      return written;
    },
    close() {
      isClosing = true;
      return close(running);
    },
  };
}

/**
 * Only a whole script runs in the other thread, so values become part of it: as literals, in which a quote is the only
 * special character of SQL. Rows are one JSON literal. Whole notes are not, because converting them to JSON and back
 * makes five copies of each.
 */
function scriptOf(step: Step): string {
  return step.sql.replace("?", () => ("rows" in step ? toLiteral(toJson(step.rows)) : step.texts.map(toRow).join()));
}

const toLiteral = (text: string) => `'${text.includes("'") ? text.replaceAll("'", "''") : text}'`;

const toRow = (texts: readonly string[]) => `(${texts.map((text) => toLiteral(toText(text))).join()})`;

/** How JSON writes lone surrogates and NUL, which are not text for SQLite. */
const NO_TEXT_IN_JSON = /\\u(?:d[89a-f]|0000)/;
/** The surrogates may be paired. */
const MAYBE_NO_TEXT = /[\0\ud800-\udfff]/;

/** Such text comes from escapes in front matter and is rare, so single strings are checked only when there is some. */
function toJson(rows: readonly unknown[]): string {
  const json = JSON.stringify(rows);
  if (!NO_TEXT_IN_JSON.test(json)) return json;
  return JSON.stringify(rows, (_key, value: unknown) => (typeof value === "string" ? toText(value) : value));
}

const toText = (text: string) => (MAYBE_NO_TEXT.test(text) ? text.replace(/[\0\p{Surrogate}]/gu, "\uFFFD") : text);
