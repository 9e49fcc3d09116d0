import { ToolError } from "@org/server-kit";
import type { Boundary } from "../history/boundary.ts";
import { type Entry, walkLog } from "../history/log/log.ts";
import type { Repository } from "../repositories/types.ts";
import { type CommitRow, endsAt, rowOf } from "./commit-row.ts";

/** Characters of an answer other than its commits: work tree, cursor, fence. */
export const BESIDE = 1_600;
/** Characters listed of one message. */
const MOST = 4_000;
/** Characters that the list adds to each row. */
const ROW = 20;
/** Extra characters for each message line as text, which indents it. In all else JSON is longer, so JSON is measured. */
const INDENT = 3;

interface Options {
  readonly paths?: readonly Buffer[];
  readonly skip: number;
  readonly most: number;
  readonly withFiles: boolean;
  /** Characters for the whole answer. */
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

/** Takes commits as rows while they fit; the first one is always taken. */
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

/** Text that git searches for literally. @throws ToolError invalid_input for several lines, which git would split */
export function literal(name: string, text: string): string {
  if (!/[\n\0]/.test(text)) return text;
  throw new ToolError("invalid_input", `${name} is one line of text. Leave the line break out.`);
}
