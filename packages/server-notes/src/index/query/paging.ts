import { fromCursor, toCursor } from "@org/server-kit/errors";
import type { Paging } from "./questions.ts";

/** A ranking that can be asked for a part of itself. */
export interface Ranking {
  /** What was asked for, so that a cursor of another question is told apart. */
  readonly question: unknown;
  /** Paths in order, `limit` at most, from `offset` on. */
  paths(limit: number, offset: number): { readonly paths: readonly string[]; readonly total: number };
}

export interface Part {
  readonly paths: readonly string[];
  readonly total: number;
  readonly cursor?: string;
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
 * goes on after that path all the same, without repeating or skipping any.
 * @throws ToolError invalid_input for a cursor that is not of this question
 */
export function partOf({ question, paths: ask }: Ranking, { limit, cursor }: Paging): Part {
  const place = fromCursor(cursor, Place, question);
  const offset = place ? offsetAfter(ask, place) : 0;
  const { paths, total } = ask(limit, offset);
  const last = paths.at(-1);
  const end = offset + paths.length;
  return { paths, total, ...(last !== undefined && end < total && { cursor: toCursor([end, last], question) }) };
}

function offsetAfter(ask: Ranking["paths"], { offset, path }: { offset: number; path: string }): number {
  if (ask(1, offset - 1).paths[0] === path) return offset;
  const at = ask(Number.MAX_SAFE_INTEGER, 0).paths.indexOf(path);
  // Where the path itself is gone, what followed it has moved up.
  return at === -1 ? offset - 1 : at + 1;
}
