import { fromCursor, toCursor } from "@org/server-kit/errors";
import type { Mark, Page, Paging } from "./questions.ts";

/** A ranking that is read in parts. */
export interface Ranking {
  /** The question, so that a cursor from another one is recognized. */
  readonly question: unknown;
  readonly total: number;
  /** Paths in order, at most `limit`, starting at `offset`. */
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
 * The part after the cursor. A cursor names the last path on its page, so the list continues after that path, without
 * repeating or skipping any, even when notes before it were added or removed.
 * @throws ToolError invalid_input for a cursor from another question
 */
export function partOf({ question, total, paths }: Ranking, { limit, cursor }: Paging): Part {
  const place = fromCursor(cursor, Place, question);
  const offset = place ? offsetAfter(paths, place) : 0;
  return { paths: paths(limit, offset), total, question, offset };
}

function offsetAfter(paths: Ranking["paths"], { offset, path }: { offset: number; path: string }): number {
  if (paths(1, offset - 1)[0] === path) return offset;
  const at = paths(Number.MAX_SAFE_INTEGER, 0).indexOf(path);
  // If the path itself is gone, the paths after it have moved up.
  return at === -1 ? offset - 1 : at + 1;
}

/**
 * The cursor that continues after the first items of a page; undefined when there are no more. @param count how many
 * items were shown: the rest is left to the next page
 */
export function cursorAfter(page: Page<{ readonly path: string }>, count = page.items.length): string | undefined {
  const last = page.items[count - 1];
  const end = page.offset + count;
  return last === undefined || end >= page.total ? undefined : toCursor([end, last.path], page.question);
}
