import { constants } from "node:fs";
import { access, readlink, rename, symlink } from "node:fs/promises";
import { errnoOf, refusal, taken } from "../errors.ts";
import type { Directory, Pin } from "../lookup/directory.ts";
import { temporaryName } from "../lookup/names.ts";
import { type Place, pinIfThere } from "../lookup/place.ts";
import { look } from "../reading/survey.ts";
import { putBack } from "../writing/claim.ts";
import { removeTree } from "../writing/remove.ts";
import { flushNames } from "../writing/write.ts";
import { build } from "./copy.ts";
import { atDestination, type Transfer } from "./transfer.ts";

/**
 * Moves an entry to another file system: copies it completely, then removes the original. At least one of the two
 * always exists, and nothing is removed that is not on the other disk: anything that changes during the move stays.
 */
export async function moveAcross(source: Place, pin: Pin, target: Place, transfer: Transfer): Promise<void> {
  // If the source could be copied but not removed, it would exist twice.
  await access(source.directory.at("."), constants.W_OK);
  const before = await look(pin, { ...transfer, exact: true });
  const finished = async () => {
    if ((await stateOf(source.directory, source.name)) !== before) throw changing();
  };
  try {
    if (pin.stat.isSymbolicLink()) await copyLink(source, target, transfer, finished);
    else await build(pin, target, { ...transfer, keeps: true }, finished);
    await atDestination(transfer, flushNames(target.directory));
  } catch (error) {
    throw errnoOf(error) === "exists" ? taken(transfer.to) : error;
  }
  await removeCopied(source, before);
}

const changing = () => refusal("busy", "The path is being changed. Try again.");

async function copyLink(source: Place, target: Place, transfer: Transfer, finished: () => Promise<void>) {
  const text = await textOf(source);
  await finished();
  target.directory.confirm();
  await atDestination(transfer, symlink(text, target.directory.at(target.name)));
}

async function textOf({ directory, name }: Place): Promise<Buffer> {
  try {
    return await readlink(directory.at(name), { encoding: "buffer" });
  } catch (error) {
    // It is no longer a link.
    throw errnoOf(error) === "EINVAL" ? changing() : error;
  }
}

/** The state of an entry and everything below it; undefined when there is none. */
async function stateOf(directory: Directory, name: string): Promise<bigint | undefined> {
  const pin = await pinIfThere(directory, name);
  if (!pin) return undefined;
  try {
    return await look(pin, { exact: true });
  } finally {
    pin.close();
  }
}

/** Removes the copied original unless it has changed since, under a temporary name that nobody else uses. */
async function removeCopied({ directory, name }: Place, before: bigint): Promise<void> {
  const aside = temporaryName();
  try {
    directory.confirm();
    await rename(directory.at(name), directory.at(aside));
  } catch (error) {
    // Somebody else removed it: the move is done.
    if (errnoOf(error) === "ENOENT") return;
    // An overlay, such as a container's, cannot rename a directory of its lower layers, even in place.
    if (errnoOf(error) === "EXDEV") return removeUnchanged(directory, name, before);
    throw error;
  }
  try {
    await removeUnchanged(directory, aside, before);
  } catch (error) {
    // Also restores what is left of a tree that could not be removed: nobody would find it under this name.
    await putBack(directory, aside, name).catch(() => undefined);
    throw error;
  }
}

async function removeUnchanged(directory: Directory, name: string, before: bigint): Promise<void> {
  if ((await stateOf(directory, name)) !== before) {
    throw refusal("busy", "The path was changed while it was copied: the copy is there, and so is what was changed.");
  }
  await removeTree(directory, name);
}
