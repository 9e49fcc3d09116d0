import { isNothing } from "../git/object-id.ts";
import { showPath } from "../text/paths.ts";

/** The letters of git's short format in words. */
const CHANGES = {
  M: "modified",
  A: "added",
  D: "deleted",
  R: "renamed",
  C: "copied",
  T: "type changed",
} as const;
export const CHANGE_WORDS = [...Object.values(CHANGES), "new"] as const;
export type ChangeWord = (typeof CHANGE_WORDS)[number];

/** Who did what to a path in conflict. */
export const CONFLICTS = {
  DD: "deleted by both",
  AU: "added by us",
  UD: "deleted by them",
  UA: "added by them",
  DU: "deleted by us",
  AA: "added by both",
  UU: "changed by both",
} as const;

/** One line of `git status`: a file that is staged and then changed again has two. */
export interface StatusRow {
  readonly path: string;
  readonly state: "conflict" | "staged" | "unstaged" | "untracked";
  readonly change: ChangeWord | `${string} by ${string}`;
  /** The old path of a renamed or copied file. */
  readonly from?: string;
  /** `UU` and the like; `versions` lists those that exist: `:1` base, `:2` ours, `:3` theirs. */
  readonly conflict?: string;
  readonly versions?: readonly string[];
  readonly submodule?: true;
  /** For a folder: how many new files it contains. */
  readonly files?: number;
  /** The folder also contains tracked files. */
  readonly beside_tracked?: true;
}

/** The facts of `git status --branch`. */
export interface StatusHeaders {
  readonly upstream?: string;
  readonly ahead?: number;
  readonly behind?: number;
  readonly stashes?: number;
}

/** Reads `git status --porcelain=v2 -z --branch --show-stash`. */
export async function readStatus(
  batches: AsyncIterable<readonly Buffer[]>,
): Promise<{ headers: StatusHeaders; rows: StatusRow[] }> {
  let headers: StatusHeaders = {};
  const rows: StatusRow[] = [];
  let renamed: ((from: string) => StatusRow[]) | undefined;
  for await (const batch of batches) {
    for (const record of batch) {
      const kind = record[0];
      if (renamed) {
        rows.push(...renamed(showPath(record)));
        renamed = undefined;
      } else if (kind === UNTRACKED)
        rows.push({ path: showPath(record.subarray(2)), state: "untracked", change: "new" });
      else if (kind === HEADER) headers = { ...headers, ...readHeader(record.toString("utf8", 2)) };
      else if (kind === CHANGED) rows.push(...changed(...fieldsOf(record, 8)));
      else if (kind === UNMERGED) rows.push(conflict(...fieldsOf(record, 10)));
      else if (kind === RENAMED) {
        const [fields, path] = fieldsOf(record, 9);
        renamed = (from) => changed(fields, path, from);
      }
    }
  }
  return { headers, rows };
}

const [HEADER, CHANGED, RENAMED, UNMERGED, UNTRACKED] = Buffer.from("#12u?");

/** The fields before the path, which may itself contain spaces. */
function fieldsOf(record: Buffer, count: number): [fields: string[], path: string] {
  let at = 0;
  for (let field = 0; field < count; field++) at = record.indexOf(" ", at) + 1;
  return [record.toString("latin1", 0, at).split(" "), showPath(record.subarray(at))];
}

function changed(fields: readonly string[], path: string, from?: string): StatusRow[] {
  const [, letters = "..", submodule = "N"] = fields;
  const rows: StatusRow[] = [];
  for (const [state, letter] of [
    ["staged", letters[0]],
    ["unstaged", letters[1]],
  ] as const) {
    const change = Object.entries(CHANGES).find(([key]) => key === letter)?.[1];
    if (change === undefined) continue;
    const isMove = from !== undefined && (letter === "R" || letter === "C");
    rows.push({ path, state, change, ...(isMove && { from }), ...(submodule.startsWith("S") && { submodule: true }) });
  }
  return rows;
}

function conflict(fields: readonly string[], path: string): StatusRow {
  const [, letters = "UU"] = fields;
  const [base = "0", ours = "0", theirs = "0"] = fields.slice(7, 10);
  const there = [[":1", base] as const, [":2", ours] as const, [":3", theirs] as const].filter(
    ([, id]) => !isNothing(id),
  );
  const change = Object.entries(CONFLICTS).find(([key]) => key === letters)?.[1] ?? "changed by both";
  return { path, state: "conflict", change, conflict: letters, versions: there.map(([name]) => name) };
}

function readHeader(text: string): StatusHeaders {
  const [, name = "", value = ""] = /^(\S+) (.*)$/s.exec(text) ?? [];
  if (name === "branch.upstream") return { upstream: value };
  if (name === "stash") return { stashes: Number(value) };
  const [, ahead, behind] = name === "branch.ab" ? (/^\+(\d+) -(\d+)$/.exec(value) ?? []) : [];
  return ahead === undefined ? {} : { ahead: Number(ahead), behind: Number(behind) };
}
