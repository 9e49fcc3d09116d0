import { counted, definePrompt, ToolError } from "@org/server-kit";
import * as z from "zod";
import { commitText } from "../answers/commit-row.ts";
import { logRows } from "../answers/log-rows.ts";
import type { Git } from "../context.ts";
import { boundaryOf } from "../history/boundary.ts";
import { revisionsFrom } from "../history/names.ts";
import { resolveRange } from "../history/range.ts";
import { fence } from "../text/fence.ts";
import { repoArgument, WORDS } from "./common.ts";

const MOST = 500;
const complete = (typed: string, { repositories }: Git) => revisionsFrom(repositories, typed);

export const writeReleaseNotes = definePrompt({
  name: "write_release_notes",
  title: "Write release notes",
  description: "Asks for notes on what changed for users between two revisions, from their commits and co-authors.",
  args: z.strictObject({
    from: z.string().describe("The earlier release: v1.0."),
    to: z.string().describe("The later one: v1.1, or HEAD."),
    repo_path: repoArgument,
  }),
  complete: { from: complete, to: complete },
  async run({ from, to, repo_path }, { repositories }: Git, { signal, maxOutput }) {
    const repository = await repositories.open(repo_path, signal);
    const { argument } = await resolveRange(repository, `${from}..${to}`, signal);
    const boundary = await boundaryOf(repository);
    const options = { skip: 0, most: MOST, files: "none", room: maxOutput - WORDS, boundary } as const;
    const { rows, isMore, note } = await logRows(repository, ["--no-merges", argument], options, signal);
    if (rows.length === 0)
      throw new ToolError(
        "not_found",
        "there is no commit from the first to the second. Are they the other way round?",
      );
    const more = isMore ? ` There are more: read them with git_log, ref ${from}..${to}.` : "";
    return [
      `Write the release notes of what came from ${from} to ${to}, in ${await repository.header(signal)}. ${counted(rows.length, "commit")}, newest first.${more}${note === undefined ? "" : ` Note that ${note}.`}`,
      fence(rows.map(commitText).join("\n\n")),
      "Write for people who use the software: what they can do now, what works again, what they must change; the most important " +
        "first, in groups where there are many. Leave out what they cannot notice. Look at a commit with git_show where its message does " +
        "not say what it changes for them. Thank everyone who wrote a commit or is its co-author by name.",
    ].join("\n\n");
  },
});
