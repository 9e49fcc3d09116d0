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
 * Synchronous reads of a git directory. Each call makes about fifty before git starts. One takes 10 µs here; through
 * the thread pool of a busy machine, they would take longer than git itself.
 */

/** Limit in bytes for synchronous reads; a larger file would block too long. */
const AT_ONCE = 1 << 20;

/**
 * Reads a file of a git directory; undefined if it does not exist, is larger than `most`, or is not a file. Opened with
 * O_NONBLOCK, since a named pipe in place of HEAD would block this process forever.
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

/** What a path leads to; undefined if that does not exist or is not accessible. */
export const statOf = (path: string): Stats | undefined => statedBy(statSync, path);

/** The same, without following a symlink. */
export const linkStatOf = (path: string): Stats | undefined => statedBy(lstatSync, path);

function statedBy(stat: typeof statSync, path: string): Stats | undefined {
  try {
    return stat(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** A file's time, size and inode as one string, which changes with each edit; empty if there is no file. */
export function versionOf(path: string): string {
  const { mtimeMs, size, ino } = statOf(path) ?? {};
  return mtimeMs === undefined ? "" : `${mtimeMs} ${size} ${ino}`;
}

/** The entries of a folder; none if it does not exist. */
export const entriesIn = (folder: string): Dirent[] =>
  orNone(folder, () => readdirSync(folder, { withFileTypes: true })) ?? [];

/** A path with symlinks resolved; undefined if it leads to nothing. */
export const realOf = (path: string): string | undefined => orNone(path, () => realpathSync.native(path));

/** Most of these files do not exist, and an exception for each would cost ten times as much as this check. */
function orNone<T>(path: string, look: () => T): T | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return look();
  } catch {
    return undefined;
  }
}
