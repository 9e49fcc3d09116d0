import type { ScanEntry } from "@org/beneath";
import { compileExclude, compileGlob } from "../glob/glob.ts";
import { createIgnored, type IgnoreTexts } from "../glob/ignore-files.ts";
import { behind, foundOf, type JobContext, Stopped, statIfThere } from "./job-context.ts";
import { createRankedPage, type Ranked } from "./ranked-page.ts";
import type { Found } from "./types.ts";

export interface FindArgs {
  readonly pattern: string;
  readonly caseSensitive: boolean;
  readonly exclude: readonly string[];
  readonly kind: "file" | "directory" | "symlink" | "any";
  /** Milliseconds since 1970. */
  readonly modifiedAfter: number | undefined;
  readonly minSize: number | undefined;
  readonly maxSize: number | undefined;
  readonly sortBy: "path" | "size" | "modified";
  readonly limit: number;
  /** The rules of the directories above the start; undefined if none apply. */
  readonly ignore: readonly IgnoreTexts[] | undefined;
  /** By path: the first entry to look at. */
  readonly from: string | undefined;
  /** By size or time: the last entry of the previous page. */
  readonly after: Ranked | undefined;
}

export interface FindResult {
  readonly found: readonly (Found & Ranked)[];
  /** By path: where to continue, when there is more. */
  readonly next: string | undefined;
  /** By size or time: whether there is more. */
  readonly more: boolean;
  /** Whether it was stopped before it could tell. */
  readonly stopped: boolean;
  /** Directories that could not be read. */
  readonly unread: number;
  /** Entries hidden by ignore files; a directory counts as one. */
  readonly ignored: number;
}

export function find(context: JobContext, args: FindArgs): FindResult {
  const { scanner, goOn } = context;
  const { limit, from, sortBy } = args;
  const matches = matcherOf(context, args);
  const counts = { unread: 0, ignored: 0 };
  const keep = keeperOf(context, args, () => {
    counts.ignored += 1;
  });
  const ranked = createRankedPage<Found & Ranked>(limit, args.after);
  const found: (Found & Ranked)[] = [];
  const ended = (next: string | undefined, stopped: boolean): FindResult => {
    if (sortBy === "path") return { found, next, more: next !== undefined, stopped, ...counts };
    const { page, more } = ranked.result();
    return { found: page, next: undefined, more, stopped, ...counts };
  };
  let next = from ?? "";
  let twin: string | undefined;
  try {
    for (const entry of scanner.walk({ from, keep })) {
      next = entry.path;
      if (!goOn()) return ended(next, true);
      if (entry.problem) counts.unread += 1;
      // Names that are not UTF-8 may look alike: if one were reported twice, a cursor to the second would lead back to
      // the first forever.
      if (!entry.addressable && entry.path === twin) continue;
      if (!entry.addressable) twin = entry.path;
      const match = matches(entry);
      if (match && sortBy !== "path") ranked.add({ ...match, rank: rankOf(match, sortBy), name: match.path });
      else if (match && found.length === limit) return ended(next, false);
      else if (match) found.push({ ...match, rank: 0, name: match.path });
      next = behind(entry.path);
    }
  } catch (error) {
    if (error instanceof Stopped) return ended(next, true);
    throw error;
  }
  return ended(undefined, false);
}

/** A directory's own size says nothing about its contents. */
const rankOf = ({ kind, size = 0, mtimeMs = 0 }: Found, sortBy: "size" | "modified") =>
  sortBy === "modified" ? mtimeMs : kind === "file" ? size : 0;

function matcherOf({ scanner }: JobContext, args: FindArgs): (entry: ScanEntry) => Found | undefined {
  const { pattern, caseSensitive, kind, minSize = 0, maxSize = Number.POSITIVE_INFINITY } = args;
  const { modifiedAfter = Number.NEGATIVE_INFINITY } = args;
  const glob = compileGlob(pattern, { ignoreCase: !caseSensitive });
  const isBySize = args.minSize !== undefined || args.maxSize !== undefined;
  const hasFilters = isBySize || args.modifiedAfter !== undefined;
  return (entry) => {
    if (kind !== "any" && entry.kind !== kind) return undefined;
    if (!glob(entry.path, entry.kind === "directory")) return undefined;
    const stat = statIfThere(scanner, entry);
    if (stat === "gone") return undefined;
    if (!stat) return hasFilters ? undefined : foundOf(entry, undefined);
    if (stat.mtimeMs < modifiedAfter || (isBySize && stat.kind === "directory")) return undefined;
    return stat.size < minSize || stat.size > maxSize ? undefined : foundOf(entry, stat);
  };
}

/** @param hidden called for entries that ignore files exclude, except `.git` */
function keeperOf({ scanner, start }: JobContext, { exclude, ignore }: FindArgs, hidden: () => void) {
  const isExcluded = compileExclude(exclude);
  const isIgnored = ignore && createIgnored(scanner, start, ignore);
  return (entry: ScanEntry): boolean => {
    if (exclude.length > 0 && isExcluded(entry.path, entry.kind === "directory")) return false;
    if (!isIgnored?.(entry)) return true;
    if (entry.name !== ".git") hidden();
    return false;
  };
}
