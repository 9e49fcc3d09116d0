import { realpath } from "node:fs/promises";
import path from "node:path";
import type { Root } from "@org/beneath";
import { ToolError } from "@org/server-kit";
import { foldName, isListed } from "../note-path.ts";
import { isOwn } from "./leftovers.ts";

/**
 * A folder in the notes folder that an option names, relative to it.
 * @throws ToolError invalid_input when it lies elsewhere
 */
export function folderOption(root: Root, flag: string, folder: string): string {
  try {
    return root.relative(folder);
  } catch {
    throw new ToolError("invalid_input", `${flag}: it must be a folder inside of the notes folder.`);
  }
}

/** @throws ToolError invalid_input also for a hidden folder, where nothing is a note */
export function noteFolderOption(root: Root, flag: string, folder: string): string {
  const relative = folderOption(root, flag, folder);
  if (!relative.split("/").some((name) => name.startsWith("."))) return relative;
  throw new ToolError("invalid_input", `${flag}: it is hidden, and what is hidden is no note. Choose another folder.`);
}

/**
 * The folder as it is spelled on the disk: one that differs only by case is meant, where there is none spelled so.
 * @param folder relative to the notes folder; what is missing of it stays as it is
 */
export async function asSpelled({ root }: { readonly root: Root }, folder: string): Promise<string> {
  let found = "";
  for (const name of folder.split("/").filter(Boolean)) {
    const path = found === "" ? name : `${found}/${name}`;
    found = (await isThere(root, path)) ? path : await alike(root, found, name, path);
  }
  return found;
}

async function alike(root: Root, folder: string, name: string, otherwise: string): Promise<string> {
  try {
    for await (const entry of root.list(folder)) {
      if (entry.kind === "directory" && entry.addressable && foldName(entry.name) === foldName(name))
        return folder === "" ? entry.name : `${folder}/${entry.name}`;
    }
  } catch {
    // There is nothing to look at: the caller's own attempt says why.
  }
  return otherwise;
}

const isThere = (root: Root, path: string): Promise<boolean> =>
  root.stat(path).then(
    () => true,
    () => false,
  );

/**
 * Refuses to keep what the server writes for itself among the notes, where it would be listed, watched and read by others.
 * A hidden folder is not among them: with the home folder as notes, its cache folder lies there.
 * @param folder may be missing; where links lead on the way to it counts
 * @throws ToolError invalid_input
 */
export async function requireApart(root: Root, folder: string, what: string): Promise<void> {
  const relative = path.relative(root.path, await realPathOf(path.resolve(folder))).replaceAll(path.sep, "/");
  const isInside = !path.isAbsolute(relative) && relative !== ".." && !relative.startsWith("../");
  if (isInside && (relative === "" || isListed(relative) || isOwn(relative)))
    throw new ToolError("invalid_input", `${what} must lie outside of the notes folder, or in a hidden folder in it.`);
}

async function realPathOf(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch {
    const parent = path.dirname(folder);
    return parent === folder ? folder : path.join(await realPathOf(parent), path.basename(folder));
  }
}
