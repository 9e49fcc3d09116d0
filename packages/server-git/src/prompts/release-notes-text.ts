import { type Call, counted, ToolError } from "@org/server-kit";
import { commitText } from "../answers/commit-row.ts";
import { logRows } from "../answers/log-rows.ts";
import type { Git } from "../context.ts";
import { boundaryOf } from "../history/boundary.ts";
import { resolveRange } from "../history/range.ts";
import { fence } from "../text/fence.ts";

/** Characters of a prompt other than what it quotes. */
const WORDS = 2_500;
const MOST = 500;

interface ReleaseNotesArgs {
  readonly from: string;
  readonly to: string;
  readonly repo_path?: string | undefined;
}

export async function releaseNotesText(
  { from, to, repo_path }: ReleaseNotesArgs,
  { repositories }: Git,
  { signal, maxOutput }: Call,
): Promise<string> {
  const repository = await repositories.open(repo_path, signal);
  const { argument } = await resolveRange(repository, `${from}..${to}`, signal);
  const boundary = await boundaryOf(repository);
  const options = { skip: 0, most: MOST, withFiles: false, room: maxOutput - WORDS, boundary } as const;
  const { rows, isMore, note } = await logRows(repository, ["--no-merges", argument], options, signal);
  if (rows.length === 0)
    throw new ToolError("not_found", "there is no commit from the first to the second. Are they the other way round?");
  const more = isMore ? ` There are more: read them with git_log, ref ${from}..${to}.` : "";
  return [
    `Write the release notes of what came from ${from} to ${to}, in ${await repository.header(signal)}. ${counted(rows.length, "commit")}, newest first.${more}${note === undefined ? "" : ` Note that ${note}.`}`,
    fence(rows.map(commitText).join("\n\n")),
    "Write for people who use the software: what they can do now, what works again, what they must change; the most important " +
      "first, in groups where there are many. Leave out what they cannot notice. Look at a commit with git_show where its message does " +
      "not say what it changes for them. Thank everyone who wrote a commit or is its co-author by name.",
  ].join("\n\n");
}
