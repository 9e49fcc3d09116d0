import { IndexClosed } from "./index-closed.ts";
import type { Database } from "./sqlite.ts";

/** One statement for many rows: its `?` stands for their JSON, or, where they are texts alone, for rows of SQL. */
export type Step =
  | { readonly sql: string; readonly rows: readonly unknown[] }
  | { readonly sql: string; readonly texts: readonly (readonly string[])[] };

/** Says what to write, while no other process writes. */
export type Plan = () => Promise<readonly Step[]>;

/** Changes the index. */
export interface Writer {
  /** Does all that is planned or nothing. One call at a time. */
  write(plan: Plan): Promise<void>;
  /** Breaks off what is being written, which is then not written at all. */
  close(): Promise<void>;
}

export type OpenWriter = (file: string) => Promise<Writer>;

/** Writes through a connection that is there, and keeps its thread busy meanwhile. */
export const writerOf = (db: Database): Writer =>
  writing({
    run: async (script) => db.exec(script),
    async close() {},
  });

/**
 * A connection of its own, which libsql works on in a thread of its own: while one batch of notes is written, the
 * next is read, on the other processor. Undefined where libsql does not run.
 */
export async function loadWriter(): Promise<OpenWriter | undefined> {
  try {
    const { default: Libsql } = await import("libsql/promise");
    return async (file) => {
      const db = new Libsql(file, {});
      // Who waits for others does so here: libsql has few threads, and whoever is to end its work needs one.
      await db.exec("PRAGMA busy_timeout = 0; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -4000");
      await db.exec("PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 16000000");
      return writing({
        run: (script) => db.exec(script),
        async close(running) {
          // A process that ends while libsql works for it leaves a stack trace on stderr.
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
  /** @param running resolves when nothing runs any more */
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
      // After some errors SQLite has done so by itself, and the first error is the one to tell.
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
 * Only a whole script runs in the other thread, so values are part of it: as literals, in which the quote is the only
 * character that SQL looks at. Rows are one literal of JSON. Whole notes are not: their way into JSON and out of it
 * makes five copies of each.
 */
function scriptOf(step: Step): string {
  return step.sql.replace("?", () => ("rows" in step ? toLiteral(toJson(step.rows)) : step.texts.map(toRow).join()));
}

const toLiteral = (text: string) => `'${text.includes("'") ? text.replaceAll("'", "''") : text}'`;

const toRow = (texts: readonly string[]) => `(${texts.map((text) => toLiteral(toText(text))).join()})`;

/** How JSON writes half of a surrogate pair and NUL, which are no text for SQLite. */
const NO_TEXT_IN_JSON = /\\u(?:d[89a-f]|0000)/;
/** These may be in pairs. */
const MAYBE_NO_TEXT = /[\0\ud800-\udfff]/;

/** Such text comes out of escapes in front matter, and is rare: every string is looked at only where there is some. */
function toJson(rows: readonly unknown[]): string {
  const json = JSON.stringify(rows);
  if (!NO_TEXT_IN_JSON.test(json)) return json;
  return JSON.stringify(rows, (_key, value: unknown) => (typeof value === "string" ? toText(value) : value));
}

const toText = (text: string) => (MAYBE_NO_TEXT.test(text) ? text.replace(/[\0\p{Surrogate}]/gu, "\uFFFD") : text);
