import { counted, defineTool, fromCursor, quote, READ_ONLY, toCursor } from "@org/server-kit";
import * as z from "zod";
import { CommitRow, commitText, endsAt } from "../../answers/commit-row.ts";
import { BESIDE, literal, rowTaker } from "../../answers/log-rows.ts";
import type { Git } from "../../context.ts";
import { boundaryNote, boundaryOf } from "../../history/boundary.ts";
import { GREP, type Match, readMatches } from "../../history/grep.ts";
import { type SearchPlace, searchLog } from "../../history/log/search.ts";
import { aboutPatterns, pathsIn } from "../../history/paths.ts";
import { commitOf } from "../../history/range.ts";
import { readerOf } from "../../history/reader.ts";
import type { Repository } from "../../repositories/types.ts";
import { fence } from "../../text/fence.ts";
import { showPath } from "../../text/paths.ts";
import { decodeText } from "../../text/visible.ts";
import { cursorInput, ObjectId, pathsInput, repoPath, Where } from "../fields.ts";

const Place = z.strictObject({ id: ObjectId, walked: z.int().min(0), given: z.int().min(0) });
/** Results on a page. */
const MOST = 50;
/** Characters of a line shown around the match. */
const AROUND = 240;

export const gitSearch = defineTool({
  name: "git_search",
  title: "Search",
  description:
    "Finds text in the files of a revision (content), commits that added or removed it, also in deleted files (history), or " +
    "commit messages (message). Use git_log for author or date.",
  annotations: READ_ONLY,
  input: z.strictObject({
    repo_path: repoPath,
    query: z.string().min(1).describe("Literal text, one line."),
    mode: z.enum(["content", "history", "message"]).default("content").describe("Where to look."),
    revision: z.string().min(1).default("HEAD").describe("Where to search, or to go back from."),
    paths: pathsInput,
    ignore_case: z.boolean().default(false).describe("Ignore case."),
    cursor: cursorInput,
  }),
  output: z.object({
    ...Where,
    matches: z.array(z.object({ path: z.string(), line: z.int(), text: z.string() })).optional(),
    commits: z
      .array(CommitRow)
      .optional()
      .describe("Newest first; in history mode, only files where the text changed."),
    next_cursor: z.string().optional(),
    note: z.string().optional(),
  }),
  async run({ repo_path, cursor, ...question }, { repositories }: Git, { signal, maxOutput }) {
    const repository = await repositories.open(repo_path, signal);
    const where = await repository.where(signal);
    const { query, mode, revision, paths, ignore_case } = question;
    literal("query", query);
    const asked = { ...question, repo: repository.workTree };
    const isUnborn = revision === "HEAD" && (await repository.head(signal)).commit === undefined;
    if (isUnborn) return { ...where, note: "no commits yet, so there is nothing to search" };
    const begin = async () => ({ id: await commitOf(repository, revision, signal), walked: 0, given: 0 });
    const place = fromCursor(cursor, Place, asked) ?? (await begin());
    const only = pathsIn(repository, paths);
    const isFirst = place.walked + place.given === 0;
    const answer = (
      next: SearchPlace | undefined,
      isStopped: boolean,
      isEmpty: boolean,
      more: readonly string[] = [],
    ) => {
      const notes = [...(isEmpty ? [nothing(question, isFirst, next)] : []), ...(isStopped ? [STOPPED] : []), ...more];
      return {
        ...(next && { next_cursor: toCursor({ id: place.id, ...next }, asked) }),
        ...(notes.length > 0 && { note: notes.join("; ") }),
      };
    };
    if (mode === "content") {
      const wanted = ignore_case ? query.toLowerCase() : query;
      const args = [...GREP, ...(ignore_case ? ["--ignore-case"] : []), "--fixed-strings", "-e", query, place.id];
      const page = {
        paths: only,
        id: place.id,
        skip: place.given,
        most: MOST,
        room: maxOutput - BESIDE,
        query: wanted,
      };
      const { matches, isMore, isStopped } = await grepPage(repository, args, page, signal);
      const next = isMore ? { walked: 0, given: place.given + matches.length } : undefined;
      return { ...where, matches, ...answer(next, isStopped, matches.length === 0) };
    }
    const boundary = await boundaryOf(repository);
    const { rows, take } = rowTaker(maxOutput, boundary, MOST);
    const what = mode === "history" ? [`-S${query}`] : ["--fixed-strings", `--grep=${query}`];
    const filter = [...what, ...(ignore_case ? ["--regexp-ignore-case"] : [])];
    const search = { tip: place.id, filter, paths: only, withFiles: mode === "history", place, take };
    const { next, isStopped } = await searchLog(repository, search, signal);
    const end = boundaryNote(boundary);
    const isAtEnd = endsAt(rows, boundary) !== undefined && mode === "history";
    const more = [
      ...(isAtEnd ? ["what the commit where history ends had is older than it"] : []),
      // Even if nothing was found, since the text may be older.
      ...(end !== undefined && !next ? [end] : []),
    ];
    return { ...where, commits: rows, ...answer(next, isStopped, rows.length === 0, more) };
  },
  render({ work_tree, branch, matches, commits, next_cursor, note }) {
    const found = matches
      ? matches.map(({ path, line, text }) => `${path}:${line}: ${text}`).join("\n")
      : (commits ?? []).map(commitText).join("\n\n");
    const facts = [
      matches ? counted(matches.length, "match", "matches") : counted(commits?.length ?? 0, "commit"),
      ...(note === undefined ? [] : [note]),
      ...(next_cursor === undefined ? (found === "" ? [] : ["no more"]) : [`next cursor: ${next_cursor}`]),
      `work tree ${work_tree}, branch ${branch}`,
    ].join(", ");
    return found === "" ? facts : [fence(found), facts];
  },
});

const STOPPED = "the deadline came first; pass paths or a nearer revision, or go on with next_cursor";

interface GrepPage {
  readonly paths: readonly Buffer[];
  readonly id: string;
  readonly skip: number;
  readonly most: number;
  readonly room: number;
  /** In lower case when case does not matter. */
  readonly query: string;
}

async function grepPage(
  repository: Repository,
  args: readonly string[],
  { paths, id, skip, most, room, query }: GrepPage,
  signal: AbortSignal,
) {
  const pieces = repository.chunks(args, { signal, paths, codes: [0, 1] });
  const matches: { path: string; line: number; text: string }[] = [];
  let [seen, left] = [0, room];
  try {
    for await (const match of readMatches(readerOf(pieces), id)) {
      seen += 1;
      if (seen <= skip) continue;
      const row = { path: showPath(match.path), line: match.line, text: around(match, query) };
      left -= JSON.stringify(row).length + 1;
      if (matches.length === most || (left < 0 && matches.length > 0))
        return { matches, isMore: true, isStopped: false };
      matches.push(row);
    }
    return { matches, isMore: false, isStopped: false };
  } catch (error) {
    if (!signal.aborted || matches.length === 0) throw error;
    return { matches, isMore: true, isStopped: true };
  } finally {
    await pieces.return();
  }
}

/** The line; if it is long, the part with the match. */
function around({ bytes, length }: Match, query: string): string {
  const text = decodeText(bytes);
  if (text.length <= AROUND && length === bytes.length) return text;
  const at = Math.max(0, text.indexOf(query) === -1 ? text.toLowerCase().indexOf(query) : text.indexOf(query));
  const start = Math.max(0, at - AROUND / 3);
  return `${start > 0 ? "…" : ""}${text.slice(start, start + AROUND)}… (line of ${length.toLocaleString("en")} bytes)`;
}

interface SearchQuestion {
  readonly query: string;
  readonly mode: "content" | "history" | "message";
  readonly revision: string;
  readonly paths?: readonly string[] | undefined;
  readonly ignore_case: boolean;
}

const PLACES = {
  content: ["no line in the files of", "has"],
  history: ["no commit in the history of", "added or removed"],
  message: ["no message in the history of", "has"],
} as const;

function nothing(
  { query, mode, revision, paths, ignore_case }: SearchQuestion,
  isFirst: boolean,
  next: SearchPlace | undefined,
): string {
  if (next) return `nothing in the latest ${next.walked} commits`;
  if (!isFirst) return "no more results";
  const others = [
    ...(ignore_case ? [] : ["ignore_case"]),
    ...(paths === undefined ? [] : ["no paths"]),
    ...(mode === "content" ? ["mode history for deleted text"] : []),
  ];
  const [where, does] = PLACES[mode];
  const limit = paths === undefined ? "" : " (in paths)";
  const advice = `try ${[...others, "fewer words"].join(", or ")}`;
  return [`${where} ${quote(revision)}${limit} ${does} ${quote(query)}`, advice, ...aboutPatterns(paths)].join("; ");
}
