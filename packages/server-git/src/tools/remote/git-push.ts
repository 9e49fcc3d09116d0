import { defineTool, quote, ToolError, WRITES } from "@org/server-kit";
import * as z from "zod";
import type { Git } from "../../context.ts";
import { isTrusted, lastValue } from "../../git/config-list.ts";
import { connectTo } from "../../remote/connection.ts";
import { transferError } from "../../remote/transfer.ts";
import type { Repository } from "../../repositories/types.ts";
import { branchRef } from "../../state/branch-name.ts";
import { oneLine } from "../../text/visible.ts";
import { remoteName, repoPath, Where } from "../fields.ts";

export const gitPush = defineTool({
  name: "git_push",
  title: "Push a branch",
  description:
    "Sends one branch to its namesake on a remote. Never forces: refused when the remote has commits that are not here. Sends no tags.",
  annotations: { ...WRITES, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({
    repo_path: repoPath,
    branch_name: z.string().min(1).optional().describe("Default: the current one."),
    remote: remoteName,
    set_upstream: z.boolean().default(false).describe("Track the remote's branch."),
  }),
  output: z.object({
    ...Where,
    pushed: z.string().describe("The local branch."),
    to: z.string().describe("The remote branch."),
    host: z.string(),
    commit: z.string(),
    result: z.string().describe("new branch, up to date, or the old and new commit."),
  }),
  async run({ repo_path, branch_name, remote, set_upstream }, { repositories }: Git, { signal }) {
    const repository = await repositories.open(repo_path, signal);
    const name = branch_name ?? (await repository.head(signal)).branch;
    if (name === undefined) throw new ToolError("conflict", "no branch is checked out. Pass branch_name.");
    const ref = await branchRef(repository, name, signal);
    const commit = await repository.resolve(ref, signal);
    const connection = await connectTo(repository, remote, "push", signal);
    const upstream =
      repository.config(`branch.${name}.remote`) === connection.remote
        ? repository.config(`branch.${name}.merge`)
        : undefined;
    const target = set_upstream ? ref : targetOf(repository, connection.remote, ref, upstream);
    const options = [
      "--porcelain",
      "--receive-pack=git-receive-pack",
      "--recurse-submodules=no",
      "--no-signed",
      "--no-follow-tags",
    ];
    const args = [
      "push",
      ...options,
      ...(set_upstream ? ["--set-upstream"] : []),
      connection.remote,
      `${ref}:${target}`,
    ];
    await repository.mayChange([`refs/remotes/${connection.remote}/`]);
    const { code, stdout, stderr } = await connection.runner.answer(args, { signal, codes: [0, 1, 128, 255] });
    const [, flag = "", summary = ""] = /^([ +*=!-])\t\S+\t(.*)$/m.exec(stdout.toString("utf8")) ?? [];
    if (flag === "!") {
      const isBehind = /non-fast-forward|fetch first|stale info/.test(summary);
      throw new ToolError(
        "conflict",
        isBehind
          ? `${connection.remote} has commits on this branch that are not here; nothing was pushed, and nothing is ever forced. git_pull first.`
          : `${quote(connection.host)} refused the branch: ${quote(oneLine(summary), 200)}. Its rules may ask for another branch or a review.`,
      );
    }
    if (code !== 0) throw transferError(repository, args, { code, stderr }, connection.host);
    const result = flag === "*" ? "new branch" : flag === "=" ? "up to date" : oneLine(summary);
    return {
      ...(await repository.where(signal)),
      ...{
        pushed: name,
        to: `${connection.remote}/${target.replace(/^refs\/heads\//, "")}`,
        host: connection.host,
        commit,
        result,
      },
    };
  },
  render: ({ work_tree, branch, pushed, to, host, commit, result }) =>
    `Pushed ${pushed} at ${commit.slice(0, 12)} to ${to} (${host}): ${result}. Work tree ${work_tree}, branch ${branch}`,
});

/** Like git: an upstream of another name is pushed to only if the user's own configuration says so. */
function targetOf(repository: Repository, remote: string, ref: string, upstream: string | undefined): string {
  if (upstream === undefined || upstream === ref || !upstream.startsWith("refs/heads/")) return ref;
  const pushDefault = lastValue(repository.entries.filter(isTrusted), "push.default");
  if (pushDefault === "upstream" || pushDefault === "tracking") return upstream;
  if (pushDefault === "current") return ref;
  const [name = "", other = ""] = [ref, upstream].map((full) => full.replace(/^refs\/heads\//, ""));
  throw new ToolError(
    "conflict",
    `${quote(name)} follows ${quote(`${remote}/${other}`)}, which has another name, and nothing was pushed. Pass set_upstream: true to push it to ` +
      `${quote(`${remote}/${name}`)} and follow that; the user can push it to ${quote(`${remote}/${other}`)} with git.`,
  );
}
