import type { ScanEntry } from "@org/beneath";
import { compileGlob } from "../glob/glob.ts";
import { foundOf, type JobContext, Stopped, statIfThere } from "./job-context.ts";
import { createRankedPage, type Ranked } from "./ranked-page.ts";
import type { Found } from "./types.ts";

export interface ListArgs {
  readonly sortBy: "name" | "size" | "modified";
  readonly pattern: string | undefined;
  readonly limit: number;
  /** The last entry of the previous page. */
  readonly after: Ranked | undefined;
}

export interface ListResult {
  readonly entries: readonly (Found & Ranked)[];
  /** Entries that match the pattern. */
  readonly total: number;
  /** Whether more follow. */
  readonly more: boolean;
}

/**
 * One page of a directory: all names are read, but only those of the page are held. @returns undefined when it was
 * stopped
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
  const ranked = createRankedPage<Ranked & { readonly entry: ScanEntry }>(limit, after);
  let total = 0;
  const rankOf = (entry: ScanEntry) => {
    if (sortBy === "name") return 0;
    const stat = statIfThere(scanner, entry);
    return stat && stat !== "gone" ? (sortBy === "size" ? stat.size : stat.mtimeMs) : 0;
  };
  for (const entry of scanner.list(scanner.start)) {
    if (!goOn()) return undefined;
    if (glob?.(entry.name, entry.kind === "directory") === false) continue;
    total += 1;
    ranked.add({ name: entry.name, rank: rankOf(entry), entry });
  }
  const { page, more } = ranked.result();
  const entries = page.flatMap(({ entry, rank, name }) => {
    const stat = statIfThere(scanner, entry);
    return stat === "gone" ? [] : [{ ...foundOf(entry, stat), rank, name }];
  });
  return { entries, total, more };
}
