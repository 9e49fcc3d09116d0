import { isUtf8 } from "node:buffer";
import { readlink } from "node:fs/promises";
import type { Anchor } from "./anchor.ts";
import { DIRECTORY } from "./calls.ts";
import { type Directory, handleDirectory, type Pin, pinHandle } from "./directory.ts";
import { errnoOf, refusal, translate } from "./errors.ts";
import { checkName } from "./names.ts";
import type { Destination } from "./types.ts";

/** Where a path leads: a name in a verified directory. Whoever asked for it closes it. */
export interface Place {
  readonly directory: Directory;
  /** "." for the directory itself. */
  readonly name: string;
  /** The entry, undefined when there is none. */
  readonly pin: Pin | undefined;
  /** Whether the path itself is a link, that was followed. */
  readonly followed: boolean;
  close(): void;
}

/** As many as Linux follows. */
const MAX_LINKS = 40;

/**
 * Finds the directory of `relative`, and the entry in it. Links on the way are followed as the root allows.
 * @param follow whether a link at the end of the path is followed too
 * @throws BeneathError "outside" | "is_a_link" | "not_found" | "not_a_directory" | "name"
 */
export async function locate(anchor: Anchor, relative: string, follow: boolean): Promise<Place> {
  const slash = relative.lastIndexOf("/");
  const fd = await anchor.shortcut(relative.slice(0, Math.max(slash, 0)), DIRECTORY);
  if (fd === undefined) return walkTo(anchor, relative, follow);
  const place = await placeIn(handleDirectory(fd), relative.slice(slash + 1) || ".");
  if (!follow || !place.pin?.stat.isSymbolicLink()) return place;
  place.close();
  return walkTo(anchor, relative, follow);
}

/** The place of a second path: what is wrong with it is told with that path, and not with the first. */
export async function locateDestination(anchor: Anchor, { path, relative }: Destination): Promise<Place> {
  try {
    return await locate(anchor, relative, false);
  } catch (error) {
    throw translate(error, path);
  }
}

/** Finds what is to be read, following links as the root allows. @throws as locate, "not_found" when it is missing */
export async function find(anchor: Anchor, relative: string): Promise<Pin> {
  const fd = await anchor.shortcut(relative, 0);
  if (fd !== undefined) {
    const pin = await pinHandle(fd);
    if (!pin.stat.isSymbolicLink()) return pin;
    pin.close();
  }
  const { directory, pin } = await walkTo(anchor, relative, true);
  directory.close();
  if (!pin) throw refusal("not_found");
  return pin;
}

/** Opens a directory to work in, following links as the root allows. */
export async function findDirectory(anchor: Anchor, relative: string): Promise<Directory> {
  const fd = await anchor.shortcut(relative, DIRECTORY);
  if (fd !== undefined) return handleDirectory(fd);
  const pin = await find(anchor, relative);
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

async function pinIfThere(directory: Directory, name: string): Promise<Pin | undefined> {
  try {
    return await directory.pin(name);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Goes one name at a time, each looked up in the handle of the directory before, and reads links itself: the
 * kernel is never asked to follow one, so nothing outside is ever looked at.
 */
async function walkTo(anchor: Anchor, relative: string, follow: boolean): Promise<Place> {
  anchor.present();
  const rootNames = namesOf(anchor.path);
  const todo = namesOf(relative).reverse();
  let here = await ownRoot(anchor);
  let names: string[] = [];
  /** How deep a link's text has come on the root's own path, while it leads around outside. */
  let above: number | undefined;
  let links = 0;
  let followed = false;
  const restart = async (behind: readonly string[]) => {
    const root = await ownRoot(anchor);
    here.close();
    here = root;
    names = [];
    todo.push(...behind.toReversed());
  };
  try {
    for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
      if (above !== undefined) {
        // Real directories all the way, so going along the root's own path is going to the root.
        if (name === "..") above = Math.max(0, above - 1);
        else if (name === rootNames[above]) above += 1;
        else throw refusal("outside");
        if (above === rootNames.length) above = undefined;
        continue;
      }
      if (name === "..") {
        const up = names.slice(0, -1);
        if (names.length > 0) await restart(up);
        else if (rootNames.length > 0) above = rootNames.length - 1;
        continue;
      }
      checkName(name, process.platform);
      const last = todo.length === 0;
      const pin = await pinIfThere(here, name);
      if (pin?.stat.isSymbolicLink() && (follow || !last)) {
        pin.close();
        if (anchor.followLinks === "never") throw refusal("is_a_link");
        links += 1;
        if (links > MAX_LINKS) throw refusal("is_a_link", "The path goes through too many symbolic links.");
        const text = await linkText(here, name);
        if (text === undefined) {
          todo.push(name);
          continue;
        }
        followed ||= last;
        if (text.startsWith("/")) {
          await restart([]);
          above = rootNames.length > 0 ? 0 : undefined;
        }
        todo.push(...namesOf(text).reverse());
        continue;
      }
      if (last) return placeOf(here, name, pin, followed);
      if (!pin) throw refusal("not_found");
      if (!pin.stat.isDirectory()) {
        pin.close();
        throw refusal("not_a_directory");
      }
      const next = pin.enter();
      here.close();
      here = next;
      names.push(name);
    }
    if (above !== undefined) throw refusal("outside");
    return placeOf(here, ".", await here.pin("."), followed);
  } catch (error) {
    here.close();
    throw error;
  }
}

function placeOf(directory: Directory, name: string, pin: Pin | undefined, followed: boolean): Place {
  const release = () => {
    pin?.close();
    directory.close();
  };
  return { directory, name, pin, followed, close: release };
}

const namesOf = (path: string) => path.split("/").filter((name) => name !== "" && name !== ".");

async function ownRoot({ directory }: Anchor): Promise<Directory> {
  return (await directory.pin(".")).enter();
}

/** What a link says, undefined when it is none any more. */
async function linkText(directory: Directory, name: string): Promise<string | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readlink(directory.at(name), { encoding: "buffer" });
  } catch (error) {
    if (errnoOf(error) === "EINVAL") return undefined;
    throw error;
  }
  if (!isUtf8(bytes)) throw refusal("name", "A symbolic link on the path leads to a name that is not UTF-8.");
  return bytes.toString();
}
