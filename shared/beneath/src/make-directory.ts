import { mkdir } from "node:fs/promises";
import type { Anchor } from "./anchor.ts";
import { errnoOf, refusal } from "./errors.ts";
import { findDirectory, locate } from "./resolve.ts";

/** Makes a directory; with `recursive` also those above it, and one that is there already is no error. */
export async function makeDirectory(anchor: Anchor, relative: string, recursive = false): Promise<void> {
  if (!recursive) return makeOne(anchor, relative);
  const names = relative.split("/");
  const missing: string[] = [];
  // Upwards to the first that is there, so that nothing above it need be writable or looked at twice.
  while (names.length > 0 && !(await isDirectory(anchor, names.join("/")))) {
    missing.unshift(names.join("/"));
    names.pop();
  }
  for (const path of missing) {
    try {
      await makeOne(anchor, path);
    } catch (error) {
      // Somebody else may have made it meanwhile.
      const taken = errnoOf(error) === "exists" || errnoOf(error) === "EEXIST";
      if (!taken || !(await isDirectory(anchor, path))) throw error;
    }
  }
}

async function makeOne(anchor: Anchor, relative: string): Promise<void> {
  const { directory, name, pin, close } = await locate(anchor, relative, false);
  try {
    if (pin) throw refusal("exists");
    directory.confirm();
    await mkdir(directory.at(name));
  } finally {
    close();
  }
}

async function isDirectory(anchor: Anchor, relative: string): Promise<boolean> {
  try {
    (await findDirectory(anchor, relative)).close();
    return true;
  } catch (error) {
    if (errnoOf(error) === "not_found") return false;
    throw error;
  }
}
