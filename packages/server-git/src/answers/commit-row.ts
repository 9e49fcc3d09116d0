import * as z from "zod";
import { type Boundary, boundaryNote } from "../history/boundary.ts";
import { totalsOf, totalsText } from "../history/diff/stat.ts";
import type { Entry } from "../history/log/log.ts";
import { coAuthorsOf } from "../history/log/trailers.ts";
import type { FileChange, Signature } from "../history/types.ts";
import { showPath } from "../text/paths.ts";
import { oneLine, visible } from "../text/visible.ts";

const FileRow = z.object({
  status: z.string().describe("A added, C copied, D deleted, M modified, R renamed, T type changed."),
  path: z.string(),
  from: z.string().optional().describe("The path before a rename."),
  added: z.int().optional().describe("Lines; absent for binary files."),
  removed: z.int().optional(),
});

export const CommitRow = z.object({
  id: z.string(),
  parents: z.array(z.string()).describe("More than one for a merge."),
  author: z.string().describe("Name <email>"),
  date: z.string().describe("When it was written, in the author's time zone."),
  committer: z.string().optional().describe("If someone else committed it."),
  committed: z.string().optional().describe("If committed at another time."),
  refs: z.array(z.string()).optional().describe("Branches and tags that point to it."),
  subject: z.string(),
  body: z.string().optional(),
  trailers: z.array(z.object({ key: z.string(), value: z.string() })).optional(),
  co_authors: z.array(z.string()).optional(),
  encoding: z.string().optional().describe("Of the message, if not UTF-8."),
  history_ends: z.boolean().optional().describe("Its parents are missing here, so its changes are unknown."),
  changed: z.string().optional().describe("Number of files and lines."),
  files: z.array(FileRow).optional(),
  more_files: z.int().optional().describe("Unlisted files; git_show lists all."),
});
export type CommitRow = z.infer<typeof CommitRow>;

/** At most this many files are listed per commit. */
const MOST_FILES = 30;

/**
 * A commit as it appears in an answer.
 * @param most limit in characters for each of the four unbounded parts, and for the body
 * @param mostBody limit for the body when it is to be more than an excerpt
 */
export function rowOf({ files, ...commit }: Entry, boundary: Boundary, most: number, mostBody?: number): CommitRow {
  const { id, parents, author, committer, encoding, refs, subject, body, trailers } = commit;
  const share = Math.floor(most);
  const coAuthors = within(coAuthorsOf(trailers).map(personText), share / 2);
  const listed = within(
    trailers.map(({ key, value }) => ({ key, value: shortened(oneLine(value), 300) })),
    share,
  );
  const names = within(refs.map(shortRef), share / 2);
  const [writer, by] = [personText(author), personText(committer)];
  const isEnd = boundary.commits.has(id);
  return {
    id,
    parents: within(parents, share),
    author: writer,
    date: author.date,
    ...(by !== writer && { committer: by }),
    ...(committer.date !== author.date && { committed: committer.date }),
    ...(names.length > 0 && { refs: names }),
    subject: shortened(oneLine(subject), share),
    ...(body !== "" && { body: shortened(visible(body), mostBody ?? share, mostBody ? "" : "; git_show has more") }),
    ...(listed.length > 0 && { trailers: listed }),
    ...(coAuthors.length > 0 && { co_authors: coAuthors }),
    ...(encoding !== undefined && { encoding: oneLine(encoding).slice(0, 60) }),
    ...(isEnd && { history_ends: true }),
    // The boundary has no parent here to compare with, so all its files would look new.
    ...(files && !isEnd && filesOf(files, share)),
  };
}

function filesOf(files: readonly FileChange[], share: number) {
  const listed = within(files.slice(0, MOST_FILES).map(fileRow), share);
  return {
    changed: totalsText(totalsOf(files)),
    files: listed,
    ...(files.length > listed.length && { more_files: files.length - listed.length }),
  };
}

const fileRow = ({ status, path, from, added, removed }: FileChange) => ({
  status,
  path: showPath(path),
  ...(from && { from: showPath(from) }),
  ...(added !== undefined && { added, removed }),
});

/** The longest run of items from the start that fits in this many characters. */
function within<T>(items: readonly T[], most: number): T[] {
  let left = most;
  const end = items.findIndex((item) => {
    left -= JSON.stringify(item).length;
    return left < 0;
  });
  return items.slice(0, end === -1 ? items.length : end);
}

const personText = ({ name, email }: Pick<Signature, "name" | "email">) =>
  oneLine(email === "" ? name : `${name} <${email}>`).slice(0, 300);

const shortRef = (name: string) =>
  oneLine(name.replace(/^refs\/tags\//, "tag ").replace(/^refs\/(?:heads|remotes)\//, ""));

const shortened = (text: string, most: number, hint = "") =>
  text.length <= most ? text : `${text.slice(0, most)}… (${text.length - most} more characters${hint})`;

/** A commit as text for people. */
export function commitText(row: CommitRow): string {
  const { id, refs = [], parents, author, date, committer, committed, subject, body, trailers = [], files = [] } = row;
  const head = [`commit ${id}${refs.length > 0 ? ` (${refs.join(", ")})` : ""}`];
  if (parents.length > 1) head.push(`merge of ${parents.map((one) => one.slice(0, 12)).join(" ")}`);
  head.push(`${author}, ${date}`);
  if (committer !== undefined || committed !== undefined)
    head.push(`committed${committer ? ` by ${committer}` : ""}, ${committed ?? date}`);
  if (row.encoding !== undefined) head.push(`message in ${row.encoding}`);
  if (row.history_ends) head.push(`history ends here: its parents are not in this repository`);
  const text = [subject, ...(body === undefined ? [] : ["", body])].map((line) => line.replace(/^(?=.)/gm, "    "));
  if (trailers.length > 0) text.push("", ...trailers.map(({ key, value }) => `    ${key}: ${value}`));
  const changed = files.map(({ status, path, from, added, removed }) => {
    const lines = added === undefined ? "binary" : `+${added} -${removed}`;
    return `${status} ${from === undefined ? "" : `${from} => `}${path} ${lines}`;
  });
  const more = row.more_files === undefined ? [] : [`and ${row.more_files} more`];
  return [...head, "", ...text, ...(row.changed === undefined ? [] : ["", row.changed, ...changed, ...more])].join(
    "\n",
  );
}

/** The note for an answer that reached the end of the history stored here. */
export const endsAt = (rows: readonly CommitRow[], boundary: Boundary): string | undefined =>
  rows.some(({ history_ends }) => history_ends) ? boundaryNote(boundary) : undefined;
