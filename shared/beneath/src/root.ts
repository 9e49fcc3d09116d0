import { type Anchor, openAnchor } from "./anchor.ts";
import { allClosed } from "./calls.ts";
import { copy } from "./copy.ts";
import { BeneathError, translate } from "./errors.ts";
import { folderOf } from "./folder.ts";
import { makeDirectory } from "./make-directory.ts";
import { move } from "./move.ts";
import { relativePath } from "./names.ts";
import { openFile, readFile } from "./read.ts";
import { remove } from "./remove.ts";
import { type Scan, startScan } from "./scan.ts";
import { stat } from "./stat.ts";
import { sweepTemporaries } from "./sweep.ts";
import { rememberSide, withDestination } from "./transfer.ts";
import type {
  Entry,
  Judge,
  ListOptions,
  MakeDirectoryOptions,
  OpenFile,
  Protection,
  ReadOptions,
  RemoveOptions,
  Stat,
  SweepOptions,
  TransferOptions,
  WalkEntry,
  WalkOptions,
  WatchOptions,
  WriteOptions,
} from "./types.ts";
import { list, walk } from "./walk.ts";
import { watch } from "./watch.ts";
import { writeFile } from "./write.ts";

export interface RootOptions {
  /** Refuses everything that writes. */
  readonly readOnly?: boolean;
  /** Whether symbolic links are followed that lead inside (the default), or none. */
  readonly followLinks?: "inside" | "never";
  /** Asked, before anything is used, about the path that is really used. Denied entries are not listed or told. */
  readonly judge?: Judge | undefined;
}

/**
 * A folder that no path, link or race leads out of. Paths are relative to it, with "/" between names, "" for the
 * folder itself; absolute paths inside it are accepted too. Every method throws BeneathError for what is refused
 * or fails, and the signal's reason when it is aborted.
 */
export interface Root {
  /** The real path when it was opened: for the operator's eyes, not for an error text. */
  readonly path: string;
  readonly readOnly: boolean;
  readonly protection: Protection;
  /** The path, relative and normal, by its text alone. @throws BeneathError "outside" | "name" */
  relative(path: string): string;
  /** Describes the entry itself, also when it is a link. */
  stat(path: string): Promise<Stat>;
  /** Opens a regular file. Anything else is refused without being opened. */
  open(path: string): Promise<OpenFile>;
  /** A regular file's content. `stat` is never newer than the bytes. */
  read(path: string, options?: ReadOptions): Promise<{ readonly bytes: Buffer; readonly stat: Stat }>;
  /** The entries of one directory, streamed in the system's order, without unfinished writes. */
  list(path: string, options?: ListOptions): AsyncIterable<Entry>;
  /** Every entry below a directory, parents first, links not followed. An unreadable directory is told, not thrown. */
  walk(path: string, options?: WalkOptions): AsyncIterable<WalkEntry>;
  /**
   * Holds a directory, or a regular file, for a thread of this process that reads it with `openScanner`: some ten
   * times as fast as `walk` and `read`.
   */
  scan(path: string): Promise<Scan>;
  /** Replaces or creates a file at once, and keeps the mode of one that it replaces. */
  write(path: string, data: Uint8Array | string, options?: WriteOptions): Promise<Stat>;
  makeDirectory(path: string, options?: MakeDirectoryOptions): Promise<void>;
  /** Moves a file, directory or link to a free path. Nothing is overwritten, also in a race. */
  rename(from: string, to: string, options?: TransferOptions): Promise<void>;
  /** Copies a file or a tree to a free path, where it appears whole. Nothing is overwritten, also in a race. */
  copy(from: string, to: string, options?: TransferOptions): Promise<void>;
  /** Removes a file, a link or an empty directory; with `recursive`, a directory with all that is in it. */
  remove(path: string, options?: RemoveOptions): Promise<void>;
  /**
   * Removes the files below a directory that crashes left of unfinished writes and moves. What cannot be removed or
   * entered stays. @returns how many were removed
   */
  sweepTemporaries(path: string, options: SweepOptions): Promise<number>;
  /**
   * Calls `changed` with the path of what anybody changed, or with undefined when it may be anything. Returns
   * what ends it. It does not keep the process alive.
   */
  watch(changed: (path: string | undefined) => void, options?: WatchOptions): () => void;
  /** Ends watches and refuses new calls; the handle is closed when running ones are done. */
  close(): Promise<void>;
}

/**
 * Opens a folder.
 * @throws BeneathError "not_found" | "not_a_directory" | "no_permission" | "name"
 */
export const openRoot = (dir: string, options: RootOptions = {}): Promise<Root> =>
  openRootWith(dir, options, undefined);

/** With the protection forced, so that the weaker one is tested where the stronger one works. */
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

  /** Runs an operation on a path; whatever fails is told with the path as the caller gave it. */
  async function run<T>(path: string, operation: Operation<T>): Promise<T> {
    try {
      return await folder.using((anchor) => operation(anchor, normal(path)));
    } catch (error) {
      throw translate(error, path);
    }
  }

  async function change<T>(path: string, operation: Operation<T>): Promise<T> {
    if (readOnly) throw new BeneathError("read_only", path);
    return run(path, operation);
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
    stat: (path) => run(path, (anchor, relative) => stat(anchor, relative)),
    open: (path) => run(path, (anchor, relative) => openFile(anchor, relative, path)),
    read: (path, options = {}) => run(path, (anchor, relative) => readFile(anchor, relative, options)),
    list: (path, options = {}) => each(path, (relative) => list(folder, relative, options)),
    walk: (path, options = {}) => each(path, (relative) => walk(folder, relative, options)),
    scan: (path) => run(path, (anchor, relative) => startScan(anchor, relative)),
    write: (path, data, options = {}) =>
      change(path, (anchor, relative) => writeFile(anchor, relative, data, options, path)),
    makeDirectory: (path, options = {}) => change(path, (anchor, relative) => makeDirectory(anchor, relative, options)),
    rename: (from, to, { into = root, signal } = {}) =>
      change(from, (anchor, source) => withDestination(into, to, (target) => move(anchor, source, target, signal))),
    copy: (from, to, { into = root, signal } = {}) =>
      run(from, (anchor, source) => withDestination(into, to, (target) => copy(anchor, source, target, signal))),
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
  rememberSide(root, { using: folder.using, readOnly, relative });
  return root;
}
