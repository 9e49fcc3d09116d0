import { counted, defineTool, REPLACES, ToolError } from "@org/server-kit";
import * as z from "zod";
import type { Git } from "../../context.ts";
import type { Repository } from "../../repositories/types.ts";
import { refuseConflicts } from "../../state/guards.ts";
import { toMessage } from "../../state/message.ts";
import { namesOf } from "../../state/names-of.ts";
import { nextStep, readOperation } from "../../state/operation.ts";
import { signing, signingError } from "../../state/signing.ts";
import { readStaged } from "../../state/staged.ts";
import { readWorkTree, type Status } from "../../state/status.ts";
import { fence } from "../../text/fence.ts";
import { decodeText } from "../../text/visible.ts";
import { repoPath, Where } from "../fields.ts";

export const gitCommit = defineTool({
  name: "git_commit",
  title: "Commit what is staged",
  description:
    "Commits what is staged, and says what was not. Refused when nothing is staged or paths are in conflict; concludes a merge. Stage " +
    "with git_add first.",
  // Amending replaces the last commit.
  annotations: REPLACES,
  input: z.strictObject({
    repo_path: repoPath,
    message: z
      .string()
      .max(100_000)
      .describe("A short first line, a blank one, then the rest, with real line breaks. Up to 100,000 characters."),
    amend: z.boolean().default(false).describe("Replace the last commit. Default: false."),
    trailers: z
      .array(z.string())
      .max(50)
      .optional()
      .describe("Trailers, such as 'Co-authored-by: Ada <ada@example.com>'; up to 50."),
  }),
  output: z.object({
    ...Where,
    commit: z.string(),
    subject: z.string(),
    files: z.int().describe("Files it changes."),
    parents: z.int(),
    signed: z.boolean(),
    not_committed: z.int().describe("Changed files left out; a new folder counts as one."),
    notes: z.array(z.string()),
  }),
  async run({ repo_path, message, amend, trailers = [] }, { repositories, sign }: Git, { signal }) {
    const repository = await repositories.open(repo_path, signal);
    const { text, notes } = toMessage(message, trailers);
    const signature = signing(repository, sign);
    return repository.change(async (repository) => {
      const status = await readWorkTree(repository, "folders", signal);
      await refuse(repository, status, amend, signal);
      const published = amend && (await isPublished(repository, signal));
      const id = await commit(repository, text, { amend, signature, signal });
      return {
        ...(await repository.where(signal)),
        ...(await made(repository, id, signal)),
        signed: signature !== undefined,
        not_committed: status.counts.unstaged + status.counts.untracked,
        notes: [
          ...notes,
          ...(published
            ? [
                "The commit that was replaced is on the upstream branch already: git_push will refuse, as it never forces.",
              ]
            : []),
          ...(await goesOn(repository, signal)),
        ],
      };
    });
  },
  render: ({ work_tree, branch, commit, subject, files, parents, signed, not_committed, notes }) =>
    [
      `Committed ${commit}${signed ? ", signed" : ""}: ${subject}`,
      `${counted(files, "file")}${parents > 1 ? `, a merge of ${parents} parents` : ""}. Work tree ${work_tree}, branch ${branch}`,
      ...(not_committed > 0 ? [`Not committed: ${counted(not_committed, "changed or new file")} (git_status)`] : []),
      ...notes,
    ].join("\n"),
});

async function refuse(
  repository: Repository,
  { rows, counts, operation }: Status,
  amend: boolean,
  signal: AbortSignal,
) {
  refuseConflicts(rows, "nothing is committed");
  const { commit } = await repository.head(signal);
  if (amend) {
    if (commit === undefined)
      throw new ToolError("conflict", "there is no commit to amend yet. Leave amend out for the first one.");
    if (operation && !operation.isToEdit && operation.kind !== "bisect") {
      throw new ToolError(
        "conflict",
        `a ${operation.kind} is in progress, which amending would lose. ${nextStep(operation, 0)}`,
      );
    }
    return;
  }
  // A merge is worth committing even if it changes no file, as with the strategy `ours`.
  if (operation?.kind === "merge" || (await readStaged(repository, signal)).size > 0) return;
  const left = rows.filter(({ state }) => state !== "staged").map(({ path }) => path);
  const what =
    left.length === 0
      ? "the work tree has no changes."
      : `${counts.unstaged} changed and ${counts.untracked} untracked are not staged: ${namesOf(left)}. Stage what belongs to it with git_add.`;
  throw new ToolError("conflict", `nothing is staged, so there is nothing to commit; ${what}`);
}

interface Wish {
  readonly amend: boolean;
  readonly signature: ReturnType<typeof signing>;
  readonly signal: AbortSignal;
}

/** @returns the id that git reports, since HEAD may already be another's commit */
async function commit(repository: Repository, text: string, { amend, signature, signal }: Wish): Promise<string> {
  const args = ["commit", "--file=-", "--cleanup=whitespace", "--no-status", ...(amend ? ["--amend"] : [])];
  const runner = repository.withSettings([["core.abbrev", "no"], ...(signature ?? [])], {}, signature !== undefined);
  const { code, stdout, stderr } = await runner.answer(args, { signal, input: text, codes: [0, 1, 128] });
  const [, id] = /^\[.*? ([0-9a-f]{40,64})\] /m.exec(stdout.toString("latin1")) ?? [];
  if (code === 0) return id ?? (await repository.resolve("HEAD", signal));
  const unsigned = signature === undefined ? undefined : signingError(stderr);
  if (unsigned) throw unsigned;
  if (code === 1 && repository.allowHooks) {
    const said = fence(decodeText(Buffer.from(stderr.slice(0, 2_000))));
    throw new ToolError(
      "conflict",
      `a hook of the repository refused the commit; nothing was committed. It said:\n${said}\nMend what it names, then commit again.`,
    );
  }
  if (code === 1) throw new ToolError("conflict", "git found nothing to commit. git_status shows the state.");
  throw repository.failure(args, { code, stderr });
}

/** Details of the new commit, read by its id. */
async function made(repository: Repository, commit: string, signal: AbortSignal) {
  const args = ["show", "--no-patch", "--no-show-signature", "--format=%P%n%s", commit];
  const [parents = "", subject = ""] = decodeText(await repository.git(args, { signal })).split("\n");
  const [first] = parents.split(" ");
  const compare = ["diff-tree", "--no-commit-id", "--root", "-r", "-z", "--name-only", "--ignore-submodules=none"];
  let files = 0;
  for await (const batch of repository.batches([...compare, ...(first ? [first, commit] : [commit])], { signal })) {
    files += batch.length;
  }
  return { commit, subject, files, parents: parents === "" ? 0 : parents.split(" ").length };
}

async function isPublished(repository: Repository, signal: AbortSignal): Promise<boolean> {
  const upstream = ["rev-parse", "--verify", "--quiet", "HEAD@{upstream}^{commit}"];
  const { code, stdout } = await repository.answer(upstream, { signal, codes: [0, 1, 128] });
  if (code !== 0) return false;
  const args = ["merge-base", "--is-ancestor", "HEAD", stdout.toString("latin1").trim()];
  return (await repository.answer(args, { signal, codes: [0, 1] })).code === 0;
}

/** A note that a rebase or other sequence continues after the commit. */
async function goesOn(repository: Repository, signal: AbortSignal): Promise<string[]> {
  const operation = await readOperation(repository, signal);
  return operation === undefined ? [] : [nextStep(operation, 0)];
}
