import { errnoOf } from "../errors.ts";
import type { Directory, Pin } from "./directory.ts";
import { childOf } from "./names.ts";

/** Where a path leads: a name in a verified directory. The caller closes it. */
export interface Place {
  readonly directory: Directory;
  /** "." for the directory itself. */
  readonly name: string;
  /** The path of the entry itself, relative to the root, without links. */
  readonly inside: string;
  /** The entry; undefined when there is none. */
  readonly pin: Pin | undefined;
  /** Whether the path itself is a link that was followed. */
  readonly followed: boolean;
  close(): void;
}

export function placeOf(directory: Directory, name: string, pin: Pin | undefined, followed: boolean): Place {
  const close = () => {
    pin?.close();
    directory.close();
  };
  return { directory, name, inside: childOf(directory.inside, name), pin, followed, close };
}

export async function pinIfThere(directory: Directory, name: string): Promise<Pin | undefined> {
  try {
    return await directory.pin(name);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
