import path from "node:path";
import { readSmall } from "../repositories/read-small.ts";
import type { Repository } from "../repositories/types.ts";

/** Where the history stored here ends before the project's own does. */
export interface Boundary {
  /** Commits whose parents are missing or replaced, so what they seem to add may be older. */
  readonly commits: ReadonlySet<string>;
  /** Why it ends there. */
  readonly kinds: readonly ("shallow" | "grafted")[];
}

/** A million commits. */
const MOST_BYTES = 48 << 20;

/** Files of commit ids: one line each, followed in `info/grafts` by the parents that git is told to believe in. */
export async function boundaryOf({ commonDirectory }: Pick<Repository, "commonDirectory">): Promise<Boundary> {
  const [shallow, grafts] = await Promise.all(
    ["shallow", "info/grafts"].map((name) => idsIn(path.join(commonDirectory, name))),
  );
  return {
    commits: new Set([...(shallow ?? []), ...(grafts ?? [])]),
    kinds: [...(shallow?.length ? (["shallow"] as const) : []), ...(grafts?.length ? (["grafted"] as const) : [])],
  };
}

async function idsIn(file: string): Promise<string[]> {
  const text = (await readSmall(file, MOST_BYTES))?.toString("latin1") ?? "";
  return text.split("\n").flatMap((line) => /^([0-9a-f]{40,64})\b/.exec(line)?.[1] ?? []);
}

/** One sentence for an answer whose truth ends at the boundary; nothing where history is whole. */
export function boundaryNote({ kinds }: Boundary): string | undefined {
  if (kinds.includes("shallow")) {
    return "history ends here (shallow clone): older commits are not in this repository. git fetch --unshallow brings them";
  }
  if (kinds.includes("grafted")) {
    return "history is grafted (.git/info/grafts): some commits have other parents here than their authors gave them";
  }
  return undefined;
}
