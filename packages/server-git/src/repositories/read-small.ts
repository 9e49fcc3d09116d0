import {
  closeSync,
  constants,
  type Dirent,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFile,
  readFileSync,
  realpathSync,
  type Stats,
  statSync,
} from "node:fs";
import { promisify } from "node:util";

/*
 * Looks at a git directory, in this thread. Each call takes some fifty of them before git starts: one is 10 µs here, and
 * through the pool of threads, on a busy machine, they take longer than git itself.
 */

/** Bytes that are read in this thread; more could be waited for. */
const AT_ONCE = 1 << 20;

/**
 * A file of a git directory; undefined where there is none, it is larger than `most`, or is no file. Opened without waiting: a
 * named pipe in the place of HEAD would hold this process for ever.
 */
export async function readSmall(path: string, most = AT_ONCE): Promise<Buffer | undefined> {
  const file = orNone(path, () => openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)));
  if (file === undefined) return undefined;
  try {
    const stats = fstatSync(file);
    if (!stats.isFile() || stats.size > most) return undefined;
    return stats.size > AT_ONCE ? await promisify(readFile)(file) : readFileSync(file);
  } finally {
    closeSync(file);
  }
}

/** The same as text. */
export const readText = async (path: string, most?: number): Promise<string | undefined> =>
  (await readSmall(path, most))?.toString("utf8");

/** What a path leads to; undefined where that is nothing, or cannot be looked at. */
export const statOf = (path: string): Stats | undefined => statedBy(statSync, path);

/** The same of a symlink itself. */
export const linkStatOf = (path: string): Stats | undefined => statedBy(lstatSync, path);

function statedBy(stat: typeof statSync, path: string): Stats | undefined {
  try {
    return stat(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** A file's time, size and inode as one string, which differs after each change; empty where there is no file. */
export function versionOf(path: string): string {
  const { mtimeMs, size, ino } = statOf(path) ?? {};
  return mtimeMs === undefined ? "" : `${mtimeMs} ${size} ${ino}`;
}

/** The entries of a folder; none where there is no such folder. */
export const entriesIn = (folder: string): Dirent[] =>
  orNone(folder, () => readdirSync(folder, { withFileTypes: true })) ?? [];

/** A path without symlinks; undefined where it leads to nothing. */
export const realOf = (path: string): string | undefined => orNone(path, () => realpathSync.native(path));

/** Most of these files are absent, and an exception for each would cost ten times as much as the check. */
function orNone<T>(path: string, look: () => T): T | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return look();
  } catch {
    return undefined;
  }
}
