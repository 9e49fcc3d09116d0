import { quote, ToolError } from "@org/server-kit";
import { fromVisibleName, isNotePath } from "../note-path.ts";
import { toToolError } from "./errors.ts";
import { asSpelled } from "./folders.ts";
import { kindAt } from "./notes.ts";
import type { Vault } from "./vault.ts";

const LISTED = 10;

/**
 * The relative, normalized path that a caller names, decided from the text alone, before anything is looked up. @param
 * what names the argument in the error @throws ToolError access_denied for a path that is absolute, climbs, or leads to
 * something hidden
 */
export function safePath({ root }: Vault, path: string, what: string): string {
  if (path.trim() === "") throw new ToolError("invalid_input", `${what} is empty. Pass a path.`);
  if (/^[/\\]|^[a-z]:[/\\]/i.test(path) || path.split(/[/\\]/).includes("..")) {
    throw new ToolError("access_denied", `${what}: pass a path relative to the notes folder, without "..".`);
  }
  try {
    const relative = root.relative(path);
    if (relative.split("/").some((name) => name.startsWith("."))) {
      throw new ToolError(
        "access_denied",
        `${what}: hidden files and folders are not notes. Deleted notes come back with restore_note.`,
      );
    }
    return relative;
  } catch (error) {
    throw toToolError(error, path);
  }
}

/** The folder that a list is restricted to; undefined for all. @throws ToolError access_denied, not_found */
export async function resolveFolder(vault: Vault, folder: string | undefined): Promise<string | undefined> {
  if (folder === undefined || /^\.?\/?$/.test(folder.trim())) return undefined;
  const path = await asSpelled(vault, safePath(vault, fromVisibleName(folder), "folder"));
  const kind = await kindAt(vault, path);
  if (kind === "directory") return path;
  if (kind === "symlink")
    throw new ToolError("access_denied", `${quote(path, 200)} is a symbolic link, which is not followed.`);
  throw new ToolError("not_found", `there is no folder ${quote(path, 200)}. Leave folder out to look in all of them.`);
}

/**
 * The path of the note that a caller names by its path (`.md` may be omitted) or its exact title. @throws ToolError
 * not_found with the nearest notes; invalid_input with all paths when a title is ambiguous
 */
export async function resolveNote(vault: Vault, note: string, signal: AbortSignal): Promise<string> {
  const atPath = await noteAt(vault, note);
  if (typeof atPath === "string") return atPath;
  const named = fromVisibleName(note);
  if (named !== note) return resolveNote(vault, named, signal);
  const found = await vault.index.call("find", note.trim(), signal);
  const existing = await Promise.all(found.paths.map(async (path) => ((await isNote(vault, path)) ? [path] : [])));
  const [path, ...others] = existing.flat();
  if (path === undefined) throw atPath ?? (await notFound(vault, note, signal));
  if (others.length === 0) return path;
  const paths = [path, ...others].slice(0, LISTED).map((one) => quote(one, 200));
  const more = others.length >= LISTED ? ", and more" : "";
  throw new ToolError(
    "invalid_input",
    `${others.length + 1} notes are called ${quote(note)}: ${paths.join(", ")}${more}. Pass one of these paths.`,
  );
}

/**
 * The note with this path, if it exists; only the file system is asked. @returns a refusal if it is refused: a title
 * may contain characters that a path cannot
 */
async function noteAt(vault: Vault, note: string): Promise<string | ToolError | undefined> {
  let path: string;
  try {
    path = safePath(vault, note, "note");
  } catch (error) {
    if (!(error instanceof ToolError) || note.trim() === "") throw error;
    return /[/\\]/.test(note) || note === ".." ? error : undefined;
  }
  for (const candidate of [path, `${path}.md`]) {
    if (!isNotePath(candidate)) continue;
    const kind = await kindAt(vault, candidate);
    if (kind === "file") return candidate;
    if (kind === undefined) continue;
    const what = kind === "symlink" ? "is a symbolic link, which is not followed" : "is not a regular file";
    throw new ToolError("access_denied", `${quote(candidate, 200)} ${what}.`);
  }
  return undefined;
}

async function isNote(vault: Vault, path: string): Promise<boolean> {
  return isNotePath(path) && (await kindAt(vault, path)) === "file";
}

async function notFound({ index }: Vault, note: string, signal: AbortSignal): Promise<ToolError> {
  const { paths } = await index.call("nearest", note.slice(0, 300), signal);
  const close = paths.slice(0, 3).map((path) => quote(path, 200));
  const hint = close.length > 0 ? `Nearest: ${close.join(", ")}.` : "search_notes finds notes by their words.";
  return new ToolError("not_found", `there is no note ${quote(note)}. ${hint}`);
}
