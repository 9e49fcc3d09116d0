import { type Call, ToolError } from "@org/server-kit";
import { diffBody } from "../answers/diff-text.ts";
import type { Git } from "../context.ts";
import { diffPage } from "../history/diff/compare.ts";
import { sidesOf } from "../history/diff/sides.ts";
import { totalsText } from "../history/diff/stat.ts";
import { fence } from "../text/fence.ts";

/** Characters of a prompt other than what it quotes. */
const WORDS = 2_500;

interface ReviewArgs {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly repo_path?: string | undefined;
}

export async function reviewText(
  { from, to, repo_path }: ReviewArgs,
  { repositories }: Git,
  { signal, maxOutput }: Call,
): Promise<string> {
  const repository = await repositories.open(repo_path, signal);
  const question =
    from === undefined ? { scope: "all" as const, to, merge_base: false } : { from, to, merge_base: true };
  const sides = await sidesOf(repository, question, undefined, signal);
  const options = { contextLines: 3, isStatOnly: false, place: undefined, room: maxOutput - WORDS };
  const page = await diffPage(repository, sides, options, signal);
  if (page.totals.files === 0)
    throw new ToolError("not_found", `${sides.words}: no differences. Pass from, such as main.`);
  const how =
    from === undefined ? "scope all" : `from ${from}${to === undefined ? "" : ` and to ${to}`}, merge_base true`;
  const more = page.next ? ` The diff goes on: read the rest with git_diff, ${how}.` : "";
  return [
    `Review these changes in ${await repository.header(signal)}: ${[sides.words, totalsText(page.totals), ...sides.notes].join(", ")}.${more}`,
    fence(diffBody(page)),
    "Look for mistakes first: wrong results, lost data, unhandled failures, races, security. Then for what the next reader will not " +
      "understand, and for what has no test. Read the code around a change with git_read_file or git_blame before you judge it. For " +
      "each finding name file and line, say what goes wrong and when, and how to mend it; the most serious first. Say so when there is none.",
  ].join("\n\n");
}
