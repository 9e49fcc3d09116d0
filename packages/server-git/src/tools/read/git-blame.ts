import { counted, defineTool, quote, READ_ONLY, ToolError } from "@org/server-kit";
import * as z from "zod";
import type { Git } from "../../context.ts";
import { BLAME, type BlamedLine, dayOf, type Origin, readBlame } from "../../history/blame.ts";
import { type Boundary, boundaryNote, boundaryOf } from "../../history/boundary.ts";
import { shorten } from "../../history/diff/hunks.ts";
import { textFileAt } from "../../history/files/text-file.ts";
import { pathIn } from "../../history/paths.ts";
import { commitOf } from "../../history/range.ts";
import { readerOf } from "../../history/reader.ts";
import { fence } from "../../text/fence.ts";
import { shortPath } from "../../text/paths.ts";
import { oneLine } from "../../text/visible.ts";
import { repoPath } from "../fields.ts";

/** Characters of an answer other than its lines and commits. */
const BESIDE = 1_600;
/** The most lines that one call asks git for: more would not fit. */
const MOST = 2_000;
const ID = 10;

export const gitBlame = defineTool({
  name: "git_blame",
  title: "Blame lines",
  description:
    "Returns which commit last changed each line of a committed file: author, date, subject. Uncommitted changes are left " +
    "out. git_log with paths has the file's history.",
  annotations: READ_ONLY,
  input: z.strictObject({
    repo_path: repoPath,
    path: z.string().describe("File in the work tree."),
    revision: z.string().min(1).default("HEAD").describe("Branch, tag or commit."),
    start_line: z.int().min(1).default(1).describe("First line."),
    end_line: z.int().min(1).optional().describe("Last line. Default as many as fit."),
  }),
  async run({ repo_path, path, revision, start_line, end_line }, { repositories }: Git, { signal, maxOutput }) {
    const repository = await repositories.open(repo_path, signal);
    const id = await commitOf(repository, revision, signal);
    const name = pathIn(repository, path);
    const { lines: total } = await textFileAt(
      repository,
      { tree: `${id}^{tree}`, path: name, words: quote(revision) },
      signal,
    );
    const header = await repository.header(signal);
    const place = `${shortPath(name)} in ${id.slice(0, 12)}`;
    if (total === 0) return `${place} is empty, ${header}`;
    if (start_line > total || (end_line ?? start_line) < start_line) {
      throw new ToolError(
        "invalid_input",
        `${quote(path)} has ${counted(total, "line")}: pass a start_line of at most ${total}, and an end_line not before it.`,
      );
    }
    const last = Math.min(end_line ?? total, total, start_line + MOST - 1);
    const boundary = await boundaryOf(repository);
    const args = [...BLAME, "-L", `${start_line},${last}`, id];
    const pieces = repository.chunks(args, { signal, paths: [name] });
    try {
      const page = await pageOf(readBlame(readerOf(pieces)), name, boundary, maxOutput - BESIDE);
      const end = page.end ?? start_line;
      const facts = [
        `${place}, lines ${start_line} to ${end} of ${total}`,
        ...(end < Math.min(end_line ?? total, total) ? [`next start_line: ${end + 1}`] : []),
        header,
        ...(page.isCut ? [`for lines marked ^ the origin is unknown: ${boundaryNote(boundary)}`] : []),
      ];
      return [fence(page.text), facts.join(", ")];
    } catch (error) {
      // blame.ignoreRevsFile is the one setting that takes effect before ours can override it.
      if (signal.aborted || repository.config("blame.ignorerevsfile") === undefined) throw error;
      throw new ToolError(
        "unsupported",
        "git cannot read the file that this repository's blame.ignoreRevsFile names. Ask the user to mend or unset it.",
      );
    } finally {
      await pieces.return();
    }
  },
});

/** As many lines as fit, after the commits that they refer to. */
async function pageOf(blamed: AsyncIterable<BlamedLine>, path: Buffer, boundary: Boundary, room: number) {
  const commits = new Map<string, string>();
  const lines: string[] = [];
  let left = room;
  let end: number | undefined;
  let isCut = false;
  for await (const { number, origin, bytes, length } of blamed) {
    const isEnd = boundary.commits.has(origin.id);
    const name = `${isEnd ? "^" : ""}${origin.id.slice(0, ID)}`;
    const line = `${number} ${name} ${shorten(bytes, length)}\n`;
    const key = `${origin.id} ${origin.path.toString("latin1")}`;
    const commit = commits.has(key) ? "" : `${name} ${commitLine(origin, path, isEnd)}\n`;
    left -= line.length + commit.length;
    if (left < 0 && end !== undefined) break;
    if (commit !== "") commits.set(key, commit);
    lines.push(line);
    isCut ||= isEnd;
    end = number;
  }
  return { text: `${[...commits.values()].join("")}\n${lines.join("")}`, end, isCut };
}

/** At the boundary, the commit's author may not have written the line. */
function commitLine(origin: Origin, path: Buffer, isEnd: boolean): string {
  if (isEnd) return "or older: history ends here";
  const renamed = origin.path.equals(path) ? "" : ` (as ${shortPath(origin.path)})`;
  return `${dayOf(origin)} ${oneLine(origin.author).slice(0, 100)}: ${oneLine(origin.summary).slice(0, 200)}${renamed}`;
}
