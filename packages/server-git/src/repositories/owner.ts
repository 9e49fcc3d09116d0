import { join } from "node:path";
import { quote, ToolError } from "@org/server-kit";
import { environment } from "../git/environment.ts";
import { startGit } from "../git/process.ts";
import { linkStatOf } from "./read-small.ts";
import type { Place } from "./types.ts";

/** Whether this process's user owns the whole repository, or the user's own configuration declares it safe. */
export async function isOwned(
  { workTree, gitDirectory, commonDirectory }: Place,
  signal: AbortSignal,
): Promise<boolean> {
  const user = process.geteuid?.();
  if (user === undefined) return true;
  // Under sudo, git also accepts repositories of the user who called it.
  const owners = new Set([user, ...(user === 0 && process.env.SUDO_UID ? [Number(process.env.SUDO_UID)] : [])]);
  const owns = (path: string) => owners.has(linkStatOf(path)?.uid ?? -1);
  const paths = new Set([workTree, join(workTree, ".git"), gitDirectory, commonDirectory]);
  return [...paths].every(owns) || (await isSafeDirectory(workTree, signal));
}

/**
 * Git applies `safe.directory`, which only the user's and the machine's files can set, when it searches for a
 * repository itself.
 */
async function isSafeDirectory(workTree: string, signal: AbortSignal): Promise<boolean> {
  const env = { ...environment([]), GIT_CEILING_DIRECTORIES: join(workTree, "..") };
  const started = startGit({ args: ["rev-parse", "--git-dir"], cwd: workTree, env, signal });
  while (!(await started.output.next()).done);
  return (await started.end).code === 0;
}

export const notOwned = (workTree: string): ToolError =>
  new ToolError(
    "access_denied",
    `${quote(workTree, 200)} belongs to another user, whose settings and hooks it could hold. If the user trusts it: ` +
      `git config --global --add safe.directory ${JSON.stringify(workTree)} (never "*"). To only read such repositories, start the ` +
      "server with --allow-other-owner.",
  );
