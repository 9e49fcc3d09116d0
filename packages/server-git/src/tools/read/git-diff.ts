import { defineTool, fromCursor, READ_ONLY, toCursor } from "@org/server-kit";
import * as z from "zod";
import { DIFF_BESIDE, diffBody, diffFacts } from "../../answers/diff-text.ts";
import type { Git } from "../../context.ts";
import { DiffPlace, diffPage } from "../../history/diff/compare.ts";
import { sidesOf } from "../../history/diff/sides.ts";
import { aboutPatterns, pathsIn } from "../../history/paths.ts";
import { fence } from "../../text/fence.ts";
import { contextInput, cursorInput, ObjectId, pathsInput, repoPath, statOnlyInput } from "../fields.ts";

const Place = DiffPlace.extend({ ids: z.array(ObjectId).max(2) });

export const gitDiff = defineTool({
  name: "git_diff",
  title: "Show differences",
  description:
    "Returns the list of all changed files, then the diff in pages: of uncommitted changes, or between revisions. Use " +
    "git_show for one commit, git_status for untracked files.",
  annotations: READ_ONLY,
  input: z.strictObject({
    repo_path: repoPath,
    scope: z
      .enum(["unstaged", "staged", "all"])
      .optional()
      .describe("Uncommitted changes: unstaged (default), staged, or all."),
    from: z.string().min(1).optional().describe("Revision to compare from."),
    to: z.string().min(1).optional().describe("Revision to compare to. Default HEAD."),
    merge_base: z.boolean().default(false).describe("Start from the merge base, as a pull request does."),
    paths: pathsInput,
    context_lines: contextInput,
    stat_only: statOnlyInput,
    cursor: cursorInput,
  }),
  async run({ repo_path, cursor, ...question }, { repositories }: Git, { signal, maxOutput }) {
    const repository = await repositories.open(repo_path, signal);
    const { paths, context_lines, stat_only } = question;
    const asked = { ...question, repo: repository.workTree };
    const place = fromCursor(cursor, Place, asked);
    const sides = await sidesOf(repository, question, place?.ids, signal);
    const comparison = { ...sides, paths: pathsIn(repository, paths) };
    const form = { contextLines: context_lines, isStatOnly: stat_only, place, room: maxOutput - DIFF_BESIDE };
    // The header is read while git runs.
    const [page, header] = await Promise.all([
      diffPage(repository, comparison, form, signal),
      repository.header(signal),
    ]);
    const next = page.next && toCursor({ ...page.next, ids: sides.ids }, asked);
    const facts = [header, sides.words, ...diffFacts(page, next), ...sides.notes].join(", ");
    const body = diffBody(page);
    if (body !== "") return [fence(body), facts];
    return [facts, ...aboutPatterns(paths), "git_status shows what else there is."].join("; ");
  },
});
