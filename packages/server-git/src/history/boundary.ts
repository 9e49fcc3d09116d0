import path from "node:path";
import { readSmall } from "../repositories/read-small.ts";
import type { Repository } from "../repositories/types.ts";

/** Where the history stored here ends, before the project's history does. */
export interface Boundary {
  /** Commits whose parents are missing here. What they seem to add may be older. */
  readonly commits: ReadonlySet<string>;
}

/** Room for a million commits. */
const MOST_BYTES = 48 << 20;

/** In a shallow clone, a file lists these commit ids, one per line. */
export async function boundaryOf({ commonDirectory }: Pick<Repository, "commonDirectory">): Promise<Boundary> {
  const text = (await readSmall(path.join(commonDirectory, "shallow"), MOST_BYTES))?.toString("latin1") ?? "";
  return { commits: new Set(text.split("\n").flatMap((line) => /^([0-9a-f]{40,64})\b/.exec(line)?.[1] ?? [])) };
}

/** A sentence for answers that hold only up to the boundary; undefined when the history is complete. */
export const boundaryNote = ({ commits }: Boundary): string | undefined =>
  commits.size === 0
    ? undefined
    : "history ends here (shallow clone): older commits are not in this repository. git fetch --unshallow brings them";
