import { basename, dirname, join, resolve, sep } from "node:path";
import { quote, ToolError } from "@org/server-kit";
import { isInside } from "../git/inside.ts";
import type { Folders } from "./folders.ts";
import { linkStatOf, readText, statOf } from "./read-small.ts";
import type { Place } from "./types.ts";

/** Size limit for `.git` and `commondir` files, which hold one line with a path. */
const POINTER_BYTES = 8_192;

/**
 * Finds the repository whose work tree contains a path: the nearest `.git` on the way up, never above the configured
 * folder. Git is not asked, since it would follow that `.git` to wherever it leads before anything could be refused.
 * @param path a real path under a configured folder
 */
export async function locate(path: string, folders: Folders): Promise<Place> {
  const tops = await folders.real();
  const isTop = (folder: string) => !tops.some((top) => top !== folder && isInside(top, folder));
  const first = statOf(path)?.isDirectory() ? path : dirname(path);
  for (let folder = first; ; folder = dirname(folder)) {
    if (basename(folder) !== ".git" && hasDotGit(folder)) return placeOf(folder, folders);
    if (isTop(folder) || folder === dirname(folder)) break;
  }
  throw new ToolError(
    "not_found",
    `${quote(folders.nameOf(path), 200)} is not in a repository${isBare(first) ? " with a work tree; bare repositories are not served" : ""}. ` +
      "git_list_repositories names the repositories.",
  );
}

export const hasDotGit = (folder: string): boolean => linkStatOf(join(folder, ".git")) !== undefined;

const isBare = (folder: string) =>
  ["HEAD", "objects", "refs"].every((name) => statOf(join(folder, name)) !== undefined);

/** Resolves the `.git` of a work tree. @throws ToolError if it leads outside, or not to a repository */
export async function placeOf(workTree: string, folders: Folders): Promise<Place> {
  const dotGit = join(workTree, ".git");
  const entry = await folders.inside(dotGit);
  if (entry === undefined) throw leadsOut("its .git");
  const isFile = statOf(entry)?.isFile() === true;
  const gitDirectory = isFile ? await follow(entry, /^gitdir: (.+)$/, folders, "its .git file") : entry;
  const pointer = join(gitDirectory, "commondir");
  const isLinked = statOf(pointer) !== undefined;
  const commonDirectory = isLinked
    ? await follow(pointer, /^(.+)$/, folders, "the commondir file of its git directory")
    : gitDirectory;
  if (!statOf(join(gitDirectory, "HEAD")) || !statOf(join(commonDirectory, "objects"))) {
    throw new ToolError(
      "not_found",
      "its .git is not a git directory: HEAD or objects are missing there. git_list_repositories names the repositories.",
    );
  }
  const isSubmodule = isFile && !isLinked && gitDirectory.includes(`${sep}modules${sep}`);
  const kind = isLinked ? "linked worktree" : isSubmodule ? "submodule" : "main";
  return { workTree, gitDirectory, commonDirectory, kind };
}

async function follow(file: string, pattern: RegExp, folders: Folders, what: string) {
  const text = (await readText(file, POINTER_BYTES)) ?? "";
  const [, target] = pattern.exec(text.replace(/[\r\n]+$/, "")) ?? [];
  if (target === undefined) {
    throw new ToolError(
      "not_found",
      `${what} does not name a folder, so there is no repository. git_list_repositories names those that can be used.`,
    );
  }
  const found = await folders.inside(resolve(dirname(file), target));
  if (found === undefined) throw leadsOut(what);
  return found;
}

/** The error for anything that would make git read or write elsewhere. */
export const leadsOut = (what: string): ToolError =>
  new ToolError(
    "access_denied",
    `the repository is not served: ${what} leads to something outside the configured folders, or missing. If that is ` +
      "meant, as with a linked worktree, let the user add the folder that it leads to to the server's command line.",
  );
