import { type BigIntStats, constants, lstatSync, renameSync } from "node:fs";
import { access, link, rename, unlink } from "node:fs/promises";
import { BeneathError, errnoOf, refusal, taken, translate } from "../errors.ts";
import type { Anchor } from "../lookup/anchor.ts";
import { lstat } from "../lookup/calls.ts";
import { same } from "../lookup/checked.ts";
import type { Directory, Pin } from "../lookup/directory.ts";
import { temporaryName } from "../lookup/names.ts";
import type { Place } from "../lookup/place.ts";
import { type Destination, locate, locateDestination } from "../lookup/resolve.ts";
import { kindOf } from "../reading/stat.ts";
import { look } from "../reading/survey.ts";
import { claimDirectory, putBack, reserve, UNLINKABLE } from "../writing/claim.ts";
import { moveAcross } from "./move-across.ts";
import { type Transfer, transferOf } from "./transfer.ts";

/** Gives an entry another path. Nothing is ever overwritten. A link is moved, not followed. */
export async function move(anchor: Anchor, from: string, to: Destination, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const itself = "The folder itself cannot be moved or replaced.";
  if (from === "") throw refusal("name", itself);
  if (to.relative === "") throw new BeneathError("name", to.path, itself, "destination");
  const source = await locate(anchor, from, false, "write");
  try {
    if (!source.pin) throw refusal("not_found");
    const target = await locateDestination(to);
    try {
      const end = { anchor: to.anchor, inside: target.inside, path: to.path };
      const transfer = transferOf({ anchor, inside: source.inside, access: "write" }, end, signal);
      await moveEntry(source, source.pin, target, transfer);
    } finally {
      target.close();
    }
  } finally {
    source.close();
  }
}

async function moveEntry(source: Place, pin: Pin, target: Place, transfer: Transfer): Promise<void> {
  const kind = kindOf(pin.stat);
  if (kind === "other") throw refusal("not_a_file");
  if (target.pin && !isRespelling(source, target)) throw taken(transfer.to);
  if (transfer.may && kind === "directory") await look(pin, transfer);
  transfer.signal?.throwIfAborted();
  if (kind === "directory" && (await deviceOf(target)) !== pin.stat.dev) {
    // Not tried first, because others would see the empty directory that moveWithin makes.
    return moveAcross(source, pin, target, transfer);
  }
  try {
    await moveWithin(source, pin.stat, target);
  } catch (error) {
    // This also happens within one device: across two mounts of it, or in an overlay.
    if (errnoOf(error) !== "EXDEV") throw await explain(error, target.directory, transfer.to);
    await moveAcross(source, pin, target, transfer);
  }
}

async function deviceOf({ directory }: Place): Promise<bigint> {
  const pin = await directory.pin(".");
  pin.close();
  return pin.stat.dev;
}

/**
 * Moves between two directories of one file system. @throws the system's error, EXDEV when they are on different ones
 */
async function moveWithin(source: Place, stat: BigIntStats, target: Place): Promise<void> {
  const [from, to] = [source.directory.at(source.name), target.directory.at(target.name)];
  source.directory.confirm();
  target.directory.confirm();
  if (target.pin) return rename(from, to);
  if (stat.isDirectory()) return claimDirectory(from, to);
  // macOS would link the target of a link.
  if (stat.isSymbolicLink() && process.platform !== "linux") return moveReserved(from, to);
  try {
    await link(from, to);
  } catch (error) {
    if (!UNLINKABLE.has(errnoOf(error) ?? "")) throw error;
    return moveReserved(from, to);
  }
  await removeOldName(source, stat, to);
}

/** On a file system that ignores letter case or accents, the new spelling of a name already exists. */
function isRespelling(source: Place, target: Place): boolean {
  const [a, b] = [source.pin?.stat, target.pin?.stat];
  const fold = (name: string) => name.normalize("NFC").toLowerCase();
  const sameName = source.name !== target.name && fold(source.name) === fold(target.name);
  // On one that does not, two such names of one file are hard links, and both stay.
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
 * Removes the old name of a file that already has its new one. An editor may save to the old name at this very moment,
 * and that must not be lost: the old name is moved aside first, and put back if it is not the file that was moved.
 */
async function removeOldName({ directory, name }: Place, moved: BigIntStats, to: string): Promise<void> {
  const arrived = await lstat(to).catch(() => undefined);
  const isMoved = (stat: BigIntStats) => same(stat, moved) || (arrived !== undefined && same(stat, arrived));
  const [old, aside] = [directory.at(name), temporaryName()];
  try {
    // Not awaited, to leave as little time as possible between the check and the rename.
    const there = lstatSync(old, { bigint: true, throwIfNoEntry: false });
    if (!there || !isMoved(there)) return;
    renameSync(old, directory.at(aside));
  } catch (error) {
    // Somebody else removed the old name: the move is done. Any other failure undoes it.
    if (errnoOf(error) === "ENOENT") return;
    await unlink(to).catch(() => undefined);
    throw error;
  }
  const taken = await lstat(directory.at(aside));
  if (!isMoved(taken) && (await putBack(directory, aside, name))) return;
  // The contents of a directory must not be removed here.
  if (taken.isDirectory())
    throw refusal("busy", "Something else took the file's place, and is under a temporary name.");
  // A newer file that appeared in the meantime wins, as it would have overwritten this one.
  await unlink(directory.at(aside));
}

/** Errors that concern the destination alone. */
const AT_DESTINATION: ReadonlySet<string> = new Set(["EEXIST", "ENOSPC", "EDQUOT", "ENAMETOOLONG", "EMLINK"]);
/** Errors that may concern either directory. */
const AT_EITHER: ReadonlySet<string> = new Set(["EACCES", "EPERM", "EROFS"]);

/** Determines which side of a move failed; the system reports the same error for both. */
async function explain(error: unknown, target: Directory, to: string): Promise<unknown> {
  const errno = errnoOf(error) ?? "";
  if (errno === "EINVAL") {
    return new BeneathError("name", to, "A directory cannot be moved into itself.", "destination");
  }
  if (errno === "exists") return taken(to);
  const isDestination = AT_DESTINATION.has(errno) || (AT_EITHER.has(errno) && !(await isWritable(target)));
  return isDestination ? translate(error, to, "destination") : error;
}

async function isWritable(directory: Directory): Promise<boolean> {
  try {
    await access(directory.at("."), constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
