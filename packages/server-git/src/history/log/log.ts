import type { Repository } from "../../repositories/types.ts";
import { COMPARE, readChanges } from "../diff/changes.ts";
import { readerOf } from "../reader.ts";
import type { Commit, FileChange } from "../types.ts";
import { COMMITS, readCommit } from "./commit.ts";

export interface Entry extends Commit {
  /** With files: what the commit changed, a merge compared with its first parent. */
  readonly files?: readonly FileChange[];
}

export interface LogOptions {
  /** What it is limited to. */
  readonly paths?: readonly Buffer[];
  /** Commits that earlier pages had. */
  readonly skip: number;
  readonly most: number;
  /** With the files that each commit changed, a merge compared with its first parent. */
  readonly withFiles: boolean;
  /** Takes a commit, or says that the page has no room for it. */
  take(entry: Entry): boolean;
}

export interface LogEnd {
  readonly isMore: boolean;
  /** The deadline came first: there may be more. */
  readonly isStopped: boolean;
}

/**
 * Reads a log as git writes it and stops after the page: a history of any length costs as much as the page.
 * @param args what to walk: ids and filters
 */
export async function walkLog(
  repository: Repository,
  args: readonly string[],
  { paths, skip, most, withFiles, take }: LogOptions,
  signal: AbortSignal,
): Promise<LogEnd> {
  const form = [...COMMITS, ...(withFiles ? [...COMPARE, "--diff-merges=first-parent", "--root"] : ["--no-patch"])];
  // While git follows a file through renames, it skips commits that did not touch it, too; and it counts before it turns the order round.
  const isReverse = args.includes("--reverse");
  const unread = isReverse || args.includes("--follow") ? skip : 0;
  const page = isReverse ? [] : [`--skip=${skip - unread}`, `--max-count=${unread + most + 1}`];
  const pieces = repository.chunks(["log", ...form, ...page, ...args], { signal, paths });
  let count = -unread;
  try {
    const reader = readerOf(pieces);
    for (;;) {
      const commit = await readCommit(reader);
      if (!commit) return { isMore: false, isStopped: false };
      const entry = withFiles ? { ...commit, files: await readChanges(reader) } : commit;
      if (count === most || (count >= 0 && !take(entry))) return { isMore: true, isStopped: false };
      count += 1;
    }
  } catch (error) {
    // What was found until the deadline is worth more than an error.
    if (!signal.aborted || count <= 0) throw error;
    return { isMore: true, isStopped: true };
  } finally {
    await pieces.return();
  }
}
