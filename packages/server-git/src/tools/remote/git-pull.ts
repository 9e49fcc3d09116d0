import { counted, defineTool, quote, ToolError, WRITES } from "@org/server-kit";
import * as z from "zod";
import type { Git } from "../../context.ts";
import { connectTo } from "../../remote/connection.ts";
import { fetchFrom } from "../../remote/transfer.ts";
import type { Repository } from "../../repositories/types.ts";
import { overwrittenIn, refuseDuringOperation } from "../../state/guards.ts";
import { namesOf } from "../../state/names-of.ts";
import { repoPath, Where } from "../fields.ts";

export const gitPull = defineTool({
  name: "git_pull",
  title: "Pull, fast-forward only",
  description:
    "Fetches, and moves the current branch forward to its upstream. Refused when both have new commits, or a changed file would be lost.",
  annotations: { ...WRITES, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({ repo_path: repoPath }),
  output: z.object({
    ...Where,
    upstream: z.string(),
    host: z.string(),
    from: z.string(),
    to: z.string(),
    commits: z.int().describe("Commits received."),
  }),
  async run({ repo_path }, { repositories }: Git, { signal }) {
    const repository = await repositories.open(repo_path, signal);
    const { branch, commit } = await repository.head(signal);
    const upstream = branch === undefined ? "" : await upstreamOf(repository, branch, signal);
    const [, remote] = /^refs\/remotes\/([^/]+)\//.exec(upstream) ?? [];
    if (branch === undefined || commit === undefined || remote === undefined) {
      const what =
        branch === undefined ? "no branch is checked out" : `${quote(branch)} has no upstream branch on a remote`;
      throw new ToolError(
        "conflict",
        `${what}, so there is nothing to pull from. git_fetch brings the remote's branches; git_branch lists them.`,
      );
    }
    const connection = await connectTo(repository, remote, "fetch", signal);
    await refuseDuringOperation(repository, "pulling", signal);
    await fetchFrom(repository, connection, signal);
    return repository.change(async (repository) => {
      const now = await repository.head(signal);
      if (now.branch !== branch || now.commit === undefined) {
        throw new ToolError(
          "conflict",
          "another branch was checked out meanwhile; it was fetched, and nothing else was changed.",
        );
      }
      const from = now.commit;
      const to = await repository.resolve(upstream, signal);
      const [ahead, behind] = await compare(repository, from, to, signal);
      if (ahead > 0 && behind > 0) {
        throw new ToolError(
          "conflict",
          `${quote(branch)} and its upstream have both moved on, by ${counted(ahead, "commit")} here and ${behind} there; it was fetched, and ` +
            "nothing else was changed. Let the user merge or rebase.",
        );
      }
      if (behind > 0) await forward(repository, branch, to, signal);
      const where = await repository.where(signal);
      return {
        ...where,
        upstream: upstream.replace(/^refs\/remotes\//, ""),
        host: connection.host,
        from,
        to: behind > 0 ? to : from,
        commits: behind,
      };
    });
  },
  render: ({ work_tree, branch, upstream, host, from, to, commits }) =>
    commits === 0
      ? `${upstream} (${host}) has nothing new. Work tree ${work_tree}, branch ${branch} at ${from.slice(0, 12)}`
      : `${counted(commits, "commit")} from ${upstream} (${host}): ${from.slice(0, 12)} → ${to.slice(0, 12)}. Work tree ${work_tree}, branch ${branch}`,
});

async function upstreamOf(repository: Repository, branch: string, signal: AbortSignal): Promise<string> {
  return (await repository.git(["for-each-ref", "--format=%(upstream)", `refs/heads/${branch}`], { signal }))
    .toString("utf8")
    .trim();
}

async function compare(
  repository: Repository,
  ours: string,
  theirs: string,
  signal: AbortSignal,
): Promise<[number, number]> {
  const counts = await repository.git(["rev-list", "--left-right", "--count", `${ours}...${theirs}`], { signal });
  const [ahead = 0, behind = 0] = counts.toString("latin1").trim().split("\t").map(Number);
  return [ahead, behind];
}

async function forward(repository: Repository, branch: string, to: string, signal: AbortSignal): Promise<void> {
  const args = ["merge", "--ff-only", "--quiet", "--no-overwrite-ignore", "--no-autostash", to];
  // The branch's configured options could ask for other ways to merge.
  const runner = repository.withSettings([[`branch.${branch}.mergeOptions`, ""]]);
  const { code, stderr } = await runner.answer(args, { signal, codes: [0, 1, 128] });
  if (code === 0) return;
  const files = overwrittenIn(stderr);
  if (files === undefined) throw repository.failure(args, { code, stderr });
  throw new ToolError(
    "conflict",
    `pulling would lose changes in ${namesOf(files)}; nothing was changed. Commit them, or put them aside with git_stash.`,
  );
}
