import type { Repository } from "../../repositories/types.ts";
import { COMPARE, readChanges } from "../diff/changes.ts";
import { readerOf } from "../reader.ts";
import { COMMITS, readCommit } from "./commit.ts";
import type { Entry } from "./log.ts";

/** Commits searched at a time, so that an interrupted search can continue from there. */
const WINDOW = 2_000;

/** How far a search has come: commits searched, and matches after them that have been returned already. */
export interface SearchPlace {
  readonly walked: number;
  readonly given: number;
}

export interface SearchOptions {
  /** The commit from which to search backwards. */
  readonly tip: string;
  /** Arguments for git that a commit must match. */
  readonly filter: readonly string[];
  /** Limits the search to these paths. */
  readonly paths: readonly Buffer[];
  /** Adds the matching files of each commit. */
  readonly withFiles: boolean;
  readonly place: SearchPlace;
  /** Takes a commit, or returns false if the page has no room for it. */
  take(entry: Entry): boolean;
}

export interface SearchEnd {
  /** Where to continue; undefined when everything has been searched. */
  readonly next?: SearchPlace;
  /** The deadline ended it. */
  readonly isStopped: boolean;
}

/**
 * Searches history from newest to oldest. One walk lists the commits, and git searches them window by window, so that a
 * search of hours can be done in pages of seconds.
 */
export async function searchLog(
  repository: Repository,
  options: SearchOptions,
  signal: AbortSignal,
): Promise<SearchEnd> {
  const { tip, place, take } = options;
  let { walked, given } = place;
  const ids = repository.records(["rev-list", `--skip=${walked}`, tip], { signal, end: "\n" });
  try {
    for (;;) {
      const part = await nextOf(ids, WINDOW);
      if (part.length === 0) return { isStopped: false };
      let found = 0;
      for await (const entry of matchesIn(repository, part, options, signal)) {
        found += 1;
        if (found <= given) continue;
        if (!take(entry)) return { next: { walked, given }, isStopped: false };
        given = found;
      }
      walked += part.length;
      given = 0;
    }
  } catch (error) {
    const isFurther = walked > place.walked || given > place.given;
    if (!signal.aborted || !isFurther) throw error;
    return { next: { walked, given }, isStopped: true };
  } finally {
    await ids.return();
  }
}

async function nextOf(ids: AsyncGenerator<Buffer, void, undefined>, most: number): Promise<string[]> {
  const part: string[] = [];
  while (part.length < most) {
    const { value, done } = await ids.next();
    if (done || !value) break;
    part.push(value.toString("latin1"));
  }
  return part;
}

async function* matchesIn(
  repository: Repository,
  ids: readonly string[],
  { filter, paths, withFiles }: SearchOptions,
  signal: AbortSignal,
): AsyncGenerator<Entry, void, undefined> {
  const form = [...COMMITS, ...(withFiles ? [...COMPARE, "--no-diff-merges", "--root"] : ["--no-patch"])];
  const args = ["log", ...form, "--no-walk=unsorted", ...filter, "--stdin"];
  const pieces = repository.chunks(args, { signal, paths, input: `${ids.join("\n")}\n` });
  try {
    const reader = readerOf(pieces);
    for (let commit = await readCommit(reader); commit; commit = await readCommit(reader)) {
      yield withFiles ? { ...commit, files: await readChanges(reader) } : commit;
    }
  } finally {
    await pieces.return();
  }
}
