import { counted, defineTool, fromCursor, READ_ONLY, ToolError, toCursor } from "@org/server-kit";
import * as z from "zod";
import { CommitRow, commitText } from "../../answers/commit-row.ts";
import { literal, logRows } from "../../answers/log-rows.ts";
import type { Git } from "../../context.ts";
import { boundaryOf } from "../../history/boundary.ts";
import { instantOf } from "../../history/dates.ts";
import { blobAt } from "../../history/files/tree.ts";
import { aboutPatterns, pathIn, pathsIn } from "../../history/paths.ts";
import { RANGE, resolveRange } from "../../history/range.ts";
import type { Repository } from "../../repositories/types.ts";
import { fence } from "../../text/fence.ts";
import { cursorInput, pathsInput, repoPath, Where } from "../fields.ts";

const Place = z.strictObject({
  /** With the tip, left out for all branches: a cursor cannot hold hundreds of ids. */
  range: z.string().regex(RANGE).optional(),
  tip: z.string().regex(RANGE).optional(),
  skip: z.int().min(0),
  since: z.iso.datetime().optional(),
  until: z.iso.datetime().optional(),
});

export const gitLog = defineTool({
  name: "git_log",
  title: "Show history",
  description:
    "Returns commits, newest first, with messages, trailers, co-authors and refs. One file's history follows its renames. " +
    "git_show has a commit's diff, git_search finds text in history.",
  annotations: READ_ONLY,
  input: z.strictObject({
    repo_path: repoPath,
    ref: z.string().min(1).default("HEAD").describe("Branch, tag, commit, or range main..feature."),
    all_branches: z.boolean().default(false).describe("All branches, local and remote, instead of ref."),
    paths: pathsInput,
    author: z.string().min(1).optional().describe("Part of the author's name or email."),
    since: z.string().min(1).optional().describe("2026-03-01, an ISO time, or 2 weeks ago."),
    until: z.string().min(1).optional().describe("Like since; a day counts to its end."),
    grep: z.string().min(1).optional().describe("Text in the message."),
    stats: z.boolean().default(false).describe("Include changed files."),
    oldest_first: z.boolean().default(false).describe("Begin with the first commit; renames are not followed."),
    max_count: z.int().min(1).max(200).default(20).describe("Commits per page."),
    cursor: cursorInput,
  }),
  output: z.object({
    ...Where,
    commits: z.array(CommitRow),
    next_cursor: z.string().optional().describe("Pass it for more commits; absent on the last page."),
    note: z.string().optional(),
  }),
  async run({ repo_path, cursor, max_count, ...question }, { repositories }: Git, { signal, maxOutput }) {
    const repository = await repositories.open(repo_path, signal);
    const { ref, paths, author, grep, stats, oldest_first } = question;
    const asked = { ...question, repo: repository.workTree };
    const place = fromCursor(cursor, Place, asked) ?? (await begin(repository, question, signal));
    if (!place)
      return { ...(await repository.where(signal)), commits: [], note: "no commits yet, so there is nothing to list" };
    const filters = [
      ...(place.since === undefined ? [] : [`--since=${place.since}`]),
      ...(place.until === undefined ? [] : [`--until=${place.until}`]),
      ...(author === undefined ? [] : [`--author=${literal("author", author)}`]),
      ...(grep === undefined ? [] : [`--grep=${literal("grep", grep)}`]),
      ...(author === undefined && grep === undefined ? [] : ["--fixed-strings", "--regexp-ignore-case", "--all-match"]),
    ];
    const isFollowed = !oldest_first && place.tip !== undefined && (await isFile(repository, place.tip, paths, signal));
    const tips = place.range === undefined ? await allTips(repository, signal) : [place.range];
    const order = [...(oldest_first ? ["--reverse"] : []), ...(isFollowed ? ["--follow"] : [])];
    const boundary = await boundaryOf(repository);
    const form = {
      paths: pathsIn(repository, paths),
      skip: place.skip,
      most: max_count,
      withFiles: stats,
      room: maxOutput,
      boundary,
    };
    // The header is read while git runs.
    const [{ rows, isMore, isStopped, note }, where] = await Promise.all([
      logRows(repository, [...filters, ...order, ...tips], form, signal),
      repository.where(signal),
    ]);
    const next = isMore ? toCursor({ ...place, skip: place.skip + rows.length }, asked) : undefined;
    const notes = [
      ...(rows.length === 0 ? [emptyNote(question, place.skip)] : []),
      ...(isStopped
        ? ["the deadline came before the page was full; narrow the question, or go on with next_cursor"]
        : []),
      ...(note === undefined ? [] : [note]),
      ...(ref !== "HEAD" && rows.length === 0 && /\.\./.test(ref)
        ? ["a range lists what its right side has and its left side lacks"]
        : []),
    ];
    return {
      ...where,
      commits: rows,
      ...(next !== undefined && { next_cursor: next }),
      ...(notes.length > 0 && { note: notes.join("; ") }),
    };
  },
  render({ work_tree, branch, commits, next_cursor, note }) {
    const facts = [
      `work tree ${work_tree}, branch ${branch}`,
      counted(commits.length, "commit"),
      ...(note === undefined ? [] : [note]),
      next_cursor === undefined ? "no more" : `next cursor: ${next_cursor}`,
    ];
    return commits.length === 0
      ? facts.slice(0, -1).join(", ")
      : [fence(commits.map(commitText).join("\n\n")), facts.join(", ")];
  },
});

interface LogQuestion {
  readonly ref: string;
  readonly all_branches: boolean;
  readonly paths?: readonly string[] | undefined;
  readonly author?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly grep?: string | undefined;
}

/** Where the first page begins; undefined on a branch without commits. */
async function begin(
  repository: Repository,
  question: LogQuestion,
  signal: AbortSignal,
): Promise<z.infer<typeof Place> | undefined> {
  const { ref, all_branches, since, until } = question;
  const limits = {
    skip: 0,
    since: since === undefined ? undefined : instantOf("since", since, false),
    until: until === undefined ? undefined : instantOf("until", until, true),
  };
  if (all_branches && ref !== "HEAD")
    throw new ToolError("invalid_input", "ref and all_branches exclude each other: pass one of them.");
  if (all_branches) return limits;
  const head = ref === "HEAD" ? (await repository.head(signal)).commit : undefined;
  if (ref === "HEAD" && head === undefined) return undefined;
  const { argument, tip } =
    head === undefined ? await resolveRange(repository, ref, signal) : { argument: head, tip: head };
  return { ...limits, range: argument, tip };
}

/** All branches, and what is checked out, which may be on none. */
async function allTips(repository: Repository, signal: AbortSignal): Promise<string[]> {
  const { commit } = await repository.head(signal);
  return ["--branches", "--remotes", ...(commit === undefined ? [] : [commit])];
}

/** Renames can only be followed for a single file. */
async function isFile(repository: Repository, tip: string, paths: readonly string[] | undefined, signal: AbortSignal) {
  const [path] = paths ?? [];
  if (path === undefined || paths?.length !== 1) return false;
  return (await blobAt(repository, tip, pathIn(repository, path), signal)) !== undefined;
}

function emptyNote({ ref, all_branches, paths, author, since, until, grep }: LogQuestion, skip: number): string {
  if (skip > 0) return "no more commits";
  const filters = Object.entries({ paths, author, since, until, grep }).filter(([, value]) => value !== undefined);
  if (filters.length === 0) return "no commits in this range";
  const names = filters.map(([name]) => name).join(", ");
  const where = all_branches ? "any branch" : ref === "HEAD" ? "this branch" : "that history";
  const elsewhere = all_branches ? "" : ", or pass all_branches";
  const advice = `leave ${filters.length > 1 ? "one of them" : "it"} out${elsewhere}`;
  return [`no commit of ${where} matches ${names}`, advice, ...aboutPatterns(paths)].join("; ");
}
