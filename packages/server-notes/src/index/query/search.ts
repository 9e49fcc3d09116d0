import { numberOf, rowsOf, textOf } from "../store/row.ts";
import type { Database, Statement, Value } from "../store/sqlite.ts";
import { isUnspaced } from "../text/characters.ts";
import { type Condition, conditionOf } from "./filters.ts";
import type { Language } from "./languages.ts";
import { languagesBy, type Meaning, meaningOf, toExact, toExclusion, toExpression, toTitled } from "./meaning.ts";
import { partOf, type Ranking } from "./paging.ts";
import { parseQuery } from "./parse-query.ts";
import type { SearchOptions, SearchPage } from "./questions.ts";
import { createRows } from "./rows.ts";
import { holdsTogether, type NoteText, snippetOf } from "./snippet.ts";

/** A word in the title says most about a note, followed by headings and tags. */
const SCORE = "bm25(words, 10.0, 4.0, 4.0, 1.0)";
/** Up to this many notes may contain all words by chance. */
const FEW = 2;
/**
 * A title may have this many characters beyond the words searched for (a plural, punctuation) and still be an exact
 * match.
 */
const TITLE_SLACK = 4;
/** So short a prefix is in nearly every note: its frequency says nothing, and counting would take most of the time. */
const VAGUE_PREFIX = 2;
/** Fewer notes do not show their languages; among more, each language must have this share. */
const TELLING_NOTES = 50;
const TELLING_SHARE = 0.01;

/** @param readText returns the text of a note for its snippet, since the index keeps no copy */
export function createSearch(db: Database, readText: (path: string) => Promise<NoteText>) {
  const rows = createRows(db);
  const languagesOfNotes = createLanguages(db);
  /** When few notes contain all words, and only far apart, notes with some of them may be what was meant. */
  async function byRelevance(meaning: Meaning, within: Condition): Promise<Hits> {
    const all = rankingBy(db, meaning, within, "all");
    if (all.total > FEW || meaning.wanted.length === 1) return all;
    const texts = await Promise.all(all.paths(FEW, 0).map(readText));
    return texts.some((text) => holdsTogether(text, meaning.wanted)) ? all : rankingBy(db, meaning, within, "any");
  }

  return async ({ limit, cursor, ...asked }: SearchOptions): Promise<SearchPage> => {
    const meaning = meaningOf(parseQuery(asked.query), languagesOfNotes);
    const within = conditionOf(asked);
    const { wanted } = meaning;
    const ranking = wanted.length > 0 ? await byRelevance(meaning, within) : newestOf(db, meaning, within);
    const { paths, ...page } = partOf({ ...ranking, question: asked }, { limit, cursor });
    const matches = paths
      .flatMap((path) => rows.note(path) ?? [])
      .map(async (row) => ({ ...row, snippet: snippetOf(await readText(row.path), wanted) }));
    const searched = () => countIn(db, `file WHERE ${within.sql}`, within.values);
    return {
      ...page,
      items: await Promise.all(matches),
      withAll: ranking.withAll,
      searched: page.total === 0 ? searched() : page.total,
    };
  };
}

interface Hits extends Omit<Ranking, "question"> {
  readonly withAll: number;
}

function rankingBy(db: Database, meaning: Meaning, within: Condition, how: "all" | "any"): Hits {
  const { wanted } = meaning;
  const isFiltered = within.values.length > 0;
  const count = (expression: string) =>
    isFiltered
      ? countIn(db, `words JOIN file ON file.id = words.rowid WHERE words MATCH ? AND ${within.sql}`, [
          expression,
          ...within.values,
        ])
      : countIn(db, "words WHERE words MATCH ?", [expression]);
  const all = toExpression(meaning, "all");
  const withAll = count(all);
  const expression = toExpression(meaning, how);
  const orders: { readonly sql: string; readonly values: readonly Value[] }[] = [];
  const isVague = wanted.every(({ forms }) => forms.every(isVaguePrefix));
  if (!isVague) {
    orders.push({
      sql: `CASE WHEN ${IN} THEN 1 + (length(title) <= ?) ELSE 0 END DESC`,
      values: [toTitled(wanted), lengthOf(meaning)],
    });
    if (how === "any") orders.push({ sql: `${IN} DESC`, values: [all] });
    const exact = toExact(wanted);
    if (exact !== undefined) orders.push({ sql: `${IN} DESC`, values: [exact] });
    // Relevances that agree to two decimal places count as equal, and the newest note comes first.
    orders.push({ sql: "round(score, 2)", values: [] });
  }
  const statement = db.prepare(
    `SELECT path FROM (SELECT rowid AS hit, ${isVague ? 0 : SCORE} AS score FROM words WHERE words MATCH ?)
     JOIN file ON file.id = hit WHERE ${within.sql}
     ORDER BY ${[...orders.map(({ sql }) => sql), "modified DESC", "path"].join()} LIMIT ? OFFSET ?`,
  );
  const values = [expression, ...within.values, ...orders.flatMap((order) => order.values)];
  return { withAll, total: how === "all" ? withAll : count(expression), paths: pathsBy(statement, values) };
}

const IN = "hit IN (SELECT rowid FROM words WHERE words MATCH ?)";

/** With only exclusions, or an empty query, there is nothing to rank by. */
function newestOf(db: Database, { unwanted }: Meaning, within: Condition): Hits {
  const isExcluding = unwanted.length > 0;
  const hits = `file WHERE ${within.sql}${isExcluding ? " AND id NOT IN (SELECT rowid FROM words WHERE words MATCH ?)" : ""}`;
  const values = [...within.values, ...(isExcluding ? [toExclusion(unwanted)] : [])];
  const total = countIn(db, hits, values);
  const statement = db.prepare(`SELECT path FROM ${hits} ORDER BY modified DESC, path LIMIT ? OFFSET ?`);
  return { withAll: total, total, paths: pathsBy(statement, values) };
}

const isVaguePrefix = ({ tokens, isPrefix }: Meaning["wanted"][number]["forms"][number]): boolean =>
  isPrefix && tokens.length === 1 && tokens.every((token) => token.length <= VAGUE_PREFIX && !isUnspaced(token));

const lengthOf = ({ wanted }: Meaning): number =>
  wanted.flatMap(({ forms: [asked] }) => asked?.tokens ?? []).join(" ").length + TITLE_SLACK;

/** Files get new numbers when they change: after enough changes, the languages may be different. */
function createLanguages(db: Database): () => readonly Language[] {
  const some = db.prepare("SELECT count(*) AS count FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)");
  let known: { readonly languages: readonly Language[]; readonly until: number } | undefined;
  return () => {
    const last = countOf(db.prepare("SELECT coalesce(max(id), 0) AS count FROM file").all());
    if (known && last <= known.until) return known.languages;
    const share = Math.ceil(last * TELLING_SHARE);
    const isUsed = (words: readonly string[]) =>
      last < TELLING_NOTES || countOf(some.all(words.map((word) => `"${word}"`).join(" OR "), share)) === share;
    known = { languages: languagesBy(isUsed), until: last + share };
    return known.languages;
  };
}

export const countIn = (db: Database, table: string, values: readonly Value[]): number =>
  countOf(db.prepare(`SELECT count(*) AS count FROM ${table}`).all(...values));

function countOf(answer: readonly unknown[]): number {
  const [row] = rowsOf(answer);
  return row ? numberOf(row, "count") : 0;
}

/** For a statement that selects `path`, with limit and offset as its last parameters. */
export const pathsBy =
  (statement: Statement, values: readonly Value[]) =>
  (limit: number, offset: number): string[] =>
    rowsOf(statement.all(...values, limit, offset)).map((row) => textOf(row, "path"));
