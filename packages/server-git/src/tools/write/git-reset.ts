import { defineTool, ToolError, WRITES } from "@org/server-kit";
import * as z from "zod";
import type { Git } from "../../context.ts";
import { isUnder, pathIn } from "../../history/paths.ts";
import { refuseConflicts } from "../../state/guards.ts";
import { operationText } from "../../state/operation.ts";
import { readStaged, stagedChange } from "../../state/staged.ts";
import { readWorkTree } from "../../state/status.ts";
import { readPath } from "../../text/paths.ts";
import { repoPath, StagedRows, stagedPage, Where } from "../fields.ts";

export const gitReset = defineTool({
  name: "git_reset",
  title: "Unstage files",
  description:
    "Unstages files: takes them out of the next commit. Never changes the files, commits or branches. git_add stages.",
  annotations: { ...WRITES, idempotentHint: true },
  input: z.strictObject({
    repo_path: repoPath,
    files: z
      .array(z.string())
      .max(1000)
      .optional()
      .describe("Files or folders in the work tree, taken literally; up to 1000. Default: all that is staged."),
  }),
  output: z.object({ ...Where, ...StagedRows }),
  async run({ repo_path, files = [] }, { repositories }: Git, { signal, maxOutput }) {
    const repository = await repositories.open(repo_path, signal);
    const paths = files.length === 0 ? [Buffer.from(".")] : files.map((file) => pathIn(repository, file));
    const { before, after, operation } = await repository.change(async (repository) => {
      const { rows, operation } = await readWorkTree(repository, "none", signal);
      const isNamed = isUnder(paths);
      // Unstaging a path in conflict would drop its base, ours and theirs.
      refuseConflicts(
        rows.filter(({ state, path }) => state === "conflict" && isNamed(readPath(path))),
        "nothing is unstaged",
      );
      const before = await readStaged(repository, signal);
      // The form with paths, since without them reset would also end a merge.
      const input = Buffer.concat(paths.flatMap((path) => [path, Buffer.from("\0")]));
      const args = ["reset", "--quiet", "--pathspec-from-file=-", "--pathspec-file-nul"];
      const { code, stderr } = await repository.answer(args, { signal, input, codes: [0, 1, 128] });
      if (code !== 0 && /did not match|pathspec/.test(stderr)) {
        throw new ToolError("not_found", "a path is neither staged nor tracked. git_status lists what is staged.");
      }
      if (code !== 0) throw repository.failure(args, { code, stderr });
      return { before, after: await readStaged(repository, signal), operation };
    });
    const rows = [...before].filter(([path, facts]) => after.get(path) !== facts);
    const notes = rows.length === 0 ? ["Nothing was unstaged: none of it was staged."] : [];
    if (rows.length > 0 && operation && operation.kind !== "bisect") {
      notes.push(
        `A ${operationText(operation)} is in progress. What was unstaged is no longer part of it: stage it again with git_add before the end.`,
      );
    }
    const changes = rows.map(([path, facts]) => ({ path, change: stagedChange(facts) }));
    return { ...(await repository.where(signal)), ...stagedPage(changes, after.size, notes, maxOutput) };
  },
  render: ({ work_tree, branch, files, total, in_index, notes }) =>
    [
      `Unstaged ${total} in work tree ${work_tree}, branch ${branch}; still staged: ${in_index}. The files are unchanged`,
      ...files.map(({ path, change }) => `  ${change}: ${path}`),
      ...(total > files.length ? [`  … and ${total - files.length} more`] : []),
      ...notes,
    ].join("\n"),
});
