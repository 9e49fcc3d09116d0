import { defineTool, fromCursor, READ_ONLY, ToolError, toCursor } from "@org/server-kit";
import * as z from "zod";
import type { Git } from "../../context.ts";
import { boundaryNote, boundaryOf } from "../../history/boundary.ts";
import { comparing, DiffPlace, diffPage } from "../../history/diff/compare.ts";
import { pathArguments } from "../../history/paths.ts";
import type { Repository } from "../../repositories/types.ts";
import { fence } from "../../text/fence.ts";
import { repoPath } from "../fields.ts";
import { DIFF_BESIDE, diffBody, diffFacts } from "./diff-text.ts";
import { contextInput, cursorInput, ObjectId, pathsInput, statOnlyInput } from "./history-fields.ts";

const Place = DiffPlace.extend({ ids: z.array(ObjectId).max(2) });

export const gitDiff = defineTool({
  name: "git_diff",
  title: "Show differences",
  description:
    "Returns the list of all changed files, then the diff page by page: of the work tree (unstaged, staged or all), or " +
    "between two revisions. Use git_show for one commit, git_status for untracked files, which no diff has.",
  annotations: READ_ONLY,
  input: z.strictObject({
    repo_path: repoPath,
    scope: z
      .enum(["unstaged", "staged", "all"])
      .optional()
      .describe("Uncommitted changes: unstaged (default), staged, or all against HEAD or from. Not with to."),
    from: z
      .string()
      .min(1)
      .optional()
      .describe("Branch, tag or commit to compare from. Without scope, to defaults to HEAD."),
    to: z.string().min(1).optional().describe("Branch, tag or commit to compare to; needs from."),
    merge_base: z
      .boolean()
      .default(false)
      .describe("From where both sides parted, as a pull request shows it. Default false."),
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
    const args = ["diff", ...comparing({ contextLines: context_lines, isStatOnly: stat_only }), ...sides.args];
    const page = await diffPage(
      repository,
      [...args, ...pathArguments(repository, paths)],
      {
        contextLines: context_lines,
        isStatOnly: stat_only,
        place: place && { file: place.file, hunk: place.hunk, line: place.line, was: place.was },
        room: maxOutput - DIFF_BESIDE,
      },
      signal,
    );
    const next = page.next && toCursor({ ...page.next, ids: sides.ids }, asked);
    const facts = [await repository.header(signal), sides.words, ...diffFacts(page, next), ...sides.notes].join(", ");
    const body = diffBody(page);
    return body === "" ? `${facts}. git_status shows what else there is.` : [fence(body), facts];
  },
});

interface Question {
  readonly scope?: "unstaged" | "staged" | "all" | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly merge_base: boolean;
}

interface Sides {
  readonly args: readonly string[];
  /** What a cursor keeps: a branch may move between two pages. */
  readonly ids: readonly string[];
  readonly words: string;
  readonly notes: readonly string[];
}

async function sidesOf(
  repository: Repository,
  question: Question,
  known: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<Sides> {
  const { scope, from, to, merge_base } = question;
  refuseMix(question);
  if (from !== undefined) {
    const [first, second] =
      known ?? (await resolveBoth(repository, from, scope === undefined ? (to ?? "HEAD") : undefined, signal));
    if (first === undefined) throw new ToolError("invalid_input", "from: pass a branch, tag or commit.");
    const other = second ?? (merge_base ? await repository.resolve("HEAD", signal) : undefined);
    const base =
      merge_base && other !== undefined ? await mergeBase(repository, first, other, signal) : { id: first, notes: [] };
    const side = scope === "staged" ? ["--cached"] : [];
    const end = second === undefined ? (scope === "staged" ? "the index" : "the work tree") : second.slice(0, 12);
    return {
      args: [...side, base.id, ...(second === undefined ? [] : [second])],
      ids: second === undefined ? [first] : [first, second],
      words: `from ${merge_base ? "merge base " : ""}${base.id.slice(0, 12)} to ${end}`,
      notes: base.notes,
    };
  }
  if (scope === "staged") return { args: ["--cached"], ids: [], words: "staged changes", notes: [] };
  if (scope === "all") {
    const { commit } = await repository.head(signal);
    const against = commit ?? (await emptyTree(repository, signal));
    return {
      args: [against],
      ids: [],
      words: commit ? "staged and unstaged changes" : "all that is tracked, before the first commit",
      notes: [],
    };
  }
  return { args: ["--ours"], ids: [], words: "unstaged changes", notes: [] };
}

function refuseMix({ scope, from, to, merge_base }: Question): void {
  const wrong =
    (to !== undefined && from === undefined && "to needs from: pass both revisions.") ||
    (to !== undefined &&
      scope !== undefined &&
      "scope and to exclude each other: leave scope out to compare two revisions.") ||
    (from !== undefined &&
      scope === "unstaged" &&
      "unstaged changes are those against the index: leave from out, or pass scope all.") ||
    (merge_base && from === undefined && "merge_base needs from: pass the branch to compare with.");
  if (wrong) throw new ToolError("invalid_input", wrong);
}

const resolveBoth = async (repository: Repository, from: string, to: string | undefined, signal: AbortSignal) =>
  Promise.all([from, ...(to === undefined ? [] : [to])].map((side) => repository.resolve(side, signal)));

/** @throws ToolError not_found when the two have nothing in common */
async function mergeBase(repository: Repository, from: string, to: string, signal: AbortSignal) {
  const { stdout } = await repository.answer(["merge-base", from, to], { signal, codes: [0, 1] });
  const [id] = stdout.toString("latin1").split("\n");
  const boundary = await boundaryOf(repository);
  const end = boundaryNote(boundary);
  if (id)
    return { id, notes: boundary.commits.has(id) && end !== undefined ? [`the merge base may be older: ${end}`] : [] };
  const why = end === undefined ? "" : ` What they share may be older: ${end}.`;
  throw new ToolError(
    "not_found",
    `the two revisions share no commit in this repository.${why} Compare them without merge_base.`,
  );
}

/** Its id depends on the repository's hash. */
const emptyTree = async (repository: Repository, signal: AbortSignal) =>
  (await repository.git(["hash-object", "-t", "tree", "--stdin"], { signal, input: "" })).toString("latin1").trim();
