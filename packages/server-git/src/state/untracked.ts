import type { Repository } from "../repositories/types.ts";
import { readPath } from "../text/paths.ts";

/** Extra time for counting, on top of the status itself. */
const COUNT_MS = 1_000;
/** Up to this many folders are passed to git; with more, git searches everything. */
const NAMED = 50;

/**
 * Counts the files in each untracked folder. Status itself stops at a folder's first file, so this is a second walk,
 * which is streamed and ends when its time is up.
 * @param folders as in the status, with a trailing `/`
 * @returns counts by folder, and whether they are complete
 */
export async function countUntracked(
  repository: Repository,
  folders: readonly string[],
  signal: AbortSignal,
): Promise<{ counts: ReadonlyMap<string, number>; isComplete: boolean }> {
  const counts = new Map<string, number>();
  const names = folders.map(readPath);
  const paths = names.length <= NAMED ? names : [];
  const byPrefix = new Map(folders.map((folder, at) => [names[at]?.toString("latin1") ?? "", folder]));
  const end = performance.now() + COUNT_MS;
  let last: { readonly prefix: Buffer; readonly folder: string } | undefined;
  for await (const batch of repository.batches(["ls-files", "--others", "--exclude-standard", "-z"], {
    signal,
    paths,
  })) {
    for (const record of batch) {
      if (last === undefined || !record.subarray(0, last.prefix.length).equals(last.prefix))
        last = prefixOf(record, byPrefix);
      if (last) counts.set(last.folder, (counts.get(last.folder) ?? 0) + 1);
    }
    if (performance.now() > end) return { counts, isComplete: false };
  }
  return { counts, isComplete: true };
}

function prefixOf(record: Buffer, byPrefix: ReadonlyMap<string, string>) {
  for (let at = record.indexOf("/"); at !== -1; at = record.indexOf("/", at + 1)) {
    const folder = byPrefix.get(record.toString("latin1", 0, at + 1));
    if (folder !== undefined) return { prefix: record.subarray(0, at + 1), folder };
  }
  return undefined;
}
