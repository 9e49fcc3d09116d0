import { type Call, ToolError } from "@org/server-kit";
import { diffBody } from "../answers/diff-text.ts";
import { logRows } from "../answers/log-rows.ts";
import type { Git } from "../context.ts";
import { boundaryOf } from "../history/boundary.ts";
import { diffPage } from "../history/diff/compare.ts";
import { STAGED } from "../history/diff/sides.ts";
import { totalsText } from "../history/diff/stat.ts";
import type { Repository } from "../repositories/types.ts";
import { fence } from "../text/fence.ts";

/** Characters of a prompt other than what it quotes. */
const WORDS = 2_500;
const SUBJECTS = 15;

interface CommitMessageArgs {
  readonly repo_path?: string | undefined;
}

export async function commitMessageText(
  { repo_path }: CommitMessageArgs,
  { repositories }: Git,
  { signal, maxOutput }: Call,
): Promise<string> {
  const repository = await repositories.open(repo_path, signal);
  const options = { contextLines: 3, isStatOnly: false, place: undefined, room: maxOutput - WORDS - SUBJECTS * 100 };
  const page = await diffPage(repository, STAGED, options, signal);
  if (page.totals.files === 0) {
    throw new ToolError("not_found", "nothing is staged. Stage the changes with git_add, then ask again.");
  }
  const subjects = await recentSubjects(repository, signal);
  const more = page.next ? " The diff goes on: read the rest with git_diff, scope staged." : "";
  return [
    `Write the message of a commit with the changes that are staged in ${await repository.header(signal)}: ${totalsText(page.totals)}.${more}`,
    fence(diffBody(page)),
    ...(subjects.length === 0 ? [] : ["Keep to the style of these latest subjects:", fence(subjects.join("\n"))]),
    "Say in the subject what changes for whoever uses the code, in at most 72 characters. Explain in the body why, as far as " +
      "the changes show it; leave it out where the subject says all. Show me the message; commit with git_commit when I agree.",
  ].join("\n\n");
}

async function recentSubjects(repository: Repository, signal: AbortSignal): Promise<string[]> {
  const { commit } = await repository.head(signal);
  if (commit === undefined) return [];
  const options = {
    skip: 0,
    most: SUBJECTS,
    withFiles: false,
    room: 40_000,
    boundary: await boundaryOf(repository),
  } as const;
  const { rows } = await logRows(repository, ["--no-merges", commit], options, signal);
  return rows.map(({ subject }) => subject.slice(0, 100));
}
