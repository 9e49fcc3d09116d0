import { counted, defineTool, quote, ToolError, WRITES } from "@org/server-kit";
import * as z from "zod";
import type { Git } from "../../context.ts";
import type { Repository } from "../../repositories/types.ts";
import { branchRef } from "../../state/branch-name.ts";
import { filtered } from "../../state/filters.ts";
import { overwrittenIn, refuseDuringOperation } from "../../state/guards.ts";
import { namesOf } from "../../state/names-of.ts";
import { readWorkTree } from "../../state/status.ts";
import { didYouMean } from "../../text/did-you-mean.ts";
import { repoPath, Where } from "../fields.ts";

export const gitCheckout = defineTool({
  name: "git_checkout",
  title: "Switch to a branch",
  description:
    "Switches the work tree to a branch; one that only a remote has is created to track it. Refuses to lose changes: commit or git_stash " +
    "them first. git_create_branch makes a new one.",
  annotations: WRITES,
  input: z.strictObject({
    repo_path: repoPath,
    branch_name: z.string().describe("A branch, such as 'main'. For a tag or commit, create a branch there."),
  }),
  output: z.object({
    ...Where,
    from: z.string().describe("What was checked out before."),
    commit: z.string(),
    carried: z.int().describe("Uncommitted files carried over."),
    notes: z.array(z.string()),
  }),
  async run({ repo_path, branch_name }, { repositories }: Git, { signal }) {
    const repository = await repositories.open(repo_path, signal);
    const ref = await branchRef(repository, branch_name, signal);
    return repository.change(
      async (repository) => {
        const from = (await repository.where(signal)).branch;
        await refuseDuringOperation(repository, "switching", signal);
        const target = await targetOf(repository, branch_name, ref, signal);
        const notes = await filterNotes(repository, target.commit, signal);
        await switchTo(repository, branch_name, target.args, signal);
        const { rows } = await readWorkTree(repository, "none", signal);
        const { branch, work_tree } = await repository.where(signal);
        return {
          ...{ work_tree, branch, from, commit: target.commit },
          carried: new Set(rows.map(({ path }) => path)).size,
          notes: [...target.notes, ...(from === branch ? ["It was checked out already."] : []), ...notes],
        };
      },
      [ref],
    );
  },
  render: ({ work_tree, branch, from, commit, carried, notes }) =>
    [
      `Work tree ${work_tree} is on branch ${branch} at ${commit.slice(0, 12)}, previously on ${from}`,
      ...(carried > 0 ? [`${counted(carried, "file")} with uncommitted changes came along (git_status)`] : []),
      ...notes,
    ].join("\n"),
});

/** How to switch to it: to a local branch, or to a new one for a branch that exactly one remote has. */
async function targetOf(repository: Repository, name: string, ref: string, signal: AbortSignal) {
  const idOf = async (full: string) => {
    const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${full}^{commit}`];
    const { code, stdout } = await repository.answer(args, { signal, codes: [0, 1, 128] });
    return code === 0 ? stdout.toString("latin1").trim() : undefined;
  };
  const local = await idOf(ref);
  if (local !== undefined) return { commit: local, args: [name], notes: [] };
  const listed = await repository.git(["for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes"], {
    signal,
  });
  const names = listed.toString("utf8").split("\n").filter(Boolean);
  const remote = names.filter(
    (full) => /^refs\/remotes\/[^/]+\//.test(full) && full.replace(/^refs\/remotes\/[^/]+\//, "") === name,
  );
  const [only] = remote;
  const commit = remote.length === 1 && only !== undefined ? await idOf(only) : undefined;
  if (commit !== undefined && only !== undefined) {
    const short = only.replace(/^refs\/remotes\//, "");
    return {
      commit,
      args: ["--create", name, "--track", only],
      notes: [`The branch is new here, with ${short} as its upstream.`],
    };
  }
  if ((await idOf(name)) !== undefined) {
    throw new ToolError(
      "invalid_input",
      `${quote(name)} is not a branch. Begin one there with git_create_branch, base_branch: ${quote(name)}.`,
    );
  }
  const branches = names.map((full) => full.replace(/^refs\/(?:heads|remotes\/[^/]+)\//, ""));
  throw new ToolError(
    "not_found",
    `there is no branch ${quote(name)}.${didYouMean(name, branches)} git_branch lists them, git_create_branch makes one.`,
  );
}

async function switchTo(
  repository: Repository,
  name: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  // Without --no-overwrite-ignore, git overwrites ignored files, such as a .env, with tracked ones.
  const command = ["switch", "--quiet", "--no-guess", "--no-overwrite-ignore", "--no-recurse-submodules", ...args];
  const { code, stderr } = await repository.answer(command, { signal, codes: [0, 1, 128] });
  if (code === 0) return;
  const files = overwrittenIn(stderr);
  if (files !== undefined) {
    throw new ToolError(
      "conflict",
      `switching to ${quote(name)} would lose changes in ${namesOf(files)}; nothing was changed. Commit them, or put them aside with git_stash.`,
    );
  }
  const [, path] = /already (?:checked out|used by worktree) at '(.*)'/.exec(stderr) ?? [];
  if (path !== undefined) {
    throw new ToolError(
      "conflict",
      `${quote(name)} is checked out in another work tree. git_list_repositories says where; work there, or choose another branch.`,
    );
  }
  throw repository.failure(command, { code, stderr });
}

async function filterNotes(repository: Repository, commit: string, signal: AbortSignal): Promise<string[]> {
  const head = await repository.head(signal);
  if (repository.allowHooks || head.commit === undefined || head.commit === commit) return [];
  const paths: Buffer[] = [];
  const args = ["diff-tree", "-r", "-z", "--name-only", "--ignore-submodules=all", head.commit, commit];
  for await (const path of repository.records(args, { signal })) paths.push(path);
  const found = await filtered(repository, paths, signal);
  const [first] = found;
  if (first === undefined) return [];
  return [
    `${counted(found.length, "file")} on this branch, ${quote(first.path)} first, hold what the filter ${quote(first.filter)} stored (for Git LFS a ` +
      "pointer), since filters do not run without --allow-hooks.",
  ];
}
