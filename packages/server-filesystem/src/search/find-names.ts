import type { ScanEntry } from "@org/beneath";
import { compileExclude, compileGlob } from "../glob/glob.ts";
import { behind, foundOf, type JobContext, Stopped, statIfThere } from "./job-context.ts";
import type { Found } from "./types.ts";

export interface FindArgs {
  readonly pattern: string;
  readonly exclude: readonly string[];
  readonly kind: "file" | "directory" | "symlink" | "any";
  /** Milliseconds since 1970. */
  readonly modifiedAfter: number | undefined;
  readonly minSize: number | undefined;
  readonly maxSize: number | undefined;
  readonly limit: number;
  /** The path of the first entry to look at. */
  readonly from: string | undefined;
}

export interface FindResult {
  readonly found: readonly Found[];
  /** Where to go on, when there is more. */
  readonly next: string | undefined;
  /** Whether it was stopped before it knew. */
  readonly stopped: boolean;
  readonly looked: number;
  /** Directories that could not be read. */
  readonly unread: number;
}

export function find({ scanner, goOn }: JobContext, args: FindArgs): FindResult {
  const { kind, limit, from, modifiedAfter = Number.NEGATIVE_INFINITY } = args;
  const { minSize = 0, maxSize = Number.POSITIVE_INFINITY } = args;
  const glob = compileGlob(args.pattern);
  const excluded = compileExclude(args.exclude);
  const filters = args.modifiedAfter !== undefined || args.minSize !== undefined || args.maxSize !== undefined;
  const found: Found[] = [];
  let looked = 0;
  let unread = 0;

  function examine(entry: ScanEntry): Found | undefined {
    if (kind !== "any" && entry.kind !== kind) return undefined;
    if (!glob(entry.path, entry.kind === "directory")) return undefined;
    const stat = statIfThere(scanner, entry);
    if (stat === "gone") return undefined;
    if (!stat) return filters ? undefined : foundOf(entry, undefined);
    if (stat.mtimeMs < modifiedAfter) return undefined;
    // A directory's own size says nothing about what is in it.
    if (filters && stat.kind === "directory" && (args.minSize !== undefined || args.maxSize !== undefined))
      return undefined;
    return stat.size < minSize || stat.size > maxSize ? undefined : foundOf(entry, stat);
  }

  const keep = ({ path, kind }: ScanEntry) => args.exclude.length === 0 || !excluded(path, kind === "directory");
  const ended = (next: string | undefined, stopped: boolean) => ({ found, next, stopped, looked, unread });
  let next = from ?? "";
  let twin: string | undefined;
  try {
    for (const entry of scanner.walk({ from, keep })) {
      next = entry.path;
      if (!goOn()) return ended(next, true);
      looked += 1;
      if (entry.problem) unread += 1;
      // Names that are not UTF-8 may look alike: told twice, a cursor to the second would lead to the first for ever.
      if (!entry.addressable && entry.path === twin) continue;
      if (!entry.addressable) twin = entry.path;
      const match = examine(entry);
      if (match && found.length === limit) return ended(next, false);
      if (match) found.push(match);
      next = behind(entry.path);
    }
  } catch (error) {
    if (error instanceof Stopped) return ended(next, true);
    throw error;
  }
  return ended(undefined, false);
}
