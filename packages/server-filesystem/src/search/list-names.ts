import type { ScanEntry } from "@org/beneath";
import { compileGlob } from "../glob/glob.ts";
import { foundOf, type JobContext, Stopped, statIfThere } from "./job-context.ts";
import type { Found } from "./types.ts";

export interface ListArgs {
  readonly sortBy: "name" | "size" | "modified";
  readonly pattern: string | undefined;
  readonly limit: number;
  /** The last one of the page before. */
  readonly after: Ranked | undefined;
}

/** By what an entry is sorted: the higher rank first, then by name. */
export interface Ranked {
  readonly rank: number;
  readonly name: string;
}

export interface ListResult {
  readonly entries: readonly (Found & Ranked)[];
  /** Of those that match the pattern. */
  readonly total: number;
  /** Behind these. */
  readonly more: boolean;
}

interface Candidate extends Ranked {
  readonly entry: ScanEntry;
}

const order = (a: Ranked, b: Ranked) => b.rank - a.rank || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/**
 * One page of a directory: all names go by, and only those of the page are held.
 * @returns undefined when it was stopped
 */
export function list(work: JobContext, args: ListArgs): ListResult | undefined {
  try {
    return pageOf(work, args);
  } catch (error) {
    if (error instanceof Stopped) return undefined;
    throw error;
  }
}

function pageOf({ scanner, goOn }: JobContext, { sortBy, pattern, limit, after }: ListArgs): ListResult | undefined {
  const glob = pattern === undefined ? undefined : compileGlob(pattern);
  let page: Candidate[] = [];
  let last: Candidate | undefined;
  let total = 0;
  let behind = 0;
  const rankOf = (entry: ScanEntry) => {
    if (sortBy === "name") return 0;
    const stat = statIfThere(scanner, entry);
    return stat && stat !== "gone" ? (sortBy === "size" ? stat.size : stat.mtimeMs) : 0;
  };
  const trim = () => {
    page = page.sort(order).slice(0, limit);
    if (page.length === limit) last = page.at(-1);
  };
  for (const entry of scanner.list(scanner.start)) {
    if (!goOn()) return undefined;
    if (glob?.(entry.name, entry.kind === "directory") === false) continue;
    total += 1;
    const candidate: Candidate = { name: entry.name, rank: rankOf(entry), entry };
    if (after && order(candidate, after) <= 0) continue;
    behind += 1;
    if (last && order(candidate, last) > 0) continue;
    page.push(candidate);
    if (page.length >= limit * 2) trim();
  }
  trim();
  const entries = page.flatMap(({ entry, rank, name }) => {
    const stat = statIfThere(scanner, entry);
    return stat === "gone" ? [] : [{ ...foundOf(entry, stat), rank, name }];
  });
  return { entries, total, more: behind > page.length };
}
