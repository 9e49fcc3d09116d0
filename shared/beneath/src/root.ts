import { BeneathError, type Side, translate } from "./errors.ts";
import { type Anchor, openAnchor } from "./lookup/anchor.ts";
import { allClosed } from "./lookup/calls.ts";
import { folderOf } from "./lookup/folder.ts";
import { relativePath } from "./lookup/names.ts";
import { copy } from "./moving/copy.ts";
import { move } from "./moving/move.ts";
import { rememberOpened, withDestination } from "./moving/transfer.ts";
import { openFile, readFile } from "./reading/read.ts";
import { stat } from "./reading/stat.ts";
import { list, walk } from "./reading/walk.ts";
import { startScan } from "./scan/start.ts";
import type { Protection, RootOptions } from "./types/options.ts";
import type { Root } from "./types/root.ts";
import { watch } from "./watch/watch.ts";
import { makeDirectory } from "./writing/make-directory.ts";
import { remove } from "./writing/remove.ts";
import { sweepTemporaries } from "./writing/sweep.ts";
import { mayWrite } from "./writing/writable.ts";
import { writeFile } from "./writing/write.ts";

/*
 * How this package works, from here downwards:
 *
 * - lookup/ turns a path into something that is held. `anchor.ts` holds the folder itself, and `folder.ts` opens it anew
 *   when another directory takes its place. `resolve.ts` finds a path in one system call where no link is on the way;
 *   otherwise `follow.ts` walks name by name and judges every link. Both answer a `Pin` (an entry) or a `Directory`:
 *   by handle (`handles.ts`), or by paths that are checked again and again (`checked.ts`).
 * - reading/, writing/ and moving/ do the work through those two types and never resolve a path themselves. What
 *   `moving/` copies to another file system it removes only when nothing has changed since.
 * - scan/ does the reading again with synchronous calls, for threads; watch/ reports changes.
 * - Errors are thrown without paths (`refusal`, or the system's own), and get the caller's path here (`translate`).
 */

/**
 * Opens a folder.
 * @throws BeneathError "not_found" | "not_a_directory" | "no_permission" | "name"
 */
export const openRoot = (dir: string, options: RootOptions = {}): Promise<Root> =>
  openRootWith(dir, options, undefined);

/** The protection can be forced, to test the weaker one where the stronger one works. */
export async function openRootWith(
  dir: string,
  { readOnly = false, followLinks = "inside", judge }: RootOptions,
  protection: Protection | undefined,
): Promise<Root> {
  let anchor: Anchor;
  try {
    anchor = await openAnchor(dir, { followLinks, judge, protection });
  } catch (error) {
    throw translate(error, dir);
  }
  return rootOf(anchor, readOnly);
}

type Operation<T> = (anchor: Anchor, relative: string) => Promise<T>;

function rootOf(anchor: Anchor, readOnly: boolean): Root {
  const { path: real, bases, protection } = anchor;
  const folder = folderOf(anchor);
  const normal = (path: string) => relativePath(path, bases, process.platform);

  /** Runs an operation on a path. Every failure names the path as the caller gave it. */
  async function run<T>(path: string, operation: Operation<T>, side?: Side): Promise<T> {
    try {
      return await folder.using((anchor) => operation(anchor, normal(path)));
    } catch (error) {
      throw translate(error, path, side);
    }
  }

  async function change<T>(path: string, operation: Operation<T>, side?: Side): Promise<T> {
    if (readOnly) throw new BeneathError("read_only", path, undefined, side);
    return run(path, operation, side);
  }

  async function* each<T>(path: string, entries: (relative: string) => AsyncIterable<T>): AsyncGenerator<T> {
    try {
      yield* entries(normal(path));
    } catch (error) {
      throw translate(error, path);
    }
  }

  const relative = (path: string) => {
    try {
      return normal(path);
    } catch (error) {
      throw translate(error, path);
    }
  };

  const root: Root = {
    path: real,
    readOnly,
    protection,
    relative,
    stat: (path) => run(path, stat),
    open: (path) => run(path, (anchor, relative) => openFile(anchor, relative, path)),
    read: (path, options = {}) => run(path, (anchor, relative) => readFile(anchor, relative, options)),
    list: (path, options = {}) => each(path, (relative) => list(folder, relative, options)),
    walk: (path, options = {}) => each(path, (relative) => walk(folder, relative, options)),
    scan: (path) => run(path, startScan),
    writable: async (path) => !readOnly && (await run(path, mayWrite)),
    write: (path, data, options = {}) =>
      change(path, (anchor, relative) => writeFile(anchor, relative, data, options, path)),
    makeDirectory: (path, options = {}) => change(path, (anchor, relative) => makeDirectory(anchor, relative, options)),
    rename: (from, to, { into = root, signal } = {}) =>
      change(
        from,
        (anchor, source) => withDestination(into, to, (target) => move(anchor, source, target, signal)),
        "source",
      ),
    copy: (from, to, { into = root, signal } = {}) =>
      run(
        from,
        (anchor, source) => withDestination(into, to, (target) => copy(anchor, source, target, signal)),
        "source",
      ),
    remove: (path, options = {}) => change(path, (anchor, relative) => remove(anchor, relative, options)),
    sweepTemporaries: (path, options) =>
      change(path, (anchor, relative) => sweepTemporaries(anchor, relative, options)),
    watch: (changed, options = {}) =>
      folder.keep(
        (anchor, left) => watch(anchor, { changed, left }, options),
        () => changed(undefined),
      ),
    async close() {
      folder.close();
      await allClosed();
    },
  };
  rememberOpened(root, { using: folder.using, readOnly, normal });
  return root;
}
