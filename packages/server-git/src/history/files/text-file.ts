import { quote, ToolError } from "@org/server-kit";
import type { Repository } from "../../repositories/types.ts";
import { quotedPath } from "../../text/paths.ts";
import { pathIn } from "../paths.ts";
import { commitOf } from "../range.ts";
import { blobAt, entryAt, stagedAt, type TreeEntry } from "./tree.ts";

/** Like git, looks for a NUL in this many bytes at the start of a file. */
const LOOKED_AT = 8_000;

/** A file at a revision, or in the index. */
export interface FilePlace {
  readonly path: Buffer;
  /** The revision, in words for the answer. */
  readonly words: string;
  /** The id of a tree or its commit; or else the stage in the index. */
  readonly tree?: string;
  readonly stage?: number;
}

const STAGES = new Map([
  [":0", "the index"],
  [":1", "the base of the conflict"],
  [":2", "ours in the conflict"],
  [":3", "theirs in the conflict"],
]);

/** Resolves a client's path and revision: `:0` is the index, `:1` to `:3` are the sides of a conflict. */
export async function filePlaceOf(
  repository: Repository,
  path: string,
  revision: string,
  signal: AbortSignal,
): Promise<FilePlace> {
  const name = pathIn(repository, path);
  const stage = STAGES.get(revision);
  if (stage !== undefined) return { path: name, words: stage, stage: Number(revision.slice(1)) };
  if (revision === "HEAD") return { path: name, words: revision, tree: await commitOf(repository, revision, signal) };
  return { path: name, words: quote(revision), tree: await repository.resolve(revision, signal, "tree") };
}

/** The entry at a place. @throws ToolError not_found, with what to do */
export async function fileAt(
  repository: Repository,
  { path, words, tree, stage }: FilePlace,
  signal: AbortSignal,
): Promise<TreeEntry> {
  const entry =
    tree === undefined
      ? await stagedAt(repository, stage ?? 0, path, signal)
      : await entryAt(repository, tree, path, signal);
  if (entry) return entry;
  if (tree === undefined && stage === 0 && (await stagedAt(repository, undefined, path, signal))) {
    throw new ToolError(
      "not_found",
      `${quotedPath(path)} is in conflict. Pass revision :1 for the base, :2 for ours, :3 for theirs.`,
    );
  }
  throw new ToolError(
    "not_found",
    `${quotedPath(path)} is not in ${words}. git_read_file on its folder lists what is there, git_status what is not ` +
      "committed, and git_log with this path the commits that had it.",
  );
}

/** The content of a file. */
export const contentOf = (repository: Repository, id: string, signal: AbortSignal): Promise<Buffer> =>
  repository.git(["cat-file", "blob", id], { signal });

/** The same test as git's. It is also true for UTF-16 text, which `encodingOf` in part.ts detects. */
export const isBinary = (content: Buffer): boolean => content.subarray(0, LOOKED_AT).includes(0);

/** @throws ToolError unsupported for anything that is not a text file */
export async function textFileAt(
  repository: Repository,
  place: FilePlace,
  signal: AbortSignal,
): Promise<{ readonly content: Buffer; readonly lines: number }> {
  const name = quotedPath(place.path);
  const known = place.tree && (await blobAt(repository, place.tree, place.path, signal));
  const { mode, id } = known ? { mode: "100644", id: known } : await fileAt(repository, place, signal);
  if (mode === "040000")
    throw new ToolError("invalid_input", `${name} is a folder. Pass a file in it; git_read_file lists them.`);
  if (mode === "160000")
    throw new ToolError("unsupported", `${name} is a submodule: pass its own work tree as repo_path.`);
  const content = await contentOf(repository, id, signal);
  if (isBinary(content))
    throw new ToolError("unsupported", `${name} is binary: it has no lines. git_log with this path lists its commits.`);
  return { content, lines: countLines(content) };
}

export function countLines(content: Buffer): number {
  let lines = content.length > 0 && content.at(-1) !== 10 ? 1 : 0;
  for (let at = content.indexOf(10); at !== -1; at = content.indexOf(10, at + 1)) lines += 1;
  return lines;
}
