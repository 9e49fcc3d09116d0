import { counted, defineTool, fromCursor, READ_ONLY, toCursor } from "@org/server-kit";
import * as z from "zod";
import type { Git } from "../../context.ts";
import { headText } from "../../repositories/head.ts";
import { nextStep, operationText } from "../../state/operation.ts";
import { countFolders, readWorkTree, STATES, statusNotes } from "../../state/status.ts";
import type { StatusRow } from "../../state/status-records.ts";
import { cursorInput, fitting, repoPath, Where } from "../fields.ts";

/** Characters of an answer other than rows. */
const RESERVED = 2_400;
/** Characters that a row's number of files takes. */
const COUNT_ROOM = 16;

const Row = z.object({
  path: z.string().describe("As other tools accept it; a folder ends with /."),
  state: z.enum(STATES),
  change: z.string().describe("modified, added, deleted, renamed, copied, type changed, new; in a conflict, by whom."),
  from: z.string().optional().describe("Old path of a renamed file."),
  conflict: z.string().optional().describe("UU, AA, DU, UD, AU, UA or DD."),
  versions: z.array(z.string()).optional().describe("Revisions for git_read_file: :1 base, :2 ours, :3 theirs."),
  submodule: z.literal(true).optional(),
  files: z.int().optional().describe("New files in a folder."),
  beside_tracked: z
    .literal(true)
    .optional()
    .describe("The folder also has tracked files; untracked: all lists the new ones."),
});

/** The last row of the previous page. */
const Place = z.tuple([z.enum(STATES), z.string()]);

export const gitStatus = defineTool({
  name: "git_status",
  title: "Status of a work tree",
  description:
    "Returns branch, upstream, conflicts, staged, unstaged and untracked files, and any merge or rebase in progress with " +
    "the safe next step. git_diff shows the changes.",
  annotations: READ_ONLY,
  input: z.strictObject({
    repo_path: repoPath,
    untracked: z
      .enum(["folders", "all", "none"])
      .default("folders")
      .describe("New files: a new folder in one row with a count (folders, the default), each file (all), or none."),
    cursor: cursorInput,
  }),
  output: z.object({
    ...Where,
    commit: z.string().optional().describe("The commit that is checked out."),
    upstream: z.string().optional(),
    ahead: z.int().optional(),
    behind: z.int().optional(),
    stashes: z.int().optional(),
    operation: z
      .object({
        kind: z.string(),
        step: z.int().optional(),
        total: z.int().optional(),
        branch: z.string().optional().describe("The branch being replayed, or to return to."),
        commit: z.string().optional(),
        next: z.string().describe("The safe next step."),
      })
      .optional(),
    clean: z.boolean().describe("Nothing has changed; ignores untracked files if they were left out."),
    counts: z.object({
      conflicts: z.int(),
      staged: z.int(),
      unstaged: z.int(),
      untracked: z.int().describe("Rows; a folder counts as one."),
    }),
    changes: z.array(Row),
    notes: z.array(z.string()),
    next_cursor: z.string().optional(),
  }),
  async run({ repo_path, untracked, cursor }, { repositories, isReadOnly }: Git, { signal, maxOutput }) {
    const question = [repo_path, untracked];
    const after = fromCursor(cursor, Place, question);
    const repository = await repositories.open(repo_path, signal);
    // HEAD is read while git runs.
    const [{ headers, rows, counts, operation }, head] = await Promise.all([
      readWorkTree(repository, untracked, signal),
      repository.head(signal),
    ]);
    const from = after === undefined ? 0 : firstAfter(rows, after);
    const page = fitting(rows.slice(from), maxOutput - RESERVED, COUNT_ROOM);
    const { counts: files, isComplete } = await countFolders(repository, page, signal);
    const notes = await statusNotes(repository, page, signal);
    if (!isComplete)
      notes.push("Counting the untracked files took too long: the numbers of files are the least there are.");
    const last = page.at(-1);
    const { conflict, ...others } = counts;
    return {
      work_tree: repository.workTree,
      branch: headText(head),
      ...(head.commit !== undefined && { commit: head.commit }),
      ...headers,
      ...(operation && { operation: { ...operation, next: nextStep(operation, conflict, isReadOnly) } }),
      clean: rows.length === 0,
      counts: { conflicts: conflict, ...others },
      changes: page.map(({ versions, ...row }) => ({
        ...row,
        ...(versions && { versions: [...versions] }),
        ...(files.has(row.path) && { files: files.get(row.path) }),
      })),
      notes,
      ...(last && from + page.length < rows.length && { next_cursor: toCursor([last.state, last.path], question) }),
    };
  },
  render(status) {
    const { upstream, ahead = 0, behind = 0, operation, clean, counts, changes, notes, next_cursor } = status;
    const lines = [`Work tree ${status.work_tree}, branch ${status.branch}`];
    if (upstream !== undefined) lines.push(`Upstream ${upstream}: ${ahead} ahead, ${behind} behind`);
    if (status.commit !== undefined) lines.push(`Commit ${status.commit}`);
    if (operation)
      lines.push(`In progress: ${operationText({ ...operation, kind: kindOf(operation.kind) })}. ${operation.next}`);
    if (status.stashes) lines.push(counted(status.stashes, "stash", "stashes"));
    lines.push(clean ? "Nothing to commit, the work tree is clean" : countsText(counts));
    let state = "";
    for (const row of changes) {
      if (row.state !== state) lines.push(`${row.state}:`);
      state = row.state;
      lines.push(rowText(row));
    }
    lines.push(...notes);
    if (next_cursor !== undefined) lines.push(`More rows follow: cursor ${next_cursor}`);
    return lines.join("\n");
  },
});

const VERSIONS: Readonly<Record<string, string>> = { ":1": "base", ":2": "ours", ":3": "theirs" };

const KINDS = ["merge", "rebase", "cherry-pick", "revert", "bisect", "applying patches"] as const;
const kindOf = (kind: string) => KINDS.find((one) => one === kind) ?? "merge";

type Counts = Record<"conflicts" | "staged" | "unstaged" | "untracked", number>;

const countsText = ({ conflicts, staged, unstaged, untracked }: Counts) =>
  `${conflicts > 0 ? `${counted(conflicts, "conflict")}, ` : ""}${staged} staged, ${unstaged} unstaged, ${untracked} untracked`;

function rowText(row: z.output<typeof Row>): string {
  const { path, change, from, conflict, versions, submodule, files, beside_tracked } = row;
  const facts = [
    ...(from === undefined ? [] : [`from ${from}`]),
    ...(conflict === undefined
      ? []
      : [`${conflict}; ${versions?.map((one) => `${VERSIONS[one] ?? ""} ${one}`).join(", ")}`]),
    ...(submodule ? ["submodule"] : []),
    ...(files === undefined ? [] : [`${counted(files, "file")}${beside_tracked ? " beside tracked ones" : ""}`]),
  ];
  return `  ${change}: ${path}${facts.length > 0 ? ` (${facts.join("; ")})` : ""}`;
}

/** The index of the row that follows the last one of a page, even if that one no longer exists. */
function firstAfter(rows: readonly StatusRow[], [state, path]: readonly [StatusRow["state"], string]): number {
  const at = rows.findIndex((row) => row.state === state && row.path === path);
  if (at !== -1) return at + 1;
  const place = STATES.indexOf(state);
  const next = rows.findIndex((row) => STATES.indexOf(row.state) > place || (row.state === state && row.path > path));
  return next === -1 ? rows.length : next;
}
