import { fromCursor, toCursor } from "@org/server-kit/errors";
import type { Mark, Page, Paging } from "./questions.ts";

/** A ranking that can be asked for a part of itself. */
export interface Ranking {
  /** What was asked for, so that a cursor of another question is told apart. */
  readonly question: unknown;
  readonly total: number;
  /** Paths in order, `limit` at most, from `offset` on. */
  paths(limit: number, offset: number): readonly string[];
}

export interface Part extends Mark {
  readonly paths: readonly string[];
  readonly total: number;
}

const Place = {
  parse(place: unknown): { offset: number; path: string } {
    const [offset, path]: unknown[] = Array.isArray(place) ? place : [];
    if (!Number.isSafeInteger(offset) || Number(offset) < 1 || typeof path !== "string") throw new TypeError();
    return { offset: Number(offset), path };
  },
};

/**
 * The part after the cursor. A cursor names the last path it gave: when others came or went before it, the list
 * continues after that path all the same, without repeating or skipping any.
 * @throws ToolError invalid_input for a cursor that is not of this question
 */
export function partOf({ question, total, paths }: Ranking, { limit, cursor }: Paging): Part {
  const place = fromCursor(cursor, Place, question);
  const offset = place ? offsetAfter(paths, place) : 0;
  return { paths: paths(limit, offset), total, question, offset };
}

function offsetAfter(paths: Ranking["paths"], { offset, path }: { offset: number; path: string }): number {
  if (paths(1, offset - 1)[0] === path) return offset;
  const at = paths(Number.MAX_SAFE_INTEGER, 0).indexOf(path);
  // Where the path itself is gone, what followed it has moved up.
  return at === -1 ? offset - 1 : at + 1;
}

/**
 * The cursor that continues a page after its first items; undefined when there are no more.
 * @param count how many of its items were shown: what does not fit is left to the next page
 */
export function cursorAfter(page: Page<{ readonly path: string }>, count = page.items.length): string | undefined {
  const last = page.items[count - 1];
  const end = page.offset + count;
  return last === undefined || end >= page.total ? undefined : toCursor([end, last.path], page.question);
}
