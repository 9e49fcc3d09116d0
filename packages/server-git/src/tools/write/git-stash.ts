import { lstat } from "node:fs/promises";
import { counted, defineTool, REPLACES, ToolError } from "@org/server-kit";
import * as z from "zod";
import type { Git } from "../../context.ts";
import type { Repository } from "../../repositories/types.ts";
import { refuseFiltered } from "../../state/filters.ts";
import { overwrittenIn, refuseConflicts, refuseDuringOperation } from "../../state/guards.ts";
import { namesOf } from "../../state/names-of.ts";
import { dropStash, listStashes } from "../../state/stashes.ts";
import { readWorkTree } from "../../state/status.ts";
import { readPath, showPath } from "../../text/paths.ts";
import { repoPath, Where } from "../fields.ts";

const LISTED = 20;

export const gitStash = defineTool({
  name: "git_stash",
  title: "Put changes aside",
  description:
    "Stashes uncommitted changes (push), restores them (pop, apply), or lists stashes. Refuses to lose a change; a pop that " +
    "conflicts keeps the stash. Use git_commit to keep work.",
  annotations: REPLACES,
  input: z.strictObject({
    repo_path: repoPath,
    action: z.enum(["push", "pop", "apply", "list"]).describe("pop removes the stash it restores, apply keeps it."),
    stash: z
      .string()
      .regex(/^[0-9a-f]{7,64}$/)
      .optional()
      .describe("For pop and apply: an id from list. Default: the newest."),
    message: z.string().max(500).optional().describe("For push: a description, up to 500 characters."),
    include_untracked: z.boolean().default(false).describe("For push: include new files. Default: false."),
  }),
  output: z.object({
    ...Where,
    done: z.string(),
    stashes: z
      .array(z.object({ stash: z.string(), date: z.string(), message: z.string() }))
      .describe("All stashes, newest first."),
    total: z.int(),
  }),
  async run({ repo_path, action, stash, message, include_untracked }, { repositories }: Git, { signal }) {
    const repository = await repositories.open(repo_path, signal);
    let done = "listed";
    if (action !== "list") {
      done = await repository.change(
        async (repository) => {
          if (action === "push") return push(repository, message, include_untracked, signal);
          return bringBack(repository, action, stash, signal);
        },
        ["refs/stash"],
      );
    }
    const stashes = await listStashes(repository, signal);
    return { ...(await repository.where(signal)), done, stashes: stashes.slice(0, LISTED), total: stashes.length };
  },
  render: ({ work_tree, branch, done, stashes, total }) =>
    [
      `${done === "listed" ? "" : `${done}. `}${counted(total, "stash", "stashes")}. Work tree ${work_tree}, branch ${branch}`,
      ...stashes.map(({ stash, date, message }) => `  ${stash} ${date} ${message}`),
      ...(total > stashes.length ? [`  … and ${total - stashes.length} more`] : []),
    ].join("\n"),
});

async function push(repository: Repository, message: string | undefined, untracked: boolean, signal: AbortSignal) {
  if (message?.includes("\0")) throw new ToolError("invalid_input", "message contains a NUL character.");
  await refuseDuringOperation(repository, "putting changes aside", signal);
  const { rows, counts } = await readWorkTree(repository, untracked ? "all" : "none", signal);
  refuseConflicts(rows, "nothing is stashed");
  if (rows.length === 0) {
    const hint = untracked ? "" : " Pass include_untracked: true for new files.";
    throw new ToolError("conflict", `there are no changes to stash.${hint}`);
  }
  if ((await repository.head(signal)).commit === undefined) {
    throw new ToolError("conflict", "a stash needs a commit to come back to, and there is none yet: git_commit first.");
  }
  // Stashing rewrites files from the index; those with a filter that does not run here would not be decoded.
  const changed = rows.filter(({ change }) => change !== "deleted").map(({ path }) => readPath(path));
  await refuseFiltered(repository, changed, signal);
  const words =
    message === undefined || message.trim() === "" ? [] : ["--message", message.replace(/\s+/g, " ").trim()];
  // Stash runs `git clean` with a path that is not literal; no client's path is passed.
  const runner = repository.withSettings([], { GIT_LITERAL_PATHSPECS: "0" });
  await runner.git(["stash", "push", "--quiet", ...words, ...(untracked ? ["--include-untracked"] : [])], { signal });
  return `Stashed ${counted(counts.staged + counts.unstaged + counts.untracked, "change")}; pop restores them`;
}

async function bringBack(
  repository: Repository,
  action: "pop" | "apply",
  wanted: string | undefined,
  signal: AbortSignal,
) {
  const { operation } = await readWorkTree(repository, "none", signal);
  if (operation && operation.kind !== "bisect") await refuseDuringOperation(repository, "restoring a stash", signal);
  const stashes = await listStashes(repository, signal);
  const chosen = stashes.find(({ stash }) => wanted === undefined || stash.startsWith(wanted));
  if (chosen === undefined) {
    throw new ToolError(
      "not_found",
      stashes.length === 0 ? "there is no stash." : "no stash has this id. git_stash with action list shows them.",
    );
  }
  await refuseExisting(repository, chosen.stash, signal);
  // --index restores what was staged as staged, which git cannot always do.
  for (const how of [["--index"], []]) {
    // By its id, since `stash@{1}` may be another one by now.
    const args = ["stash", "apply", "--quiet", ...how, chosen.stash];
    const { code, stderr } = await repository.answer(args, { signal, codes: [0, 1, 128] });
    if (code === 0) {
      const isDropped = action === "pop" && (await dropStash(repository, chosen.stash, signal));
      return `${isDropped ? "Restored and dropped" : "Restored, and kept,"} ${chosen.stash.slice(0, 12)}`;
    }
    const { rows } = await readWorkTree(repository, "none", signal);
    const conflicts = rows.filter(({ state }) => state === "conflict").map(({ path }) => path);
    if (conflicts.length > 0) {
      throw new ToolError(
        "conflict",
        `the stash was restored with conflicts in ${namesOf(conflicts)}, and is kept. Resolve them, then git_add; the stash can be removed by the user with \`git stash drop\`.`,
      );
    }
    const files = overwrittenIn(stderr);
    if (files !== undefined) throw wouldLose(files);
    if (how.length === 0) throw repository.failure(args, { code, stderr });
  }
  throw new ToolError("conflict", "the stash could not be restored; it is kept. git_status shows what is in the way.");
}

const wouldLose = (paths: readonly string[]) =>
  new ToolError(
    "conflict",
    `bringing the stash back would lose what is in ${namesOf(paths)}; nothing was changed. Commit or move it first.`,
  );

/** Git notices new files that already exist only after it has restored the others. */
async function refuseExisting(repository: Repository, stash: string, signal: AbortSignal): Promise<void> {
  const args = ["rev-parse", "--verify", "--quiet", `${stash}^3`];
  const { code, stdout } = await repository.answer(args, { signal, codes: [0, 1, 128] });
  if (code !== 0) return;
  const existing: string[] = [];
  const tree = ["ls-tree", "-r", "-z", "--name-only", "--full-tree", stdout.toString("latin1").trim()];
  for await (const path of repository.records(tree, { signal })) {
    const isThere = await lstat(Buffer.concat([Buffer.from(`${repository.workTree}/`), path])).then(
      () => true,
      () => false,
    );
    if (isThere) existing.push(showPath(path));
  }
  if (existing.length > 0) throw wouldLose(existing);
}
