import { numberOf, rowsOf } from "./row.ts";
import { type Database, inTransaction } from "./sqlite.ts";

/** Increase with every change of the tables or their content: an index of another version is left alone. */
export const VERSION = 2;
/** Distinguishes our files from other SQLite files. */
const APPLICATION = 0x6e_6f_74_65;

const TABLES = `
  CREATE TABLE file (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    path_key TEXT NOT NULL,    -- folded, for completion
    name TEXT NOT NULL,        -- the last segment, folded, for links
    stamp TEXT NOT NULL,       -- what told the file's state when it was read; '' to have it read again
    size INTEGER NOT NULL,
    modified REAL NOT NULL,
    created REAL NOT NULL,
    etag TEXT,                 -- as title and title_key NULL for an attachment
    title TEXT,
    title_key TEXT,
    anchors TEXT               -- what links can name in a note
  ) STRICT;
  CREATE INDEX file_name ON file (name);
  CREATE INDEX file_title ON file (title_key);
  CREATE TABLE tag (
    file INTEGER NOT NULL,
    key TEXT NOT NULL,         -- folded
    tag TEXT NOT NULL,
    PRIMARY KEY (file, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX tag_key ON tag (key, tag);
  CREATE TABLE link (
    file INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    name TEXT NOT NULL,        -- the target's last segment, folded
    kind TEXT NOT NULL,
    target TEXT NOT NULL,
    heading TEXT,
    block TEXT,
    alias TEXT,
    PRIMARY KEY (file, ordinal)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX link_name ON link (name);
  CREATE TABLE writer (id TEXT NOT NULL) STRICT; -- one row: which server wrote last
  INSERT INTO writer VALUES ('');
  -- With beginnings of one letter: without, w* goes through the notes of every word with w. Those of two would double
  -- the time that the index takes, and save half of that of a query.
  -- Tokens come ready, with spaces between: "ascii" leaves everything beyond ASCII alone.
  CREATE VIRTUAL TABLE words USING fts5 (
    title, headings, tags, body, content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '1'
  );
  -- Building merges each word once on the way instead of three times, which is a quarter of its time.
  INSERT INTO words (words, rank) VALUES ('hashsize', 4194304), ('automerge', 16), ('crisismerge', 32);
`;

/** Prepares a database that may be new. @throws SQLite's errors; ForeignIndex when it is not ours */
export function prepareTables(db: Database, { isMemory }: { isMemory: boolean }): void {
  db.exec("PRAGMA busy_timeout = 100; PRAGMA temp_store = MEMORY");
  if (!isMemory)
    db.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 16000; PRAGMA journal_size_limit = 16000000",
    );
  if (isOurs(db)) return;
  inTransaction(db, () => {
    // Another process may have been faster.
    if (isOurs(db)) return;
    db.exec(TABLES);
    db.exec(`PRAGMA application_id = ${APPLICATION}; PRAGMA user_version = ${VERSION}`);
  });
}

/** False for a database without tables. */
function isOurs(db: Database): boolean {
  const [state] = rowsOf(
    db
      .prepare(
        `SELECT application_id AS application, user_version AS version, (SELECT count(*) FROM sqlite_schema) AS tables
         FROM pragma_application_id, pragma_user_version`,
      )
      .all(),
  );
  if (!state) throw new ForeignIndex();
  const [application, version, tables] = ["application", "version", "tables"].map((column) => numberOf(state, column));
  if (tables === 0 && application === 0 && version === 0) return false;
  if (application !== APPLICATION || version !== VERSION) throw new ForeignIndex();
  return true;
}

export class ForeignIndex extends Error {}
