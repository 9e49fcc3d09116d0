import { foldName } from "../note-path.ts";
import { type FileRecord, linkName } from "./note-record.ts";
import { numberOf, rowsOf, textOf } from "./row.ts";
import { type Database, inTransaction } from "./sqlite.ts";

/** What is in the index about files. Its functions throw SQLite's errors. */
export interface Store {
  /** The stamp of every file in the index. */
  stamps(): Map<string, string>;
  stampOf(path: string): string | undefined;
  /** Puts files in and takes paths out, all or nothing. Answers which differ from what was there. */
  apply(records: readonly FileRecord[], removed: readonly string[]): string[];
  /** Paths of all files in a folder and below. */
  below(folder: string): string[];
}

export function createStore(db: Database): Store {
  const idOf = db.prepare("SELECT id, stamp FROM file WHERE path = ?");
  const bodyOf = db.prepare("SELECT text FROM body WHERE id = ?");
  const allStamps = db.prepare("SELECT path, stamp FROM file");
  const pathsBelow = db.prepare("SELECT path FROM file WHERE path >= ? AND path < ?");
  const lastId = db.prepare("SELECT ifnull(max(id), 0) AS id FROM file");
  const addFile = db.prepare(
    "INSERT INTO file (id, path, path_key, name, stamp, size, modified, created, etag, title, title_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
  );
  const changeFile = db.prepare(
    "UPDATE file SET stamp = ?, size = ?, modified = ?, created = ?, etag = ?, title = ?, title_key = ? WHERE id = ?",
  );
  const restamp = db.prepare("UPDATE file SET stamp = ?, size = ?, modified = ?, created = ?, etag = ? WHERE id = ?");
  // Rows of a whole batch go in at once, as JSON: each call into SQLite costs as much as a row.
  const addTags = db.prepare(
    "INSERT OR IGNORE INTO tag (file, key, tag) SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)",
  );
  const addLinks = db.prepare(
    `INSERT INTO link (file, ordinal, name, kind, target, heading, block, alias)
     SELECT ${Array.from({ length: 8 }, (_, column) => `value ->> ${column}`).join()} FROM json_each(?)`,
  );
  const addBody = db.prepare("INSERT INTO body (id, text) VALUES (?, ?)");
  const addWords = db.prepare("INSERT INTO words (rowid, title, headings, tags, body) VALUES (?, ?, ?, ?, ?)");
  const removals = ["tag WHERE file", "link WHERE file", "body WHERE id", "words WHERE rowid"].map((rows) =>
    db.prepare(`DELETE FROM ${rows} = ?`),
  );
  const removeFile = db.prepare("DELETE FROM file WHERE id = ?");

  const find = (path: string) => {
    const [row] = rowsOf(idOf.all(path));
    return row && { id: numberOf(row, "id"), stamp: textOf(row, "stamp") };
  };
  const textOfNote = (id: number) => {
    const [row] = rowsOf(bodyOf.all(id));
    return row && textOf(row, "text");
  };

  /** Answers the id that a file has now, or undefined when nothing but its times changed. */
  function put({ path, stamp, size, modified, created, note }: FileRecord, freeId: number): number | undefined {
    const known = find(path);
    if (known && note && textOfNote(known.id) === note.text) {
      restamp.run(stamp, size, modified, created, note.etag, known.id);
      return undefined;
    }
    const id = known?.id ?? freeId;
    const facts = note ? [note.etag, note.title, foldName(note.title)] : [null, null, null];
    if (known) {
      for (const removal of removals) removal.run(id);
      changeFile.run(stamp, size, modified, created, ...facts, id);
    } else addFile.run(id, path, foldName(path), linkName(path), stamp, size, modified, created, ...facts);
    if (note) {
      addBody.run(id, note.text);
      addWords.run(id, ...note.columns);
    }
    return id;
  }

  /** Answers the paths of those that changed anything. */
  function putAll(records: readonly FileRecord[]): string[] {
    let freeId = numberOf(rowsOf(lastId.all())[0] ?? {}, "id") + 1;
    const changed: string[] = [];
    const tags: unknown[] = [];
    const links: unknown[] = [];
    for (const record of records) {
      const id = put(record, freeId);
      if (id === undefined) continue;
      if (id === freeId) freeId += 1;
      changed.push(record.path);
      for (const { key, tag } of record.note?.tags ?? []) tags.push([id, key, tag]);
      for (const [ordinal, { kind, target, heading, block, alias }] of (record.note?.links ?? []).entries()) {
        links.push([id, ordinal, linkName(target), kind, target, heading, block, alias]);
      }
    }
    addTags.run(JSON.stringify(tags));
    addLinks.run(JSON.stringify(links));
    return changed;
  }

  function remove(path: string): boolean {
    const known = find(path);
    if (!known) return false;
    for (const removal of removals) removal.run(known.id);
    removeFile.run(known.id);
    return true;
  }

  return {
    stamps: () => new Map(rowsOf(allStamps.all()).map((row) => [textOf(row, "path"), textOf(row, "stamp")])),
    stampOf: (path) => find(path)?.stamp,
    apply: (records, removed) => inTransaction(db, () => [...removed.filter(remove), ...putAll(records)]),
    // "0" is the character after "/".
    below: (folder) => rowsOf(pathsBelow.all(`${folder}/`, `${folder}0`)).map((row) => textOf(row, "path")),
  };
}
