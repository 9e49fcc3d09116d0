import { realpath } from "node:fs/promises";
import path from "node:path";
import type { Root } from "@org/beneath";
import { ToolError } from "@org/server-kit";
import { foldName, isListed } from "../note-path.ts";
import { isOwn } from "./leftovers.ts";

/**
 * A folder inside the notes folder that an option names, relative to it. @throws ToolError invalid_input when it is
 * outside
 */
export function folderOption(root: Root, flag: string, folder: string): string {
  try {
    return root.relative(folder);
  } catch {
    throw new ToolError("invalid_input", `${flag}: it must be a folder inside the notes folder.`);
  }
}

/** @throws ToolError invalid_input also for a hidden folder, which cannot contain notes */
export function noteFolderOption(root: Root, flag: string, folder: string): string {
  const relative = folderOption(root, flag, folder);
  if (!relative.split("/").some((name) => name.startsWith("."))) return relative;
  throw new ToolError(
    "invalid_input",
    `${flag}: the folder is hidden, and hidden files are not notes. Choose another folder.`,
  );
}

/**
 * The folder as it is spelled on disk; one that differs only in case is used if there is no exact match. @param folder
 * relative to the notes folder; missing parts stay unchanged
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
    // It cannot be read; the caller's own attempt will say why.
  }
  return otherwise;
}

const isThere = (root: Root, path: string): Promise<boolean> =>
  root.stat(path).then(
    () => true,
    () => false,
  );

/**
 * Refuses to keep the server's own files among the notes, where they would be listed, watched and read by others.
 * Hidden folders are allowed: if the home folder holds the notes, the cache folder is inside. @param folder may be
 * missing; links in its path are resolved @throws ToolError invalid_input
 */
export async function requireApart(root: Root, folder: string, what: string): Promise<void> {
  const relative = path.relative(root.path, await realPathOf(path.resolve(folder))).replaceAll(path.sep, "/");
  const isInside = !path.isAbsolute(relative) && relative !== ".." && !relative.startsWith("../");
  if (isInside && (relative === "" || isListed(relative) || isOwn(relative)))
    throw new ToolError("invalid_input", `${what} must be outside the notes folder, or in a hidden folder inside it.`);
}

async function realPathOf(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch {
    const parent = path.dirname(folder);
    return parent === folder ? folder : path.join(await realPathOf(parent), path.basename(folder));
  }
}
