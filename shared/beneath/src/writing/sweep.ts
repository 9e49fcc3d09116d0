import { opendir, unlink } from "node:fs/promises";
import { errnoOf } from "../errors.ts";
import type { Anchor } from "../lookup/anchor.ts";
import { lstat } from "../lookup/calls.ts";
import type { Directory } from "../lookup/directory.ts";
import { childOf, isTemporary } from "../lookup/names.ts";
import { findDirectory } from "../lookup/resolve.ts";
import type { SweepOptions } from "../types/options.ts";

/** Removes files that unfinished writes and moves left below a directory. @returns how many */
export async function sweepTemporaries(anchor: Anchor, relative: string, options: SweepOptions): Promise<number> {
  options.signal?.throwIfAborted();
  const before = Date.now() - options.olderThanMs;
  const top = await findDirectory(anchor, relative);
  try {
    return await sweep(anchor, top, relative, before, options);
  } finally {
    top.close();
  }
}

async function sweep(
  anchor: Anchor,
  directory: Directory,
  path: string,
  before: number,
  options: SweepOptions,
): Promise<number> {
  let swept = 0;
  for await (const { name } of await directoriesAndLeftovers(directory)) {
    options.signal?.throwIfAborted();
    try {
      // A leftover is judged by its directory: rules about hidden names are not meant for it.
      if (isTemporary(name)) anchor.ask(directory.inside, "write");
      else anchor.ask(childOf(directory.inside, name), "read");
      const inner = childOf(path, name);
      if (isTemporary(name)) swept += await removeOld(directory, name, before);
      else if (options.enter?.(inner) ?? true) swept += await sweepIn(anchor, directory, name, inner, before, options);
    } catch (error) {
      // It disappeared, may not be touched, or is denied; the sweep continues with the others.
      if (errnoOf(error) === undefined) throw error;
    }
  }
  return swept;
}

async function* directoriesAndLeftovers(directory: Directory): AsyncGenerator<{ readonly name: string }> {
  const names = await opendir(directory.path);
  for await (const dirent of names) {
    directory.confirm();
    if (dirent.name.includes("\uFFFD")) continue;
    if (dirent.isDirectory() || isTemporary(dirent.name)) yield dirent;
  }
}

async function sweepIn(
  anchor: Anchor,
  parent: Directory,
  name: string,
  path: string,
  before: number,
  options: SweepOptions,
) {
  const pin = await parent.pin(name);
  try {
    return pin.stat.isDirectory() ? await sweep(anchor, pin.enter(), path, before, options) : 0;
  } finally {
    pin.close();
  }
}

async function removeOld(directory: Directory, name: string, before: number): Promise<number> {
  const stat = await lstat(directory.at(name));
  // A file that a running move has put aside may be old, but was renamed just now. The age of a tree's top does not
  // show that it is still being copied, so directories stay.
  if (!stat.isFile() || Number(stat.ctimeMs) >= before) return 0;
  directory.confirm();
  await unlink(directory.at(name));
  return 1;
}
