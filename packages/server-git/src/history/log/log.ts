import type { Repository } from "../../repositories/types.ts";
import { COMPARE, readChanges } from "../diff/changes.ts";
import { readerOf } from "../reader.ts";
import type { Commit, FileChange } from "../types.ts";
import { COMMITS, readCommit } from "./commit.ts";

export interface Entry extends Commit {
  /** When requested: the files that the commit changed. A merge is compared with its first parent. */
  readonly files?: readonly FileChange[];
}

export interface LogOptions {
  /** Limits the log to commits that touch these paths. */
  readonly paths?: readonly Buffer[];
  /** Number of commits on earlier pages. */
  readonly skip: number;
  readonly most: number;
  /** Adds the files that each commit changed. A merge is compared with its first parent. */
  readonly withFiles: boolean;
  /** Takes a commit, or returns false if the page has no room for it. */
  take(entry: Entry): boolean;
}

export interface LogEnd {
  readonly isMore: boolean;
  /** The deadline ended it: there may be more. */
  readonly isStopped: boolean;
}

/**
 * Reads a log as git writes it and stops after the page, so that the cost depends on the page and not on the history.
 * @param args ids and filters: which commits to walk
 */
export async function walkLog(
  repository: Repository,
  args: readonly string[],
  { paths, skip, most, withFiles, take }: LogOptions,
  signal: AbortSignal,
): Promise<LogEnd> {
  const form = [...COMMITS, ...(withFiles ? [...COMPARE, "--diff-merges=first-parent", "--root"] : ["--no-patch"])];
  // With --follow, --skip also counts commits that did not touch the file; with --reverse, git counts before it
  // reverses.
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
    // Results found before the deadline are worth more than an error.
    if (!signal.aborted || count <= 0) throw error;
    return { isMore: true, isStopped: true };
  } finally {
    await pieces.return();
  }
}
