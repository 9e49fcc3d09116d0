import { quote, ToolError } from "@org/server-kit";
import { folderOf, foldName, fromVisibleName, isNotePath, nameOf, stemOf } from "../note-path.ts";
import { newNotePath } from "./create.ts";
import { asSpelled } from "./folders.ts";
import { kindAt } from "./notes.ts";
import { safePath } from "./resolve.ts";
import type { Vault } from "./vault.ts";

/**
 * The destination of a note: a path that ends with .md, or a folder with a trailing "/", which keeps the note's name.
 * @param from the note's path, or what the caller called it @throws ToolError invalid_input for an argument that could
 * be a folder or a new name; the message shows both spellings
 */
export async function destinationOf(vault: Vault, wanted: string, from: string): Promise<string> {
  const name = isNotePath(nameOf(from)) ? nameOf(from) : `${nameOf(from)}.md`;
  const to = fromVisibleName(wanted);
  if (to.trim() === "")
    throw new ToolError("invalid_input", "to is empty. Pass a path, or a folder with / at the end.");
  if (/[/\\]$/.test(to)) return inFolder(await asSpelled(vault, safePath(vault, to, "to")), name);
  const isSameName = foldName(nameOf(to)) === foldName(stemOf(name));
  const path = newNotePath(vault, isNotePath(to) ? to : `${to}.md`, "to");
  const folder = await asSpelled(vault, folderOf(path));
  if (isNotePath(to) || isSameName) return inFolder(folder, nameOf(path));
  throw await ambiguous(vault, safePath(vault, to, "to"), name);
}

const inFolder = (folder: string, name: string) => (folder === "" ? name : `${folder}/${name}`);

async function ambiguous(vault: Vault, path: string, name: string): Promise<ToolError> {
  const folder = await asSpelled(vault, path);
  const isFolder = (await kindAt(vault, folder)) === "directory";
  const what = isFolder ? "is a folder" : "is neither a folder nor a path that ends with .md";
  return new ToolError(
    "invalid_input",
    `${quote(folder, 200)} ${what}. Nothing was moved. Pass ${quote(inFolder(folder, name), 200)} to move the note into ` +
      `${isFolder ? "it" : "a new folder"}, or ${quote(`${path}.md`, 200)} to give it that name.`,
  );
}
