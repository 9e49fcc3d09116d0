import { createHash } from "node:crypto";
import type { Paging } from "./questions.ts";
import { Refusal } from "./refusal.ts";

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

/**
 * The part behind the cursor. A cursor names the last path it gave: when others came or went before it, the list
 * goes on behind that path all the same, without repeating or skipping any.
 * @throws Refusal for a cursor that is not of this question
 */
export function partOf(ranking: Ranking, { limit, cursor }: Paging): Part {
  const key = keyOf(ranking.question);
  const offset = cursor === undefined ? 0 : offsetBehind(ranking, cursor, key);
  const { paths, total } = ranking.paths(limit, offset);
  const last = paths.at(-1);
  const end = offset + paths.length;
  return { paths, total, ...(last !== undefined && end < total && { cursor: encode([key, end, last]) }) };
}

function offsetBehind(ranking: Ranking, cursor: string, key: string): number {
  const [asked, offset, path] = decode(cursor);
  if (asked !== key) throw invalid();
  if (ranking.paths(1, offset - 1).paths[0] === path) return offset;
  const at = ranking.paths(Number.MAX_SAFE_INTEGER, 0).paths.indexOf(path);
  // Where the path itself is gone, what followed it has moved up.
  return at === -1 ? offset - 1 : at + 1;
}

const keyOf = (question: unknown) =>
  createHash("sha256").update(JSON.stringify(question)).digest("base64url").slice(0, 8);

const encode = (cursor: readonly [string, number, string]) => Buffer.from(JSON.stringify(cursor)).toString("base64url");

function decode(cursor: string): readonly [string, number, string] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    if (Array.isArray(value)) {
      const [key, offset, path]: unknown[] = value;
      if (typeof key === "string" && typeof path === "string" && Number.isSafeInteger(offset) && Number(offset) > 0) {
        return [key, Number(offset), path];
      }
    }
  } catch {
    // Told below.
  }
  throw invalid();
}

const invalid = () =>
  new Refusal("cursor is not one of this list: pass the one of the last answer with the same arguments, or none.");
