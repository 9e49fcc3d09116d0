import { isUtf8 } from "node:buffer";
import { readlink } from "node:fs/promises";
import { errnoOf, refusal } from "../errors.ts";
import type { Access } from "../types/options.ts";
import type { Anchor } from "./anchor.ts";
import type { Directory, Pin } from "./directory.ts";
import { checkName, childOf } from "./names.ts";
import { type Place, pinIfThere, placeOf } from "./place.ts";

/** The same limit as Linux. */
const MAX_LINKS = 40;

/**
 * Resolves a path one name at a time, each in the handle of the previous directory, and reads links itself: the kernel
 * never follows one, so nothing outside is ever touched. The judge is asked at every step, so that nothing leaks about
 * what is denied, not even whether it exists.
 */
export async function walkTo(anchor: Anchor, relative: string, follow: boolean, access: Access): Promise<Place> {
  anchor.present();
  const rootNames = namesOf(anchor.path);
  const todo = namesOf(relative).reverse();
  let here = await ownRoot(anchor);
  let pin: Pin | undefined;
  /** How much of the root's own path a link's text has matched so far, while it is still outside the root. */
  let above: number | undefined;
  let links = 0;
  let followed = false;
  const restart = async (rest: readonly string[]) => {
    const root = await ownRoot(anchor);
    here.close();
    here = root;
    todo.push(...rest.toReversed());
  };
  try {
    for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
      if (above !== undefined) {
        // The root's own path contains only real directories, so following it by text is safe.
        if (name === "..") above = Math.max(0, above - 1);
        else if (name === rootNames[above]) above += 1;
        else throw refusal("outside");
        if (above === rootNames.length) above = undefined;
        continue;
      }
      if (name === "..") {
        const names = namesOf(here.inside);
        if (names.length > 0) await restart(names.slice(0, -1));
        else if (rootNames.length > 0) above = rootNames.length - 1;
        continue;
      }
      checkName(name, process.platform);
      const last = todo.length === 0;
      pin = await pinIfThere(here, name);
      const isLink = pin?.stat.isSymbolicLink() && (follow || !last);
      anchor.ask(childOf(here.inside, name), last && !isLink ? access : "read");
      if (isLink) {
        pin?.close();
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
      if (!pin) {
        // There are no links where nothing exists, so the rest of the path can be taken literally.
        if (!todo.includes("..")) anchor.ask([...namesOf(here.inside), name, ...todo.toReversed()].join("/"), access);
        throw refusal("not_found");
      }
      if (!pin.stat.isDirectory()) throw refusal("not_a_directory");
      const next = pin.enter();
      here.close();
      here = next;
    }
    if (above !== undefined) throw refusal("outside");
    anchor.ask(here.inside, access);
    return placeOf(here, ".", await here.pin("."), followed);
  } catch (error) {
    pin?.close();
    here.close();
    throw error;
  }
}

const namesOf = (path: string) => path.split("/").filter((name) => name !== "" && name !== ".");

async function ownRoot({ directory }: Anchor): Promise<Directory> {
  return (await directory.pin(".")).enter();
}

/** The target of a link; undefined when it is no longer a link. */
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
