import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Folders } from "./folders.ts";
import { hasDotGit, placeOf } from "./locate.ts";
import { readText } from "./read-small.ts";
import type { Found, Place } from "./types.ts";

/** The most folders searched; those nearest to the configured folder come first. */
const MOST_FOLDERS = 10_000;
/** Maximum depth below a configured folder. */
const DEEPEST = 6;
const AT_ONCE = 32;

/**
 * All work trees under the configured folders, including linked worktrees and submodules. Follows no symlinks.
 * @param isNested whether to look for other repositories inside a work tree as well
 */
export async function findAll(folders: Folders, signal: AbortSignal, isNested = true): Promise<Found> {
  const seen = new Set<string>();
  const places: Place[] = [];
  const refused: { work_tree: string; reason: string }[] = [];
  const take = async (workTree: string) => {
    if (seen.has(workTree)) return;
    seen.add(workTree);
    try {
      const place = await placeOf(workTree, folders);
      places.push(place);
      for (const other of await linkedTo(place, folders)) await take(other);
    } catch (error) {
      refused.push({ work_tree: workTree, reason: error instanceof Error ? error.message : "it cannot be read" });
    }
  };
  let level = await folders.real();
  let looked = 0;
  for (let depth = 0; depth <= DEEPEST && level.length > 0 && looked < MOST_FOLDERS; depth++) {
    const next: string[] = [];
    for (let at = 0; at < level.length && looked < MOST_FOLDERS; at += AT_ONCE) {
      signal.throwIfAborted();
      const some = level.slice(at, Math.min(at + AT_ONCE, at + MOST_FOLDERS - looked));
      looked += some.length;
      for (const { folder, below, isWorkTree } of await Promise.all(some.map(look))) {
        if (isWorkTree) await take(folder);
        if (isNested || !isWorkTree) next.push(...below);
      }
    }
    level = next;
  }
  places.sort((a, b) => (a.workTree < b.workTree ? -1 : 1));
  return { places, refused, isComplete: level.length === 0 };
}

async function look(folder: string) {
  const entries: Dirent[] = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const isSkipped = (name: string) => name === ".git" || name === "node_modules";
  return {
    folder,
    isWorkTree: entries.some(({ name }) => name === ".git"),
    below: entries
      .filter((entry) => entry.isDirectory() && !isSkipped(entry.name))
      .map(({ name }) => join(folder, name)),
  };
}

/** The other work trees of a repository: its linked worktrees, and the submodules that are checked out. */
async function linkedTo({ workTree, commonDirectory }: Place, folders: Folders): Promise<string[]> {
  const names = await readdir(join(commonDirectory, "worktrees")).catch(() => []);
  const worktrees = names.map(async (name) => {
    const dotGit = ((await readText(join(commonDirectory, "worktrees", name, "gitdir"))) ?? "").trim();
    return dotGit === "" ? "" : dirname(dotGit);
  });
  const modules = (await readText(join(workTree, ".gitmodules"))) ?? "";
  const submodules = modules.split("\n").flatMap((line) => {
    const at = line.indexOf("=");
    return at !== -1 && line.slice(0, at).trim() === "path" ? [join(workTree, line.slice(at + 1).trim())] : [];
  });
  const found = await Promise.all(
    [...(await Promise.all(worktrees)), ...submodules].map((path) => real(path, folders)),
  );
  return found.filter((path) => path !== undefined);
}

async function real(path: string, folders: Folders): Promise<string | undefined> {
  const found = path === "" ? undefined : await folders.inside(path);
  return found !== undefined && hasDotGit(found) ? found : undefined;
}
