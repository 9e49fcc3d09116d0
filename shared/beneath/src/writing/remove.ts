import { opendir, readdir, rename, rmdir, unlink } from "node:fs/promises";
import { errnoOf, refusal } from "../errors.ts";
import type { Anchor } from "../lookup/anchor.ts";
import type { Directory } from "../lookup/directory.ts";
import { childOf, isTemporary, temporaryName } from "../lookup/names.ts";
import { locate } from "../lookup/resolve.ts";
import { look } from "../reading/survey.ts";
import type { RemoveOptions } from "../types/options.ts";

/** How many times a directory is emptied while somebody else keeps adding to it. */
const PASSES = 8;

/** Removes an entry; for a link, the link itself, never its target. When aborted, it leaves the rest in place. */
export async function remove(anchor: Anchor, relative: string, { recursive, signal }: RemoveOptions): Promise<void> {
  if (relative === "") throw refusal("name", "The folder itself cannot be removed.");
  signal?.throwIfAborted();
  const { directory, name, pin, close } = await locate(anchor, relative, false, "write");
  try {
    if (!pin) throw refusal("not_found");
    if (!pin.stat.isDirectory()) {
      directory.confirm();
      await unlink(directory.at(name));
    } else if (recursive) {
      const may = anchor.judge && ((inside: string) => anchor.ask(inside, "write"));
      if (may) await look(pin, { may, signal });
      await removeTree(directory, name, signal, may);
    } else await rmdir(directory.at(name));
  } finally {
    close();
  }
}

/**
 * Empties and removes a directory, descending by handles: a link that was swapped in is removed as a link.
 * @param may called for everything below; throws to stop
 */
export async function removeTree(
  parent: Directory,
  name: string,
  signal?: AbortSignal,
  may?: (inside: string) => void,
): Promise<void> {
  for (let pass = 1; ; pass += 1) {
    const pin = await parent.pin(name);
    if (!pin.stat.isDirectory()) {
      pin.close();
      return unlink(parent.at(name));
    }
    const directory = pin.enter();
    try {
      await empty(directory, signal, may);
    } finally {
      directory.close();
    }
    try {
      parent.confirm();
      return await rmdir(parent.at(name));
    } catch (error) {
      if (errnoOf(error) !== "ENOTEMPTY" || pass === PASSES) throw error;
    }
  }
}

async function empty(directory: Directory, signal?: AbortSignal, may?: (inside: string) => void): Promise<void> {
  const names = await opendir(directory.path);
  let hasOddNames = false;
  for await (const dirent of names) {
    signal?.throwIfAborted();
    directory.confirm();
    // The judge is not asked about names that only this package uses, even if it denies hidden files.
    const ask = isTemporary(dirent.name) ? undefined : may;
    ask?.(childOf(directory.inside, dirent.name));
    if (dirent.name.includes("\uFFFD")) hasOddNames = true;
    else if (dirent.isDirectory()) await unlessGone(removeTree(directory, dirent.name, signal, ask));
    else await unlessGone(removeEntry(directory, dirent.name, signal, ask));
  }
  if (hasOddNames) await renameOddNames(directory);
}

async function removeEntry(
  directory: Directory,
  name: string,
  signal?: AbortSignal,
  may?: (inside: string) => void,
): Promise<void> {
  try {
    await unlink(directory.at(name));
  } catch (error) {
    // It became a directory, or its file system lists names without types.
    if (errnoOf(error) !== "EISDIR" && errnoOf(error) !== "EPERM") throw error;
    await removeTree(directory, name, signal, may);
  }
}

async function unlessGone(removal: Promise<void>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
  }
}

/** Renames entries whose names are not UTF-8, so that the next pass can remove them. */
async function renameOddNames(directory: Directory): Promise<void> {
  const place = `${directory.path}/`;
  for (const name of await readdir(place, { encoding: "buffer" })) {
    if (!name.toString().includes("\uFFFD")) continue;
    await unlessGone(rename(Buffer.concat([Buffer.from(place), name]), directory.at(temporaryName())));
  }
}
