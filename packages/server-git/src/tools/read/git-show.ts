import { defineTool, fromCursor, quote, READ_ONLY, ToolError, toCursor } from "@org/server-kit";
import * as z from "zod";
import { commitText, rowOf } from "../../answers/commit-row.ts";
import { DIFF_BESIDE, diffBody, diffFacts } from "../../answers/diff-text.ts";
import type { Git } from "../../context.ts";
import { boundaryNote, boundaryOf } from "../../history/boundary.ts";
import { comparing, type DiffOptions, DiffPlace, readDiff } from "../../history/diff/compare.ts";
import { sizesOf } from "../../history/files/tree.ts";
import { COMMITS, readCommit } from "../../history/log/commit.ts";
import { aboutPatterns, pathsIn } from "../../history/paths.ts";
import { commitOf } from "../../history/range.ts";
import { readerOf } from "../../history/reader.ts";
import { parseTag } from "../../history/tag.ts";
import type { Repository } from "../../repositories/types.ts";
import { fence } from "../../text/fence.ts";
import { oneLine, visible } from "../../text/visible.ts";
import { cursorInput, ObjectId, pathsInput, repoPath, statOnlyInput } from "../fields.ts";

/** Lines around a change. */
const CONTEXT = 3;
/** Characters shown of a tag's message. */
const MOST_TAG = 1_000;
const Place = DiffPlace.extend({ id: ObjectId });

export const gitShow = defineTool({
  name: "git_show",
  title: "Show a commit",
  description:
    "Returns a commit or tag: message, list of all changed files, then the diff in pages (a merge: against its first parent). " +
    "Use git_diff for two revisions.",
  annotations: READ_ONLY,
  input: z.strictObject({
    repo_path: repoPath,
    revision: z.string().min(1).default("HEAD").describe("Branch, tag or commit."),
    paths: pathsInput,
    stat_only: statOnlyInput,
    cursor: cursorInput,
  }),
  async run({ repo_path, cursor, ...question }, { repositories }: Git, { signal, maxOutput }) {
    const repository = await repositories.open(repo_path, signal);
    const { revision, paths, stat_only } = question;
    const asked = { ...question, repo: repository.workTree };
    const place = fromCursor(cursor, Place, asked);
    const { id, tag } = place ? { id: place.id, tag: "" } : await named(repository, revision, signal);
    const boundary = await boundaryOf(repository);
    const isEnd = boundary.commits.has(id);
    const options = { contextLines: CONTEXT, isStatOnly: stat_only };
    // The parents of a boundary commit are not here, so its whole content would look new.
    const form = isEnd ? ["--no-patch"] : [...comparing(options), "--diff-merges=first-parent"];
    const args = ["show", ...COMMITS, "--sparse", ...form, id];
    const pieces = repository.chunks(args, { signal, paths: pathsIn(repository, paths) });
    try {
      const reader = readerOf(pieces);
      const commit = await readCommit(reader);
      if (!commit) throw new ToolError("not_found", `${quote(revision)} is not a commit.`);
      const row = place
        ? ""
        : `${tag}${commitText(rowOf(commit, boundary, maxOutput / 20, Math.floor(maxOutput / 4)))}\n\n`;
      const rest: DiffOptions = {
        ...options,
        place,
        room: maxOutput - DIFF_BESIDE - row.length,
      };
      const header = await repository.header(signal);
      if (isEnd) {
        const unknown = `what it changed is unknown: ${boundaryNote(boundary)}`;
        return [fence(row), [header, `commit ${id}`, unknown].join(", ")];
      }
      const page = await readDiff(reader, rest, (ids) => sizesOf(repository, ids, signal));
      const next = page.next && toCursor({ ...page.next, id }, asked);
      const merge = commit.parents.length > 1 ? ["compared with its first parent"] : [];
      const stashed = await stashedFiles(repository, commit.parents, signal);
      const body = diffBody(page);
      const facts = [header, `commit ${id}`, ...merge, ...diffFacts(page, next), ...stashed].join(", ");
      return [fence(row + body), [facts, ...(body === "" ? aboutPatterns(paths) : [])].join("; ")];
    } finally {
      await pieces.return();
    }
  },
});

/** The commit that a revision names, and the message of an annotated tag. */
async function named(repository: Repository, revision: string, signal: AbortSignal) {
  const object = revision === "HEAD" ? undefined : repository.resolve(revision, signal, "object");
  const [id, other] = await Promise.all([commitOf(repository, revision, signal), object]);
  return { id, tag: other === undefined || other === id ? "" : await tagText(repository, other, signal) };
}

/** Git keeps the new files of a stash in a third parent, a commit without parents, which no comparison shows. */
async function stashedFiles(repository: Repository, [, , third]: readonly string[], signal: AbortSignal) {
  if (third === undefined || (await repository.find(`${third}^`, signal)) !== undefined) return [];
  return [`if it is a stash, its new files are in ${third}: git_show that commit`];
}

async function tagText(repository: Repository, id: string, signal: AbortSignal): Promise<string> {
  const { name, tagger, message } = parseTag(await repository.git(["cat-file", "tag", id], { signal }));
  const text = visible(message)
    .slice(0, MOST_TAG)
    .replace(/^(?=.)/gm, "    ");
  return `tag ${oneLine(name)}\n${oneLine(tagger)}\n\n${text}\n\n`;
}
