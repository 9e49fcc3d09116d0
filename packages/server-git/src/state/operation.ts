import { join } from "node:path";
import { counted } from "@org/server-kit";
import { readText } from "../repositories/read-small.ts";
import type { Repository } from "../repositories/types.ts";
import { shortLine } from "../text/visible.ts";

/** The operation that git is in the middle of. */
export interface Operation {
  readonly kind: "merge" | "rebase" | "cherry-pick" | "revert" | "bisect" | "applying patches";
  /** Step of `total`, counted from 1. */
  readonly step?: number;
  readonly total?: number;
  /** The branch that a rebase replays, or that a bisect returns to. */
  readonly branch?: string;
  /** The commit that a rebase goes onto, or that is being merged, picked or reverted. */
  readonly commit?: string;
  /** A rebase has stopped so that its last commit can be edited, not at a conflict. */
  readonly isToEdit?: true;
  /** A bisect's terms for commits before and after the change that it looks for: good and bad, or the user's own. */
  readonly terms?: readonly [before: string, after: string];
}

/** Read from the work tree's own git directory, which is not `.git` for a linked worktree. */
export async function readOperation(
  { gitDirectory, git }: Repository,
  signal: AbortSignal,
): Promise<Operation | undefined> {
  const read = (...names: string[]) => readText(join(gitDirectory, ...names)).then((text) => text?.trim());
  const numbers = async (folder: string, step: string, total: string) => {
    const [at, of] = [Number(await read(folder, step)), Number(await read(folder, total))];
    return at > 0 && of > 0 ? { step: at, total: of } : {};
  };
  const branchOf = (name: string | undefined) =>
    name === undefined || name === "detached HEAD" ? {} : { branch: shortLine(name.replace(/^refs\/heads\//, "")) };

  const merging = await read("rebase-merge", "head-name");
  if (merging !== undefined) {
    const onto = await read("rebase-merge", "onto");
    const steps = await numbers("rebase-merge", "msgnum", "end");
    const isToEdit = (await read("rebase-merge", "amend")) !== undefined;
    const more = { ...(onto && { commit: shortLine(onto) }), ...(isToEdit && { isToEdit }) };
    return { kind: "rebase", ...steps, ...branchOf(merging), ...more };
  }
  const patches = await numbers("rebase-apply", "next", "last");
  if ((await read("rebase-apply", "rebasing")) !== undefined) {
    const onto = await read("rebase-apply", "onto");
    return {
      kind: "rebase",
      ...patches,
      ...branchOf(await read("rebase-apply", "head-name")),
      ...(onto && { commit: shortLine(onto) }),
    };
  }
  if ((await read("rebase-apply", "applying")) !== undefined) return { kind: "applying patches", ...patches };

  const picked = await read("CHERRY_PICK_HEAD");
  const reverted = await read("REVERT_HEAD");
  const todo = await read("sequencer", "todo");
  if (picked !== undefined || reverted !== undefined || todo !== undefined) {
    const kind = reverted !== undefined || /^revert /m.test(todo ?? "") ? "revert" : "cherry-pick";
    const commit = picked ?? reverted;
    const begun = await read("sequencer", "head");
    return {
      kind,
      ...(commit && { commit: shortLine(commit) }),
      ...(begun && (await sequenceSteps(todo ?? "", begun))),
    };
  }
  const merged = await read("MERGE_HEAD");
  if (merged !== undefined) return { kind: "merge", commit: shortLine(merged.replaceAll("\n", ", ")) };
  const log = await read("BISECT_LOG");
  if (log === undefined) return undefined;
  const [, after = "bad", before = "good"] =
    /^([\w-]{1,50})\n([\w-]{1,50})$/.exec((await read("BISECT_TERMS")) ?? "") ?? [];
  const answers = [`git bisect ${after} `, `git bisect ${before} `, "git bisect skip "];
  return {
    kind: "bisect",
    step: Math.max(1, log.split("\n").filter((line) => answers.some((answer) => line.startsWith(answer))).length),
    terms: [before, after],
    ...branchOf(await read("BISECT_START")),
  };

  async function sequenceSteps(list: string, begun: string) {
    const left = list.split("\n").filter((line) => /^(?:pick|revert) /.test(line)).length;
    if (!/^[0-9a-f]{40,64}$/.test(begun)) return {};
    const done = Number((await git(["rev-list", "--count", `${begun}..HEAD`], { signal })).toString());
    return left > 0 ? { step: done + 1, total: done + left } : {};
  }
}

/** `rebase, step 2 of 5, replaying feature onto 1a2b3c4`. */
export function operationText({ kind, step, total, branch, commit }: Operation): string {
  const at = step === undefined ? "" : `, step ${step}${total === undefined ? "" : ` of ${total}`}`;
  const id = commit?.replace(/[0-9a-f]{40,64}/g, (one) => one.slice(0, 12));
  if (kind === "rebase") return `rebase${at}${branch ? `, replaying ${branch}` : ""}${id ? ` onto ${id}` : ""}`;
  if (kind === "bisect") return `bisect${at}${branch ? `, begun on ${branch}` : ""}`;
  return `${kind}${at}${id ? ` of ${id}` : ""}`;
}

/**
 * The safe next step. No tool here ends an operation: that is up to the user.
 * @param isReadOnly whether staging and committing are up to the user as well
 */
export function nextStep({ kind, step, total, terms }: Operation, conflicts: number, isReadOnly = false): string {
  if (kind === "bisect") {
    const [before, after] = terms ?? ["good", "bad"];
    return `Test the checked-out commit, then let the user run \`git bisect ${before}\` or \`git bisect ${after}\`; \`git bisect reset\` ends it.`;
  }
  const name = kind === "applying patches" ? "am" : kind;
  const abort = `\`git ${name} --abort\`, run by the user, restores the state before it.`;
  if (conflicts > 0) {
    const [ours, theirs] = kind === "rebase" ? [":2, the new base", ":3, the commit being replayed"] : [":2", ":3"];
    const read = `read base (:1), ours (${ours}) and theirs (${theirs}) with git_read_file`;
    const goOn = `\`git ${name} --continue\``;
    const finish = isReadOnly
      ? `let the user run \`git add\` and ${goOn}`
      : `git_add each, then ${canCommit(kind, total) ? "git_commit" : `let the user run ${goOn}`}`;
    return `Resolve ${counted(conflicts, "conflict")}: ${read}, edit the files, ${finish}. ${abort}`;
  }
  if (canCommit(kind, total) && !isReadOnly)
    return `All conflicts are resolved: git_commit concludes the ${kind}. ${abort}`;
  const last = step !== undefined && step === total ? "finishes it" : "goes on";
  if (kind === "applying patches") {
    const see = "`git am --show-current-patch=diff` shows it";
    return `Once what the patch changes is staged (${see}), \`git am --continue\`, run by the user, ${last}. ${abort}`;
  }
  return `No conflicts are left: \`git ${name} --continue\`, run by the user, ${last}. ${abort}`;
}

const canCommit = (kind: Operation["kind"], total: number | undefined) =>
  kind === "merge" || ((kind === "cherry-pick" || kind === "revert") && (total ?? 1) === 1);
