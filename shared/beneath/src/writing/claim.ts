import { constants } from "node:fs";
import { link, mkdir, rename, rmdir, unlink } from "node:fs/promises";
import { errnoOf, refusal } from "../errors.ts";
import { close, NOFOLLOW, open } from "../lookup/calls.ts";
import type { Directory } from "../lookup/directory.ts";

/** Errors of link(2) on file systems without hard links, and for files that the system does not allow to be linked. */
export const UNLINKABLE: ReadonlySet<string> = new Set([
  "EPERM",
  "EACCES",
  "ENOTSUP",
  "EOPNOTSUPP",
  "ENOSYS",
  "EMLINK",
]);

/**
 * Gives a finished file its name if that is free, even if others want it at the same time. @returns false when it is
 * taken; the temporary file then remains
 */
export async function claim(directory: Directory, temporary: string, name: string): Promise<boolean> {
  const [from, to] = [directory.at(temporary), directory.at(name)];
  try {
    await link(from, to);
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return false;
    if (!UNLINKABLE.has(errnoOf(error) ?? "")) throw error;
    if (!(await reserve(to))) return false;
    await rename(from, to);
    return true;
  }
  await unlink(from);
  return true;
}

/** Reserves a name with an empty file where hard links do not work. @returns false when it is taken */
export async function reserve(to: string): Promise<boolean> {
  try {
    await close(await open(to, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NOFOLLOW, 0o600));
    return true;
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return false;
    throw error;
  }
}

/**
 * Gives a directory a free name. rename(2) replaces a directory only if it is empty, so the empty directory made here
 * is all that it can replace. @throws BeneathError "exists" when somebody put something into it or in its place
 */
export async function claimDirectory(from: string, to: string): Promise<void> {
  // Windows never replaces a directory, even an empty one.
  if (process.platform === "win32") return rename(from, to);
  await mkdir(to);
  try {
    await rename(from, to);
  } catch (error) {
    // If somebody put something into it, both stay.
    await rmdir(to).catch(() => undefined);
    throw errnoOf(error) === "ENOTEMPTY" || errnoOf(error) === "ENOTDIR" ? refusal("exists") : error;
  }
}

/**
 * Gives an entry that was moved aside its own name again. @returns false when that is taken; the entry then stays aside
 */
export async function putBack(directory: Directory, aside: string, name: string): Promise<boolean> {
  const pin = await directory.pin(aside);
  pin.close();
  if (!pin.stat.isDirectory()) return claim(directory, aside, name);
  try {
    await claimDirectory(directory.at(aside), directory.at(name));
    return true;
  } catch (error) {
    if (errnoOf(error) === "exists" || errnoOf(error) === "EEXIST") return false;
    throw error;
  }
}
