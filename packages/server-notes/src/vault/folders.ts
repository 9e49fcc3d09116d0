import { realpath } from "node:fs/promises";
import path from "node:path";
import type { Root } from "@org/beneath";
import { ToolError } from "@org/server-kit";
import { isListed } from "../note-path.ts";
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
