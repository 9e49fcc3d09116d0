import { mkdir } from "node:fs/promises";
import { errnoOf, refusal } from "../errors.ts";
import type { Anchor } from "../lookup/anchor.ts";
import { findDirectory, locate } from "../lookup/resolve.ts";
import type { Access, MakeDirectoryOptions } from "../types/options.ts";

/** Makes a directory. With `recursive`, also makes its parents, and succeeds if it already exists. */
export async function makeDirectory(
  anchor: Anchor,
  relative: string,
  { recursive, signal }: MakeDirectoryOptions,
): Promise<void> {
  signal?.throwIfAborted();
  if (!recursive) return makeOne(anchor, relative);
  // Names rather than paths: the paths to a directory 65,000 levels deep would take gigabytes.
  const names = relative.split("/");
  const pathTo = (depth: number) => names.slice(0, depth).join("/");
  let depth = names.length;
  // Climb to the first that exists, so that nothing above it has to be writable or checked twice.
  while (depth > 0 && !(await isDirectory(anchor, pathTo(depth), depth === names.length ? "write" : "read"))) {
    signal?.throwIfAborted();
    depth -= 1;
  }
  for (depth += 1; depth <= names.length; depth += 1) {
    signal?.throwIfAborted();
    const path = pathTo(depth);
    try {
      await makeOne(anchor, path);
    } catch (error) {
      // Somebody else may have made it in the meantime.
      const taken = errnoOf(error) === "exists" || errnoOf(error) === "EEXIST";
      if (!taken || !(await isDirectory(anchor, path, "write"))) throw error;
    }
  }
}

async function makeOne(anchor: Anchor, relative: string): Promise<void> {
  const { directory, name, pin, close } = await locate(anchor, relative, false, "write");
  try {
    if (pin) throw refusal("exists");
    directory.confirm();
    await mkdir(directory.at(name));
  } finally {
    close();
  }
}

async function isDirectory(anchor: Anchor, relative: string, access: Access): Promise<boolean> {
  try {
    (await findDirectory(anchor, relative, access)).close();
    return true;
  } catch (error) {
    if (errnoOf(error) === "not_found") return false;
    throw error;
  }
}
