import { foldName } from "../note-path.ts";
import { conditionOf } from "./filters.ts";
import { createLinks } from "./links.ts";
import { createLookup, type Lookup } from "./lookup.ts";
import { partOf } from "./paging.ts";
import { numberOf, rowsOf, textOf } from "./row.ts";
import { createRows } from "./rows.ts";
import { createSearch, type Found, pathsOf, type SearchArguments } from "./search.ts";
import type { Database } from "./sqlite.ts";
import type { FileRow, FilesOptions, ListOptions, NoteLinks, NoteRow, Page } from "./types.ts";

/** What can be asked of an index. Its functions throw SQLite's errors, and Refusal for what cannot be asked. */
export interface Queries extends Lookup {
  search(args: SearchArguments): Found;
  list(options: ListOptions): Omit<Page<NoteRow>, "complete">;
  files(options: FilesOptions): Omit<Page<FileRow>, "complete">;
  tags(): readonly { readonly tag: string; readonly count: number }[];
  links(path: string): NoteLinks;
}

const ORDERS: Readonly<Record<ListOptions["sort"], string>> = {
  modified: "file.modified DESC, file.path",
  created: "file.created DESC, file.path",
  title: "file.title_key, file.path",
};

export function createQueries(db: Database): Queries {
  const rows = createRows(db);
  const lookup = createLookup(db);
  const tagCounts = db.prepare(
    "SELECT key, tag, count(*) AS count, sum(count(*)) OVER (PARTITION BY key) AS total FROM tag GROUP BY key, tag ORDER BY total DESC, key, count DESC, tag",
  );
  const files = db.prepare(
    "SELECT path, count(*) OVER () AS total FROM file WHERE ? = '' OR substr(path_key, 1, length(?)) = ? ORDER BY path LIMIT ? OFFSET ?",
  );
  return {
    ...lookup,
    search: createSearch(db),
    links: createLinks(db, lookup),
    list({ limit, cursor, ...asked }) {
      const { sql, values } = conditionOf(asked);
      const statement = db.prepare(
        `SELECT path, count(*) OVER () AS total FROM file WHERE ${sql} ORDER BY ${ORDERS[asked.sort]} LIMIT ? OFFSET ?`,
      );
      const ranking = {
        question: asked,
        paths: (most: number, from: number) => pathsOf(statement, [...values, most, from]),
      };
      const { paths, ...page } = partOf(ranking, { limit, cursor });
      return { ...page, items: paths.flatMap((path) => rows.note(path) ?? []) };
    },
    files({ prefix = "", limit, cursor }) {
      const begins = foldName(prefix);
      const values = [begins, begins, begins];
      const ranking = {
        question: prefix,
        paths: (most: number, from: number) => pathsOf(files, [...values, most, from]),
      };
      const { paths, ...page } = partOf(ranking, { limit, cursor });
      return { ...page, items: paths.flatMap((path) => rows.file(path) ?? []) };
    },
    tags() {
      const spellings = rowsOf(tagCounts.all()).map((row) => ({
        key: textOf(row, "key"),
        tag: textOf(row, "tag"),
        count: numberOf(row, "total"),
      }));
      // The most usual spelling of each comes first.
      return spellings
        .filter(({ key }, index) => spellings[index - 1]?.key !== key)
        .map(({ tag, count }) => ({ tag, count }));
    },
  };
}
