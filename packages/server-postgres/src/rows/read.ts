import { toToolError } from "../connection/errors.ts";
import type { Column, Param, Session } from "../connection/types.ts";
import type { Prepared } from "../guard/guard.ts";
import { withoutUnused } from "./unused.ts";

/** A value, or its beginning and its full length in bytes. */
export interface Cell {
  readonly text: string | null;
  /** Length of the whole value in bytes, if this is only its beginning. */
  readonly bytes?: number;
}

export interface Page {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** Whether there is at least one row after these. */
  readonly hasMore: boolean;
}

export interface PageOptions {
  /** Rows before the page. */
  readonly skip: number;
  readonly limit: number;
  /** Limits in bytes for all values and for one value; anything beyond is discarded on arrival. */
  readonly keep: { readonly left: number; readonly value: number };
  /** Whether a row still fits in the answer; reading stops at the first one that does not. */
  fits(row: readonly Cell[], columns: readonly Column[]): boolean;
}

export const CURSOR = "server_postgres_rows";
const DECLARE = `DECLARE ${CURSOR} NO SCROLL CURSOR FOR `;
/** Rows requested per round trip. */
const BATCH = 128;

/**
 * Reads rows of an admitted statement. A query is read through a cursor, so that the server computes at most one row
 * after the page, and plans for the first rows. A cursor also accepts nothing but a query.
 */
export async function readPage(
  session: Session,
  prepared: Prepared,
  params: readonly Param[],
  options: PageOptions,
): Promise<Page> {
  if (prepared.statement.kind !== "select") return readWhole(session, prepared.sql, params, options);
  const { skip, limit, keep, fits } = options;
  const wanted = limit + 1;
  const fetch = (count: number) => session.answer(`FETCH FORWARD ${count} FROM ${CURSOR}`, [], keep);
  // Sent together. If the first fails, the others do too, and its error says why.
  const used = withoutUnused(prepared.sql, prepared.query?.parameters ?? [], params);
  const declared = session.answer(DECLARE + used.sql, used.params);
  const moved = skip > 0 ? session.answer(`MOVE FORWARD ${skip} FROM ${CURSOR}`) : undefined;
  const fetched = fetch(Math.min(wanted, BATCH));
  if (wanted <= BATCH) session.end();
  const [outcome, , rest] = await Promise.allSettled([declared, moved, fetched]);
  if (outcome.status === "rejected") throw toToolError(outcome.reason, DECLARE.length);
  if (rest.status === "rejected") throw toToolError(rest.reason);
  const first = rest.value;
  const rows: (readonly Cell[])[] = [];
  let answer = first;
  for (let asked = Math.min(wanted, BATCH); ; ) {
    for (const row of cellsOf(answer)) {
      // A row without its values came after the budget was used up.
      if (rows.length === limit || row.length < first.columns.length || !fits(row, first.columns))
        return { columns: first.columns, rows, hasMore: true };
      rows.push(row);
    }
    if (answer.rows.length < asked || rows.length >= wanted) return { columns: first.columns, rows, hasMore: false };
    asked = Math.min(wanted - rows.length, BATCH);
    answer = await fetch(asked);
  }
}

/** For SHOW and EXPLAIN, whose rows the server returns all at once. */
async function readWhole(session: Session, sql: string, params: readonly Param[], options: PageOptions): Promise<Page> {
  const answer = await session.answer(sql, params, options.keep);
  const rows: (readonly Cell[])[] = [];
  for (const row of cellsOf(answer).slice(options.skip)) {
    if (rows.length === options.limit || row.length < answer.columns.length || !options.fits(row, answer.columns))
      return { columns: answer.columns, rows, hasMore: true };
    rows.push(row);
  }
  return { columns: answer.columns, rows, hasMore: false };
}

function cellsOf({ rows, shortened }: Awaited<ReturnType<Session["answer"]>>): readonly (readonly Cell[])[] {
  const lengths = new Map(shortened.map(({ row, column, bytes }) => [`${row} ${column}`, bytes]));
  return rows.map((row, at) =>
    row.map((text, column) => {
      const bytes = lengths.size > 0 ? lengths.get(`${at} ${column}`) : undefined;
      // The value may have been cut in the middle of a character.
      return bytes === undefined || text === null ? { text } : { text: text.replace(/\uFFFD+$/, ""), bytes };
    }),
  );
}
