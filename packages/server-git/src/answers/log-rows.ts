import { ToolError } from "@org/server-kit";
import type { Boundary } from "../history/boundary.ts";
import { type Entry, walkLog } from "../history/log/log.ts";
import type { Repository } from "../repositories/types.ts";
import { type CommitRow, endsAt, rowOf } from "./commit-row.ts";

/** Characters of an answer beside its commits: where it is, the cursor, the fence. */
export const BESIDE = 1_600;
/** Characters that a list has of one message. */
const MOST = 4_000;
/** Characters that the list adds to a row. */
const ROW = 20;
/** Characters by which a line of a message is longer as text, which indents it, than as JSON, which is longer in all else. */
const INDENT = 3;

interface Options {
  readonly paths?: readonly Buffer[];
  readonly skip: number;
  readonly most: number;
  readonly withFiles: boolean;
  /** Characters of the whole answer. */
  readonly room: number;
  readonly boundary: Boundary;
}

/** A page of commits that fits an answer, as text and as JSON. */
export async function logRows(repository: Repository, args: readonly string[], options: Options, signal: AbortSignal) {
  const { room, boundary, ...page } = options;
  const { rows, take } = rowTaker(room, boundary);
  const end = await walkLog(repository, args, { ...page, take }, signal);
  return { rows, ...end, note: endsAt(rows, boundary) };
}

/** Takes commits as rows as long as they fit; the first one always does. */
export function rowTaker(room: number, boundary: Boundary, most = Number.POSITIVE_INFINITY) {
  const rows: CommitRow[] = [];
  let left = room - BESIDE;
  const take = (entry: Entry): boolean => {
    const row = rowOf(entry, boundary, Math.min(MOST, (room - BESIDE) / 8));
    left -= JSON.stringify(row).length + INDENT * (row.body?.split("\n").length ?? 0) + ROW;
    if (rows.length === most || (left < 0 && rows.length > 0)) return false;
    rows.push(row);
    return true;
  };
  return { rows, take };
}

/** A text that git looks for as it stands. @throws ToolError invalid_input for several lines, which git takes apart */
export function literal(name: string, text: string): string {
  if (!/[\n\0]/.test(text)) return text;
  throw new ToolError("invalid_input", `${name} is one line of text. Leave the line break out.`);
}
