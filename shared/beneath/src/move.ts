import type { BigIntStats } from "node:fs";
import { link, rename, unlink } from "node:fs/promises";
import type { Anchor } from "./anchor.ts";
import { lstat } from "./calls.ts";
import { claimDirectory, reserve, UNLINKABLE } from "./claim.ts";
import { BeneathError, errnoOf, refusal } from "./errors.ts";
import { temporaryName } from "./names.ts";
import { locate, locateDestination, type Place } from "./resolve.ts";
import { kindOf } from "./stat.ts";
import type { Destination } from "./types.ts";

/** Gives an entry another path. Nothing is ever overwritten. A link is moved, not followed. */
export async function move(anchor: Anchor, from: string, to: Destination): Promise<void> {
  if (from === "" || to.relative === "") throw refusal("name", "The folder itself cannot be moved or replaced.");
  const source = await locate(anchor, from, false);
  try {
    if (!source.pin) throw refusal("not_found");
    const target = await locateDestination(anchor, to);
    try {
      await moveEntry(source, source.pin.stat, target);
    } catch (error) {
      throw explain(error, to.path);
    } finally {
      target.close();
    }
  } finally {
    source.close();
  }
}

async function moveEntry(source: Place, stat: BigIntStats, target: Place): Promise<void> {
  const [from, to] = [source.directory.at(source.name), target.directory.at(target.name)];
  const kind = kindOf(stat);
  if (kind === "other") throw refusal("not_a_file");
  if (target.pin) {
    if (!isRespelling(source, target)) throw refusal("exists");
    return rename(from, to);
  }
  source.directory.confirm();
  target.directory.confirm();
  if (kind === "directory") return claimDirectory(from, to);
  // macOS would link what a link leads to.
  if (kind === "symlink" && process.platform !== "linux") return moveReserved(from, to);
  try {
    await link(from, to);
  } catch (error) {
    if (!UNLINKABLE.has(errnoOf(error) ?? "")) throw error;
    return moveReserved(from, to);
  }
  await takeAway(source, stat, to);
}

/** Where letter case or accents make no difference to the file system, a new spelling is there already. */
function isRespelling(source: Place, target: Place): boolean {
  const [a, b] = [source.pin?.stat, target.pin?.stat];
  const fold = (name: string) => name.normalize("NFC").toLowerCase();
  const sameName = source.name !== target.name && fold(source.name) === fold(target.name);
  // Where it does make one, two such names of one file are hard links, and both stay.
  return process.platform !== "linux" && sameName && a?.dev === b?.dev && a?.ino === b?.ino;
}

async function moveReserved(from: string, to: string): Promise<void> {
  if (!(await reserve(to))) throw refusal("exists");
  try {
    await rename(from, to);
  } catch (error) {
    await unlink(to).catch(() => undefined);
    throw error;
  }
}

/**
 * Removes the old name of a file that has its new one. An editor may save to the old name right now, and that
 * must not be lost: what is there is first taken aside, and put back when it is not what was moved.
 */
async function takeAway({ directory, name }: Place, moved: BigIntStats, to: string): Promise<void> {
  const aside = directory.at(temporaryName());
  try {
    await rename(directory.at(name), aside);
  } catch (error) {
    // Somebody else removed the old name: the move is done. Any other failure undoes it.
    if (errnoOf(error) === "ENOENT") return;
    await unlink(to).catch(() => undefined);
    throw error;
  }
  const taken = await lstat(aside);
  const arrived = await lstat(to).catch(() => undefined);
  if (!isSame(taken, moved) && !(arrived && isSame(taken, arrived))) {
    // A newer file that came while this one was aside wins, as it would have over this one.
    await link(aside, directory.at(name)).catch(() => undefined);
  }
  await unlink(aside);
}

const isSame = (a: BigIntStats, b: BigIntStats) => a.dev === b.dev && a.ino === b.ino;

function explain(error: unknown, to: string): unknown {
  const errno = errnoOf(error);
  if (errno === "exists" || errno === "EEXIST") return new BeneathError("exists", to);
  if (errno === "EXDEV") return refusal("io", "The two paths are on different file systems: copy, then remove.");
  if (errno === "EINVAL") return refusal("name", "A directory cannot be put into itself.");
  return error;
}
