import { ToolError } from "@org/server-kit";
import type { Repository } from "../repositories/types.ts";
import { quotedShown } from "../text/paths.ts";
import { listOf } from "./names-of.ts";
import { nextStep, operationText, readOperation } from "./operation.ts";
import { readWorkTree } from "./status.ts";
import type { StatusRow } from "./status-records.ts";

/** Refuses an action that would lose the merge, rebase or other operation in progress. */
export async function refuseDuringOperation(repository: Repository, what: string, signal: AbortSignal): Promise<void> {
  const operation = await readOperation(repository, signal);
  // A bisect is not affected: switching and stashing lose nothing of it.
  if (operation === undefined || operation.kind === "bisect") return;
  const { counts } = await readWorkTree(repository, "none", signal);
  throw new ToolError(
    "conflict",
    `a ${operationText(operation)} is in progress, and ${what} would lose it. ${nextStep(operation, counts.conflict)}`,
  );
}

/** @throws ToolError `conflict` with the conflicting paths and what to do */
export function refuseConflicts(rows: readonly StatusRow[], what: string): void {
  const conflicts = rows.filter(({ state }) => state === "conflict");
  if (conflicts.length === 0) return;
  const kinds = conflicts.map(({ path, conflict }) => `${quotedShown(path)} (${conflict})`);
  throw new ToolError(
    "conflict",
    `${what} while paths are in conflict: ${listOf(kinds)}. Read base (:1), ours (:2) and theirs (:3) with git_read_file, edit the files, then git_add them.`,
  );
}

/** The files that git refused to overwrite, from its message; undefined if it failed for another reason. */
export function overwrittenIn(stderr: string): string[] | undefined {
  const [, files] = /(?:overwritten|removed) by (?:checkout|merge):\n((?:\t.*\n)+)/.exec(stderr) ?? [];
  return files
    ?.trimEnd()
    .split("\n")
    .map((line) => line.slice(1));
}
