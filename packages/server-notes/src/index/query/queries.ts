import { foldName } from "../../note-path.ts";
import { numberOf, rowsOf, textOf } from "../store/row.ts";
import type { Database } from "../store/sqlite.ts";
import { conditionOf } from "./filters.ts";
import { createLinks } from "./links.ts";
import { createLookup } from "./lookup.ts";
import { partOf } from "./paging.ts";
import type { ListOptions, Questions } from "./questions.ts";
import { createRows } from "./rows.ts";
import { createSearch, pathsOf } from "./search.ts";

/** Answers the questions. Its functions throw SQLite's errors, and ToolError `invalid_input` for what cannot be asked. */
export type Queries = {
  readonly [Name in keyof Questions]: (
    args: Questions[Name]["args"],
  ) => Questions[Name]["answer"] | Promise<Questions[Name]["answer"]>;
};

const ORDERS: Readonly<Record<ListOptions["sort"], string>> = {
  modified: "file.modified DESC, file.path",
  created: "file.created DESC, file.path",
  title: "file.title_key, file.path",
};

/** @param readText gives the text of a note, for its snippet: the index keeps no copy of what people wrote */
export function createQueries(db: Database, readText: (path: string) => Promise<string>): Queries {
  const rows = createRows(db);
  const lookup = createLookup(db);
  const tagCounts = db.prepare(
    "SELECT key, tag, count(*) AS count, sum(count(*)) OVER (PARTITION BY key) AS total FROM tag GROUP BY key, tag ORDER BY total DESC, key, count DESC, tag",
  );
  const files = db.prepare(
    "SELECT path, count(*) OVER () AS total FROM file WHERE ? = '' OR substr(path_key, 1, length(?)) = ? ORDER BY path LIMIT ? OFFSET ?",
  );
  return {
    search: createSearch(db, readText),
    links: createLinks(db, lookup),
    find: (note) => ({ paths: lookup.find(note) }),
    nearest: (note) => ({ paths: lookup.nearest(note) }),
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
      const distinct = spellings.filter(({ key }, index) => spellings[index - 1]?.key !== key);
      return { tags: distinct.map(({ tag, count }) => ({ tag, count })) };
    },
  };
}
