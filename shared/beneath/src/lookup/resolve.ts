import { refusal, translate } from "../errors.ts";
import type { Access } from "../types/options.ts";
import type { Anchor } from "./anchor.ts";
import { DIRECTORY } from "./calls.ts";
import type { Directory, Pin } from "./directory.ts";
import { walkTo } from "./follow.ts";
import { handleDirectory, pinHandle } from "./handles.ts";
import { type Place, pinIfThere, placeOf } from "./place.ts";

/** The second path of an operation. Errors about it name it, not the first. */
export interface Destination {
  /** The root that it is in. */
  readonly anchor: Anchor;
  /** As the caller gave it. */
  readonly path: string;
  readonly relative: string;
}

/**
 * Finds the directory of `relative`, and the entry in it. Links are followed as the root allows.
 * @param follow whether a link at the end of the path is followed too
 * @param access what the entry is wanted for
 * @throws BeneathError "outside" | "is_a_link" | "not_found" | "not_a_directory" | "name", or the judge's refusal
 */
export async function locate(anchor: Anchor, relative: string, follow: boolean, access: Access): Promise<Place> {
  const slash = relative.lastIndexOf("/");
  const above = relative.slice(0, Math.max(slash, 0));
  const fd = await anchor.shortcut(above, DIRECTORY);
  if (fd === undefined) return walkTo(anchor, relative, follow, access);
  const place = await placeIn(handleDirectory(fd, above), relative.slice(slash + 1) || ".");
  if (!follow || !place.pin?.stat.isSymbolicLink()) return asked(anchor, place, access);
  place.close();
  return walkTo(anchor, relative, follow, access);
}

/** The place of a second path; errors name that path instead of the first. */
export async function locateDestination({ anchor, path, relative }: Destination): Promise<Place> {
  try {
    return await locate(anchor, relative, false, "write");
  } catch (error) {
    throw translate(error, path, "destination");
  }
}

/** Finds an entry that exists, following links as the root allows. @throws as locate, "not_found" when it is missing */
export async function find(anchor: Anchor, relative: string, access: Access = "read"): Promise<Pin> {
  const fd = await anchor.shortcut(relative, 0);
  if (fd !== undefined) {
    const pin = await pinHandle(fd, relative);
    if (pin.stat.dev === anchor.local) anchor.near(relative);
    if (!pin.stat.isSymbolicLink()) return asked(anchor, pin, access);
    pin.close();
  }
  const { directory, pin } = await walkTo(anchor, relative, true, access);
  directory.close();
  if (!pin) throw refusal("not_found");
  return pin;
}

/** Opens a directory to work in, following links as the root allows. */
export async function findDirectory(anchor: Anchor, relative: string, access: Access = "read"): Promise<Directory> {
  const fd = await anchor.shortcut(relative, DIRECTORY);
  if (fd !== undefined) return asked(anchor, handleDirectory(fd, relative), access);
  const pin = await find(anchor, relative, access);
  if (pin.stat.isDirectory()) return pin.enter();
  pin.close();
  throw refusal("not_a_directory");
}

async function placeIn(directory: Directory, name: string): Promise<Place> {
  try {
    return placeOf(directory, name, await pinIfThere(directory, name), false);
  } catch (error) {
    directory.close();
    throw error;
  }
}

/** Returns what was found if the judge allows it, and closes it otherwise. */
function asked<T extends Pick<Pin, "inside" | "close">>(anchor: Anchor, found: T, access: Access): T {
  try {
    anchor.ask(found.inside, access);
    return found;
  } catch (error) {
    found.close();
    throw error;
  }
}
