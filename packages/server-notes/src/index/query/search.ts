import { numberOf, rowsOf, textOf } from "../store/row.ts";
import type { Database, Statement, Value } from "../store/sqlite.ts";
import { conditionOf } from "./filters.ts";
import { partOf } from "./paging.ts";
import { parseQuery, type Query, type Term, toExclusion, toExpression } from "./parse-query.ts";
import type { Filters, NoteRow, Page, SearchOptions, SearchPage } from "./questions.ts";
import { createRows, type Rows } from "./rows.ts";
import { snippetOf } from "./snippet.ts";

/** What was found, and what snippets are to show of it. */
interface Found extends Page<NoteRow> {
  readonly matched: SearchPage["matched"];
  readonly terms: readonly Term[];
}

/** A word in the title says most of what a note is about, then its headings and tags. */
const WEIGHTS = "10.0, 4.0, 4.0, 1.0";
/** Notes whose relevance is the same to two places count as equal, and the newest comes first. */
const RANKED = `
  SELECT file.path AS path, count(*) OVER () AS total
  FROM (SELECT rowid AS id, bm25(words, ${WEIGHTS}) AS score FROM words WHERE words MATCH ?) AS hit
  JOIN file ON file.id = hit.id`;
const ORDER = "ORDER BY round(hit.score, 2), file.modified DESC, file.path LIMIT ? OFFSET ?";
/** With exclusions alone there is nothing to rank by. */
const WITHOUT = `
  SELECT file.path AS path, count(*) OVER () AS total
  FROM file`;
const NEWEST =
  "AND file.id NOT IN (SELECT rowid FROM words WHERE words MATCH ?) ORDER BY file.modified DESC, file.path LIMIT ? OFFSET ?";

export function createSearch(db: Database, readText: (path: string) => Promise<string>) {
  const rows = createRows(db);
  return async (args: SearchOptions): Promise<SearchPage> => {
    const query = parseQuery(args.query);
    const all = search(db, rows, query, args, "all");
    // Nobody gains by an empty answer when some of the words are there.
    const found = all.total > 0 || query.wanted.length < 2 ? all : search(db, rows, query, args, "any");
    const { items, terms, ...page } = found;
    const matches = items.map(async (row) => ({ ...row, snippet: snippetOf(await readText(row.path), terms) }));
    return { ...page, items: await Promise.all(matches) };
  };
}

function search(db: Database, rows: Rows, query: Query, args: SearchOptions, matched: "all" | "any"): Found {
  const { limit, cursor, ...asked } = args;
  const ranked = rankingOf(db, query, args, matched);
  const part = partOf({ question: { ...asked, matched }, paths: ranked }, { limit, cursor });
  const { paths, ...page } = part;
  return { ...page, items: paths.flatMap((path) => rows.note(path) ?? []), matched, terms: query.wanted };
}

function rankingOf(db: Database, query: Query, filters: Filters, matched: "all" | "any") {
  const { wanted, unwanted } = query;
  if (wanted.length === 0 && unwanted.length === 0) return () => ({ paths: [], total: 0 });
  const { sql, values } = conditionOf(filters);
  const isRanked = wanted.length > 0;
  const statement = db.prepare(isRanked ? `${RANKED} WHERE ${sql} ${ORDER}` : `${WITHOUT} WHERE ${sql} ${NEWEST}`);
  const given = isRanked ? [toExpression(query, matched), ...values] : [...values, toExclusion(unwanted)];
  return (limit: number, offset: number) => pathsOf(statement, [...given, limit, offset]);
}

/** Runs a statement that answers `path` and `total`. */
export function pathsOf(statement: Statement, values: readonly Value[]): { paths: string[]; total: number } {
  const rows = rowsOf(statement.all(...values));
  const [first] = rows;
  return { paths: rows.map((row) => textOf(row, "path")), total: first ? numberOf(first, "total") : 0 };
}
