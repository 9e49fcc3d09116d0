import { ToolError } from "@org/server-kit";
import type { Repository } from "../../repositories/types.ts";
import { boundaryNote, boundaryOf } from "../boundary.ts";
import { commitOf } from "../range.ts";
import type { Comparison } from "./compare.ts";

/** What the caller wants to compare. */
export interface DiffQuestion {
  readonly scope?: "unstaged" | "staged" | "all" | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly merge_base: boolean;
}

/** What git compares. */
export interface Sides extends Comparison {
  /** Kept in the cursor: a branch may move between two pages. */
  readonly ids: readonly string[];
  readonly words: string;
  readonly notes: readonly string[];
}

/** What a commit would contain now. */
export const STAGED: Comparison = { args: ["--cached"], isOfWorkTree: false };

/**
 * Resolves both sides of a comparison.
 * @param known the ids from the first page
 */
export async function sidesOf(
  repository: Repository,
  question: DiffQuestion,
  known: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<Sides> {
  const { scope, from, to, merge_base } = question;
  refuseMix(question);
  if (from !== undefined) {
    const [first, second] =
      known ?? (await resolveBoth(repository, from, scope === undefined ? (to ?? "HEAD") : undefined, signal));
    if (first === undefined) throw new ToolError("invalid_input", "from: pass a branch, tag or commit.");
    const other = second ?? (merge_base ? await commitOf(repository, "HEAD", signal) : undefined);
    const base =
      merge_base && other !== undefined ? await mergeBase(repository, first, other, signal) : { id: first, notes: [] };
    const isStaged = scope === "staged";
    const end = second?.slice(0, 12) ?? (isStaged ? "the index" : "the work tree");
    return {
      args: [...(isStaged ? ["--cached"] : []), base.id, ...(second === undefined ? [] : [second])],
      isOfWorkTree: second === undefined && !isStaged,
      ids: second === undefined ? [first] : [first, second],
      words: `from ${merge_base ? "merge base " : ""}${base.id.slice(0, 12)} to ${end}`,
      notes: base.notes,
    };
  }
  if (scope === "staged") return { ...STAGED, ids: [], words: "staged changes", notes: [] };
  if (scope === "all") {
    const { commit } = await repository.head(signal);
    const against = commit ?? (await emptyTree(repository, signal));
    return {
      args: [against],
      isOfWorkTree: true,
      ids: [],
      words: commit ? "staged and unstaged changes" : "all that is tracked, before the first commit",
      notes: [],
    };
  }
  return { args: ["--ours"], isOfWorkTree: true, ids: [], words: "unstaged changes", notes: [] };
}

function refuseMix({ scope, from, to, merge_base }: DiffQuestion): void {
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
  Promise.all([from, ...(to === undefined ? [] : [to])].map((side) => commitOf(repository, side, signal)));

/** @throws ToolError not_found when the two have no common ancestor */
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
