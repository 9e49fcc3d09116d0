import path from "node:path";
import { readSmall } from "../repositories/read-small.ts";
import type { Repository } from "../repositories/types.ts";

/** Where the history stored here ends before the project's own does. */
export interface Boundary {
  /** Commits whose parents are missing, so what they seem to add may be older. */
  readonly commits: ReadonlySet<string>;
}

/** A million commits. */
const MOST_BYTES = 48 << 20;

/** A shallow clone has a file of commit ids, one a line. */
export async function boundaryOf({ commonDirectory }: Pick<Repository, "commonDirectory">): Promise<Boundary> {
  const text = (await readSmall(path.join(commonDirectory, "shallow"), MOST_BYTES))?.toString("latin1") ?? "";
  return { commits: new Set(text.split("\n").flatMap((line) => /^([0-9a-f]{40,64})\b/.exec(line)?.[1] ?? [])) };
}

/** One sentence for an answer whose truth ends at the boundary; nothing where history is whole. */
export const boundaryNote = ({ commits }: Boundary): string | undefined =>
  commits.size === 0
    ? undefined
    : "history ends here (shallow clone): older commits are not in this repository. git fetch --unshallow brings them";
