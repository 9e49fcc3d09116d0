import { counted } from "@org/server-kit";
import { keyParts } from "../git/config-list.ts";
import type { Repository } from "../repositories/types.ts";
import { readPath } from "../text/paths.ts";
import { filtered } from "./filters.ts";
import { type Operation, readOperation } from "./operation.ts";
import { readStatus, type StatusHeaders, type StatusRow } from "./status-records.ts";
import { countUntracked } from "./untracked.ts";

export type Untracked = "folders" | "all" | "none";

/** The number of rows in each state. */
export type StatusCounts = Record<StatusRow["state"], number>;

export interface Status {
  readonly headers: StatusHeaders;
  readonly rows: readonly StatusRow[];
  readonly counts: StatusCounts;
  readonly operation?: Operation;
}

/** The most files whose filter is looked up. */
const MOST_FILTERED = 500;
/** In the order in which answers list them. */
export const STATES = ["conflict", "staged", "unstaged", "untracked"] as const satisfies readonly StatusRow["state"][];

/** Everything from `git status`: conflicts first, then staged, changed and new files, each sorted by path. */
export async function readWorkTree(repository: Repository, untracked: Untracked, signal: AbortSignal): Promise<Status> {
  const files = { folders: "normal", all: "all", none: "no" }[untracked];
  const args = [
    "status",
    "--porcelain=v2",
    "-z",
    "--branch",
    "--show-stash",
    "--ignore-submodules=dirty",
    "--find-renames",
  ];
  const all = [...args, `--untracked-files=${files}`];
  // The operation is read while git runs.
  const [{ headers, rows }, operation] = await Promise.all([
    readStatus(repository.batches(all, { signal })),
    readOperation(repository, signal),
  ]);
  const byState: Record<StatusRow["state"], StatusRow[]> = { conflict: [], staged: [], unstaged: [], untracked: [] };
  for (const row of rows) byState[row.state].push(row);
  if (untracked === "folders") byState.untracked = withoutCrowds(byState.untracked);
  return {
    headers,
    rows: STATES.flatMap((state) => byState[state]),
    counts: {
      conflict: byState.conflict.length,
      staged: byState.staged.length,
      unstaged: byState.unstaged.length,
      untracked: byState.untracked.length,
    },
    ...(operation && { operation }),
  };
}

/** A folder with tracked files gets one row for all of its new files when there are at least this many. */
const CROWD = 100;

/** Git collapses a folder without tracked files; this also collapses many new files next to a tracked one. */
function withoutCrowds(rows: readonly StatusRow[]): StatusRow[] {
  const folders = new Map<string, StatusRow[]>();
  for (const row of rows) {
    // A quoted name stays its own row, since its folder is inside the quotes.
    const folder =
      row.path.startsWith('"') || isFolder(row.path) ? row.path : row.path.slice(0, row.path.lastIndexOf("/") + 1);
    const members = folders.get(folder);
    if (members) members.push(row);
    else folders.set(folder, [row]);
  }
  if (![...folders.values()].some((members) => members.length >= CROWD)) return [...rows];
  const kept = [...folders].flatMap(([folder, members]): StatusRow[] =>
    members.length < CROWD
      ? members
      : [{ path: folder || "./", state: "untracked", change: "new", files: members.length, beside_tracked: true }],
  );
  return kept.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The numbers of files in the untracked folders among these rows. */
export async function countFolders(repository: Repository, rows: readonly StatusRow[], signal: AbortSignal) {
  const folders = rows
    .filter(({ state, path, files }) => state === "untracked" && isFolder(path) && files === undefined)
    .map(({ path }) => path);
  if (folders.length === 0) return { counts: new Map<string, number>(), isComplete: true };
  return countUntracked(repository, folders, signal);
}

/** Status writes a folder with a trailing `/`, inside the quotes if it quotes the name. */
const isFolder = (path: string) => path.endsWith("/") || path.endsWith('/"');

/** Reasons not to take the rows at face value: files absent on purpose, and filters that do not run here. */
export async function statusNotes(
  repository: Repository,
  rows: readonly StatusRow[],
  signal: AbortSignal,
): Promise<string[]> {
  const notes: string[] = [];
  if (repository.config("core.sparsecheckout") === "true") {
    let absent = 0;
    for await (const record of repository.records(["ls-files", "-t", "-z"], { signal }))
      if (record[0] === SKIPPED) absent++;
    notes.push(`Sparse checkout: ${counted(absent, "tracked file")} absent on purpose, which are not deleted.`);
  }
  if (repository.isShallow)
    notes.push("Shallow clone: history ends at a boundary, and ahead and behind count only what is here.");
  if (repository.allowHooks) notes.push("Hooks and filters of this repository run when it is changed (--allow-hooks).");
  else if (repository.entries.some(({ key }) => isFilter(key))) {
    const changed = rows
      .filter(({ state, change }) => state === "unstaged" && change === "modified")
      .slice(0, MOST_FILTERED);
    const found = await filtered(
      repository,
      changed.map(({ path }) => readPath(path)),
      signal,
    );
    const [first] = found;
    if (first) {
      notes.push(
        `${counted(found.length, "modified file")} may be unchanged: the filter ${JSON.stringify(first.filter)} that stores them ` +
          "otherwise does not run without --allow-hooks.",
      );
    }
  }
  return notes;
}

const SKIPPED = "S".charCodeAt(0);

function isFilter(key: string): boolean {
  const [section, name, variable] = keyParts(key);
  return section === "filter" && name !== undefined && (variable === "clean" || variable === "process");
}
