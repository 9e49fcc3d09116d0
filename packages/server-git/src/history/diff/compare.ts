import { createHash } from "node:crypto";
import { ToolError } from "@org/server-kit";
import * as z from "zod";
import { isNothing } from "../../git/object-id.ts";
import type { Repository } from "../../repositories/types.ts";
import { sizesOf } from "../files/tree.ts";
import { type Reader, readerOf } from "../reader.ts";
import type { FileChange } from "../types.ts";
import { COMPARE, readChanges } from "./changes.ts";
import { type PatchPage, readPatch } from "./patch.ts";
import { statOf, type Totals, totalsOf } from "./stat.ts";

/** Where the next page begins, and a fingerprint of the comparison, since a work tree may change between two pages. */
export const DiffPlace = z.strictObject({
  file: z.int().min(0),
  hunk: z.int().min(0),
  line: z.int().min(0),
  /** Fingerprint of the comparison's totals, to notice a change. */
  was: z.string().max(100),
});
export type DiffPlace = z.infer<typeof DiffPlace>;

export interface DiffPage {
  readonly totals: Totals;
  /** Statistics of all files; only on the first page. */
  readonly stat: string;
  readonly patch: PatchPage;
  readonly next?: DiffPlace;
}

export interface DiffOptions {
  readonly contextLines: number;
  readonly isStatOnly: boolean;
  readonly place: DiffPlace | undefined;
  /** Characters available for the page. */
  readonly room: number;
}

/** The arguments of a comparison, for `git diff` and for `git log`. */
export const comparing = ({ contextLines, isStatOnly }: Pick<DiffOptions, "contextLines" | "isStatOnly">): string[] => [
  ...COMPARE,
  ...(isStatOnly ? [] : ["--patch", `--unified=${contextLines}`]),
];

/** Looks up the sizes of objects by their ids. */
export type Sizes = (ids: readonly string[]) => Promise<ReadonlyMap<string, number>>;
/** At most this many binary files get their sizes. */
const MOST_SIZES = 500;
/** Characters that a file's heading and the first lines of a hunk may need. */
const LEAST = 2_400;

/** What `git diff` should compare. */
export interface Comparison {
  /** Ids, or an option that stands for the index. */
  readonly args: readonly string[];
  /** Whether files of the work tree are read: then git would also refresh the index, which must be prevented. */
  readonly isOfWorkTree: boolean;
  /** The comparison covers only these paths. */
  readonly paths?: readonly Buffer[];
}

/** Compares and returns one page: the statistics of all files first, then as much of the patch as fits. */
export async function diffPage(
  repository: Repository,
  { args, isOfWorkTree, paths = [] }: Comparison,
  options: DiffOptions,
  signal: AbortSignal,
): Promise<DiffPage> {
  const command = ["diff", ...comparing(options), ...args];
  const run = { signal, paths };
  const pieces = isOfWorkTree ? repository.comparing(command, run) : repository.chunks(command, run);
  try {
    return await readDiff(readerOf(pieces), options, (ids) => sizesOf(repository, ids, signal));
  } finally {
    // The page is full, so git can stop.
    await pieces.return();
  }
}

/** @throws ToolError conflict when a later page is requested and the comparison has changed */
export async function readDiff(reader: Reader, options: DiffOptions, sizes: Sizes): Promise<DiffPage> {
  const { isStatOnly, place, room } = options;
  const changes = await withSizes(await readChanges(reader), sizes);
  const totals = totalsOf(changes);
  const was = fingerprint(changes);
  if (place && place.was !== was) {
    throw new ToolError("conflict", "the files have changed since the previous page. Ask again without cursor.");
  }
  const stat = place ? "" : statOf(changes, isStatOnly ? room : room / 3);
  const begin = place ?? { file: 0, hunk: 0, line: 0 };
  const patch = await patchPage(room - stat.length);
  return { totals, stat, patch, ...(patch.next && { next: { ...patch.next, was } }) };

  async function patchPage(left: number): Promise<PatchPage> {
    if (isStatOnly || changes.length === 0) return { text: "" };
    // If the statistics leave little room, the patch begins on the next page.
    if (!place && left < LEAST) return { text: "", next: begin };
    return readPatch(reader, changes, begin, left);
  }
}

/** Binary files have no lines to count; their sizes in bytes are given instead. */
async function withSizes(changes: readonly FileChange[], sizes: Sizes): Promise<readonly FileChange[]> {
  const ids = changes.flatMap(({ added, isUnmerged, oldId, newId }) =>
    added === undefined && !isUnmerged ? [oldId, newId] : [],
  );
  if (ids.length === 0) return changes;
  const found = await sizes(ids.filter((id) => !isNothing(id)).slice(0, MOST_SIZES));
  return changes.map((change) => {
    const [oldSize, newSize] = [found.get(change.oldId), found.get(change.newId)];
    return { ...change, ...(oldSize !== undefined && { oldSize }), ...(newSize !== undefined && { newSize }) };
  });
}

/** Covers what a page's numbers count; it misses an edit in the work tree that keeps the line counts. */
function fingerprint(changes: readonly FileChange[]): string {
  const hash = createHash("sha256");
  for (const { path, oldId, newId, added, removed } of changes) {
    hash.update(path).update(`\0${oldId}${newId}${added},${removed}`);
  }
  return hash.digest("base64url").slice(0, 16);
}
