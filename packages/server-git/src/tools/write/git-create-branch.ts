import { defineTool, quote, ToolError, WRITES } from "@org/server-kit";
import * as z from "zod";
import type { Git } from "../../context.ts";
import { branchRef } from "../../state/branch-name.ts";
import { repoPath, Where } from "../fields.ts";

export const gitCreateBranch = defineTool({
  name: "git_create_branch",
  title: "Create a branch",
  description: "Creates a branch at a commit, without switching to it: git_checkout does. Refuses an existing name.",
  annotations: WRITES,
  input: z.strictObject({
    repo_path: repoPath,
    branch_name: z.string().describe("The new name, such as 'feature/search'."),
    base_branch: z.string().min(1).default("HEAD").describe("Branch, tag or commit. Default: HEAD."),
  }),
  output: z.object({ ...Where, created: z.string(), commit: z.string().describe("The commit it points to.") }),
  async run({ repo_path, branch_name, base_branch }, { repositories }: Git, { signal }) {
    const repository = await repositories.open(repo_path, signal);
    const ref = await branchRef(repository, branch_name, signal);
    const { branch, commit } = await repository.head(signal);
    if (base_branch === "HEAD" && commit === undefined) {
      const name = branch === undefined ? "The work tree" : `The branch ${quote(branch)}`;
      throw new ToolError(
        "conflict",
        `${name} has no commits yet, so nothing can begin there. Make the first one with git_commit.`,
      );
    }
    const id = await repository.resolve(base_branch, signal);
    await repository.change(
      async (repository) => {
        const { code } = await repository.answer(["show-ref", "--verify", "--quiet", ref], { signal, codes: [0, 1] });
        if (code === 0) throw exists(branch_name);
        const message = `branch: Created from ${base_branch}`;
        await repository.git(["update-ref", "--create-reflog", "-m", message, ref, id, "0".repeat(id.length)], {
          signal,
        });
      },
      [ref],
    );
    return { ...(await repository.where(signal)), created: branch_name, commit: id };
  },
  render: ({ work_tree, branch, created, commit }) =>
    `Created branch ${quote(created)} at ${commit.slice(0, 12)}. Work tree ${work_tree} is still on ${branch}; git_checkout switches.`,
});

const exists = (name: string) =>
  new ToolError(
    "already_exists",
    `there is a branch ${quote(name)}. Switch to it with git_checkout, or choose another name.`,
  );
