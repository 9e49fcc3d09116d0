import { foldName } from "../../note-path.ts";
import { numberOf, rowsOf, textOf } from "../store/row.ts";
import type { Database } from "../store/sqlite.ts";
import { conditionOf } from "./filters.ts";
import { createHolders } from "./holders.ts";
import { createLinks } from "./links.ts";
import { createLookup } from "./lookup.ts";
import { partOf } from "./paging.ts";
import type { ListOptions, Questions } from "./questions.ts";
import { createRows } from "./rows.ts";
import { countIn, createSearch, pathsBy } from "./search.ts";
import type { NoteText } from "./snippet.ts";

/**
 * Answers the questions. Its functions throw SQLite's errors, and ToolError `invalid_input` for questions that cannot
 * be asked.
 */
export type Queries = {
  readonly [Name in keyof Questions]: (
    args: Questions[Name]["args"],
  ) => Questions[Name]["answer"] | Promise<Questions[Name]["answer"]>;
};

const ORDERS: Readonly<Record<ListOptions["sort"], string>> = {
  modified: "modified DESC, path",
  oldest: "modified, path",
  created: "created DESC, path",
  title: "title_key, path",
};

/** @param readText returns the text of a note for its snippet, since the index keeps no copy */
const BEGINNING = "file WHERE ? = '' OR substr(path_key, 1, length(?)) = ?";

export function createQueries(db: Database, readText: (path: string) => Promise<NoteText>): Queries {
  const rows = createRows(db);
  const lookup = createLookup(db);
  const tagCounts = db.prepare(
    "SELECT key, tag, count(*) AS count, sum(count(*)) OVER (PARTITION BY key) AS total FROM tag GROUP BY key, tag ORDER BY total DESC, key, count DESC, tag",
  );
  const files = db.prepare(`SELECT path FROM ${BEGINNING} ORDER BY path LIMIT ? OFFSET ?`);
  return {
    search: createSearch(db, readText),
    ...createLinks(db, lookup),
    holders: createHolders(db),
    find: (note) => ({ paths: lookup.find(note) }),
    nearest: (note) => ({ paths: lookup.nearest(note) }),
    list({ limit, cursor, ...asked }) {
      const { sql, values } = conditionOf(asked);
      const statement = db.prepare(
        `SELECT path FROM file WHERE ${sql} ORDER BY ${ORDERS[asked.sort]} LIMIT ? OFFSET ?`,
      );
      const total = countIn(db, `file WHERE ${sql}`, values);
      const ranking = { question: asked, total, paths: pathsBy(statement, values) };
      const { paths, ...page } = partOf(ranking, { limit, cursor });
      return { ...page, items: paths.flatMap((path) => rows.note(path) ?? []) };
    },
    files({ prefix = "", limit, cursor }) {
      const begins = foldName(prefix);
      const values = [begins, begins, begins];
      const ranking = { question: prefix, total: countIn(db, BEGINNING, values), paths: pathsBy(files, values) };
      const { paths, ...page } = partOf(ranking, { limit, cursor });
      return { ...page, items: paths.flatMap((path) => rows.file(path) ?? []) };
    },
    tags() {
      const spellings = rowsOf(tagCounts.all()).map((row) => ({
        key: textOf(row, "key"),
        tag: textOf(row, "tag"),
        count: numberOf(row, "total"),
      }));
      // The most common spelling of each comes first.
      const distinct = spellings.filter(({ key }, index) => spellings[index - 1]?.key !== key);
      return { tags: distinct.map(({ tag, count }) => ({ tag, count })) };
    },
  };
}
