import { closeSync } from "node:fs";
import type { ScanEntry } from "@org/beneath";
import { compileExclude, compileInclude } from "../glob/glob.ts";
import { createIgnored, type IgnoreTexts, isOfFile } from "../glob/ignore-files.ts";
import type { MatchOutput } from "./in-file/line-finder.ts";
import { createMatcher, type Query } from "./in-file/matcher.ts";
import { searchFile } from "./in-file/search-file.ts";
import { behind, type JobContext, Stopped } from "./job-context.ts";
import type { FileMatches, LinePosition } from "./types.ts";

export interface ContentArgs extends Query {
  readonly wanted: MatchOutput;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly context: number;
  /** Matching lines, or files if those are wanted. */
  readonly limit: number;
  /** The rules of the directories above the start; undefined if none apply. */
  readonly ignore: readonly IgnoreTexts[] | undefined;
  readonly from: LinePosition | undefined;
  /** This thread's share of the files, of the threads that search the same tree. */
  readonly share: number;
  readonly shares: number;
  /** Most bytes of a file that must be read into memory. */
  readonly maxRead: number;
}

export interface Skipped {
  readonly binary: number;
  readonly large: number;
  readonly unread: number;
  /** Files hidden by ignore files; the contents of an ignored directory are not counted. */
  readonly ignoredFiles: number;
  readonly ignoredDirectories: number;
  /** Files that are not entirely UTF-8, of which only the valid parts were searched: their number, and some paths. */
  readonly notUtf8: number;
  readonly notUtf8Paths: readonly string[];
}

export interface ContentResult {
  /** Where to continue, when there is more. */
  readonly next: LinePosition | undefined;
  readonly stopped: boolean;
  readonly searched: number;
  readonly skipped: Skipped;
}

/** Matches are sent this often, so that they are not lost if the thread must be terminated. */
const TELL_MS = 100;
/** Most skipped paths that are named. */
export const NAMED = 5;

export function content(work: JobContext, args: ContentArgs): ContentResult {
  const { scanner, start, goOn } = work;
  const { wanted } = args;
  const matcher = createMatcher(args);
  const skipped = { binary: 0, large: 0, unread: 0, ignoredFiles: 0, ignoredDirectories: 0, notUtf8: 0 };
  const notUtf8Paths: string[] = [];
  let searched = 0;
  let room = args.limit;
  let untold: FileMatches[] = [];
  let toldAt = performance.now();

  /** @returns where to continue, if the search ends in this file */
  function search(path: string, open: () => number): LinePosition | undefined {
    const options = () => {
      const from = args.from?.path === path ? args.from.line : 1;
      return { wanted, context: args.context, limit: room, from, maxRead: args.maxRead, goOn };
    };
    // Only an expression can run forever.
    if (args.regex) work.enter(path);
    let fd: number | undefined;
    try {
      fd = open();
      const found = searchFile(fd, matcher, options);
      if (typeof found === "string") {
        skipped[found] += 1;
        return undefined;
      }
      // A file that does not fit comes first on the next page.
      if (wanted !== "lines" && found.matches > 0 && room === 0) return { path, line: 1 };
      searched += 1;
      room -= wanted === "lines" ? found.matches : Math.min(1, found.matches);
      if (!found.isUtf8) {
        skipped.notUtf8 += 1;
        if (notUtf8Paths.length < NAMED) notUtf8Paths.push(path);
      }
      if (found.matches > 0) untold.push({ path, lines: found.lines, matches: found.matches });
      return found.next === undefined ? undefined : { path, line: found.next };
    } catch (error) {
      // A disk with a bad block must not prevent the search of all other files.
      if (!isOfFile(error)) throw error;
      skipped.unread += 1;
      return undefined;
    } finally {
      if (fd !== undefined) closeSync(fd);
    }
  }

  function tell(): void {
    if (untold.length > 0) work.tell(untold);
    untold = [];
    toldAt = performance.now();
  }

  function ended(next: LinePosition | undefined, stopped: boolean): ContentResult {
    tell();
    return { next, stopped, searched, skipped: { ...skipped, notUtf8Paths } };
  }

  if (start.kind === "file") {
    const next = args.share === 0 ? search("", scanner.openStart) : undefined;
    return ended(next, next !== undefined && !goOn());
  }
  const keep = selection(work, args, ({ kind }) => {
    if (kind === "directory") skipped.ignoredDirectories += 1;
    else if (kind === "file") skipped.ignoredFiles += 1;
  });
  let next: LinePosition = args.from ?? { path: "", line: 1 };
  try {
    for (const entry of scanner.walk({ keep, from: args.from?.path })) {
      next = args.from?.path === entry.path ? args.from : { path: entry.path, line: 1 };
      if (!goOn()) return ended(next, true);
      if (entry.problem && isMine(entry, args)) skipped.unread += 1;
      if (entry.kind === "file") {
        if (!entry.addressable) skipped.unread += 1;
        const onward = entry.addressable ? search(entry.path, () => scanner.open(entry)) : undefined;
        if (onward) return ended(onward, !goOn());
      }
      next = { path: behind(entry.path), line: 1 };
      // Sent before a file in which the thread may get stuck.
      if (untold.length > 0 && (args.regex || performance.now() - toldAt > TELL_MS)) tell();
    }
  } catch (error) {
    if (error instanceof Stopped) return ended(next, true);
    throw error;
  }
  return ended(undefined, false);
}

/** Which entries are looked at. @param hidden called for entries that only ignore files exclude, except `.git` */
function selection({ scanner, start }: JobContext, args: ContentArgs, hidden: (entry: ScanEntry) => void) {
  const { include, exclude, ignore } = args;
  const isIncluded = compileInclude(include);
  const isExcluded = compileExclude(exclude);
  const isIgnored = ignore && createIgnored(scanner, start, ignore);
  return (entry: ScanEntry): boolean => {
    const { name, path, kind, directory } = entry;
    const isDirectory = kind === "directory";
    if ((!isDirectory || directory.depth === SHARED_DEPTH) && !isMine(entry, args)) return false;
    if (kind === "file" && include.length > 0 && !isIncluded(path, false)) return false;
    if (exclude.length > 0 && isExcluded(path, isDirectory)) return false;
    if (!isIgnored?.(entry)) return true;
    if (name !== ".git" && isMine(entry, args)) hidden(entry);
    return false;
  };
}

/** Directories at this depth are divided among the threads; those above are walked by all of them. */
const SHARED_DEPTH = 2;

/** By the path alone, so that no file is searched twice or missed when the tree changes. */
function isMine({ path, directory }: ScanEntry, { share, shares }: ContentArgs): boolean {
  if (shares === 1 || directory.depth > SHARED_DEPTH) return true;
  let hash = 0;
  for (let at = 0; at < path.length; at += 1) hash = Math.imul(hash ^ path.charCodeAt(at), 0x01000193);
  return ((hash ^ (hash >>> 15)) >>> 0) % shares === share;
}
