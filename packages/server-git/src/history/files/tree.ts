import { isUtf8 } from "node:buffer";
import type { RunOptions } from "../../git/types.ts";
import type { Repository } from "../../repositories/types.ts";
import { readerOf } from "../reader.ts";

/** An entry of a tree or of the index. */
export interface TreeEntry {
  /** `100644`, `100755`, `120000` for a symbolic link, `040000` for a folder, `160000` for a submodule. */
  readonly mode: string;
  readonly id: string;
  /** The name in its folder or the whole path, depending on the request. */
  readonly name: Buffer;
  /** A file's size in bytes. */
  readonly size?: number;
}

/** BAD is the size of a file that is missing from a partial clone. */
const LINE = /^(\d{6}) \w+ ([0-9a-f]{40,64}) +(\d+|-|BAD)\t/;

/** The entries of one folder, in git's order. */
export async function* entriesOf(
  repository: Repository,
  tree: string,
  signal: AbortSignal,
): AsyncGenerator<TreeEntry, void, undefined> {
  yield* listed(repository, tree, { signal });
}

/** The entry at a path in a tree; undefined if there is none, and the tree itself for `.`. */
export async function entryAt(
  repository: Repository,
  tree: string,
  path: Buffer,
  signal: AbortSignal,
): Promise<TreeEntry | undefined> {
  if (path.toString() === ".") return { mode: "040000", id: tree, name: path };
  for await (const entry of listed(repository, tree, { signal, paths: [path] })) {
    if (entry.name.equals(path)) return entry;
  }
  return undefined;
}

/** The id of a file's or symlink's content; undefined for anything else. */
export async function blobAt(
  repository: Repository,
  tree: string,
  path: Buffer,
  signal: AbortSignal,
): Promise<string | undefined> {
  const isLine = isUtf8(path) && !/[\r\n]/.test(path.toString());
  if (isLine) {
    const found = await repository.find(`${tree}:${path}`, signal);
    return found?.type === "blob" ? found.id : undefined;
  }
  const { mode, id } = (await entryAt(repository, tree, path, signal)) ?? {};
  return mode?.startsWith("1") && mode !== "160000" ? id : undefined;
}

async function* listed(
  repository: Repository,
  tree: string,
  options: RunOptions,
): AsyncGenerator<TreeEntry, void, undefined> {
  for await (const record of repository.records(["ls-tree", "--full-tree", "-z", "-l", tree], options)) {
    const [head = "", mode = "", id = "", size = "-"] = LINE.exec(record.toString("latin1")) ?? [];
    if (head !== "")
      yield {
        mode,
        id,
        name: Buffer.from(record.subarray(head.length)),
        ...(/^\d/.test(size) && { size: Number(size) }),
      };
  }
}

const STAGED = /^(\d{6}) ([0-9a-f]{40,64}) (\d)\t/;

/** The index entry at a path: stage 0, or in a conflict 1 for the base, 2 for ours, 3 for theirs; by default any stage. */
export async function stagedAt(
  repository: Repository,
  stage: number | undefined,
  path: Buffer,
  signal: AbortSignal,
): Promise<TreeEntry | undefined> {
  for await (const record of repository.records(["ls-files", "--stage", "-z"], { signal, paths: [path] })) {
    const [head = "", mode = "", id = "", found] = STAGED.exec(record.toString("latin1")) ?? [];
    if ((stage === undefined || found === String(stage)) && record.subarray(head.length).equals(path))
      return { mode, id, name: path };
  }
  return undefined;
}

/** Sizes of the objects that are present; others are left out. */
export async function sizesOf(
  repository: Repository,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  if (ids.length === 0) return sizes;
  const pieces = repository.chunks(["cat-file", "--batch-check=%(objectname) %(objectsize)"], {
    signal,
    input: `${ids.join("\n")}\n`,
  });
  const reader = readerOf(pieces);
  for (let line = await reader.line(200); line; line = await reader.line(200)) {
    const [id = "", size = ""] = line.bytes.toString("latin1").split(" ");
    if (/^\d+$/.test(size)) sizes.set(id, Number(size));
  }
  return sizes;
}
