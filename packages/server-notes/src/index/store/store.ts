import { foldName } from "../../note-path.ts";
import type { FileRecord } from "./file-record.ts";
import { linkName } from "./link-name.ts";
import { optionalTextOf, rowsOf, textOf } from "./row.ts";
import type { Database } from "./sqlite.ts";
import type { Step } from "./writer.ts";

/** The files in the index. Its functions throw SQLite's errors. */
export interface Store {
  /** The stamp of every file in the index. */
  stamps(): Map<string, string>;
  /** The stamps of those files that are in the index. */
  stampsOf(paths: readonly string[]): ReadonlyMap<string, string>;
  /** The last writer, as recorded by `signed`. */
  writer(): string | undefined;
  /** The steps that add files and remove paths. */
  changesFor(records: readonly FileRecord[], removed: readonly string[]): Changes;
  /** Paths of all files in a folder and below. */
  below(folder: string): string[];
}

export interface Changes {
  readonly steps: readonly Step[];
  /** Paths for which something other than the time has changed. */
  readonly differing: readonly string[];
}

interface Known {
  readonly stamp: string;
  readonly etag: string | undefined;
}

const THESE = "(SELECT id FROM file WHERE path IN (SELECT value FROM json_each(?)))";
const REMOVALS = ["words WHERE rowid", "tag WHERE file", "link WHERE file", "file WHERE id"].map(
  (rows) => `DELETE FROM ${rows} IN ${THESE}`,
);
const RESTAMP = `UPDATE file SET stamp = value ->> 1, size = value ->> 2, modified = value ->> 3, created = value ->> 4
  FROM json_each(?) WHERE file.path = value ->> 0`;

/** @param insert ends with the columns, in the order of the values in a row */
const adding = (insert: string) => {
  const values = insert.split(",").map((_, at) => `value ->> ${at}`);
  return `${insert} SELECT ${values.join()} FROM json_each(?)`;
};
/** Each row begins with a file's path, which is replaced by its number. */
const addingTo = (insert: string) =>
  adding(insert).replace("value ->> 0", "(SELECT file.id FROM file WHERE file.path = value ->> 0)");
const ADD_FILES = adding(
  "INSERT INTO file (path, path_key, name, stamp, size, modified, created, etag, title, title_key, anchors)",
);
const ADD_TAGS = addingTo("INSERT OR IGNORE INTO tag (file, key, tag)");
const ADD_LINKS = addingTo("INSERT INTO link (file, ordinal, name, kind, target, heading, block, alias)");
/** Each row begins with the path here, too. */
const ADD_WORDS = `INSERT INTO words (rowid, title, headings, tags, body)
  SELECT file.id, column2, column3, column4, column5 FROM (VALUES ?) CROSS JOIN file ON file.path = column1`;

/** The step that records who wrote. */
export const signed = (writer: string): Step => ({
  sql: "UPDATE writer SET id = (SELECT value FROM json_each(?))",
  rows: [writer],
});

export function createStore(db: Database): Store {
  const known = db.prepare("SELECT path, stamp, etag FROM file WHERE path IN (SELECT value FROM json_each(?))");
  const lastWriter = db.prepare("SELECT id FROM writer");
  const allStamps = db.prepare("SELECT path, stamp FROM file");
  const pathsBelow = db.prepare("SELECT path FROM file WHERE path >= ? AND path < ?");

  const find = (paths: readonly string[]): Map<string, Known> =>
    new Map(
      rowsOf(known.all(JSON.stringify(paths))).map((row) => [
        textOf(row, "path"),
        { stamp: textOf(row, "stamp"), etag: optionalTextOf(row, "etag") },
      ]),
    );

  return {
    stamps: () => new Map(rowsOf(allStamps.all()).map((row) => [textOf(row, "path"), textOf(row, "stamp")])),
    stampsOf: (paths) => new Map([...find(paths)].map(([path, { stamp }]) => [path, stamp])),
    writer: () => rowsOf(lastWriter.all()).map((row) => textOf(row, "id"))[0],
    changesFor(records, removed) {
      const before = find([...records.map(({ path }) => path), ...removed]);
      const isSame = ({ path, note }: FileRecord) => note !== undefined && before.get(path)?.etag === note.etag;
      const others = records.filter((record) => !isSame(record));
      const gone = removed.filter((path) => before.has(path));
      const replaced = [...gone, ...others.map(({ path }) => path).filter((path) => before.has(path))];
      const steps = [
        ...REMOVALS.map((sql) => ({ sql, rows: replaced })),
        {
          sql: RESTAMP,
          rows: records.filter(isSame).map((file) => [file.path, file.stamp, file.size, file.modified, file.created]),
        },
        { sql: ADD_FILES, rows: others.map(fileRow) },
        {
          sql: ADD_TAGS,
          rows: others.flatMap(({ path, note }) => note?.tags.map(({ key, tag }) => [path, key, tag]) ?? []),
        },
        { sql: ADD_LINKS, rows: others.flatMap(linkRows) },
      ];
      const texts = others.flatMap(({ path, note }) => (note ? [[path, ...note.columns]] : []));
      return {
        steps: [
          ...steps.filter(({ rows }) => rows.length > 0),
          ...(texts.length > 0 ? [{ sql: ADD_WORDS, texts }] : []),
        ],
        differing: [...gone, ...others.map(({ path }) => path)],
      };
    },
    // "0" is the character after "/".
    below: (folder) => rowsOf(pathsBelow.all(`${folder}/`, `${folder}0`)).map((row) => textOf(row, "path")),
  };
}

function fileRow({ path, stamp, size, modified, created, note }: FileRecord): readonly unknown[] {
  const facts = note ? [note.etag, note.title, foldName(note.title), note.anchors] : [null, null, null, null];
  return [path, foldName(path), linkName(path), stamp, size, modified, created, ...facts];
}

function linkRows({ path, note }: FileRecord): readonly unknown[][] {
  const links = note?.links ?? [];
  return links.map(({ kind, target, heading, block, alias }, at) => {
    return [path, at, linkName(target), kind, target, heading, block, alias];
  });
}
