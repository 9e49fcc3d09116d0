import { numberOf, optionalTextOf, type Row, rowsOf, textOf } from "../store/row.ts";
import type { Database } from "../store/sqlite.ts";
import type { FileRow, NoteRow } from "./questions.ts";

/** Facts about files, by path. */
export interface Rows {
  note(path: string): NoteRow | undefined;
  file(path: string): FileRow | undefined;
}

export function createRows(db: Database): Rows {
  const fileOf = db.prepare("SELECT id, path, title, size, modified, created, etag FROM file WHERE path = ?");
  const tagsOf = db.prepare("SELECT tag FROM tag WHERE file = ? ORDER BY tag");
  const find = (path: string): Row | undefined => rowsOf(fileOf.all(path))[0];
  return {
    note(path) {
      const row = find(path);
      const title = row && optionalTextOf(row, "title");
      if (!row || title === undefined) return undefined;
      return {
        path,
        title,
        modifiedMs: numberOf(row, "modified"),
        createdMs: numberOf(row, "created"),
        etag: textOf(row, "etag"),
        size: numberOf(row, "size"),
        tags: rowsOf(tagsOf.all(numberOf(row, "id"))).map((tag) => textOf(tag, "tag")),
      };
    },
    file(path) {
      const row = find(path);
      if (!row) return undefined;
      const title = optionalTextOf(row, "title");
      const facts = { path, size: numberOf(row, "size"), modifiedMs: numberOf(row, "modified") };
      return title === undefined ? { ...facts, isNote: false } : { ...facts, isNote: true, title };
    },
  };
}
