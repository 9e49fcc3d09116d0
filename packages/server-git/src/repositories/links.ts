import { isUtf8 } from "node:buffer";
import { readdir } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import { quote, ToolError } from "@org/server-kit";
import type { Folders } from "./folders.ts";
import { leadsOut } from "./locate.ts";
import { entriesIn, linkStatOf, readSmall, statOf } from "./read-small.ts";
import type { Place } from "./types.ts";

/**
 * Folders of a git directory in which a symlink would make git read or write elsewhere: a commit appends its message to
 * logs/HEAD and writes COMMIT_EDITMSG, wherever they link to.
 */
const WATCHED = [
  ...[".", "info", "objects", "objects/info", "objects/pack", "refs", "refs/heads", "refs/tags", "refs/remotes"],
  ...["logs", "logs/refs", "logs/refs/heads", "logs/refs/remotes"],
  // Read for the operation in progress, and shown.
  ...["rebase-merge", "rebase-apply", "sequencer"],
];
const MOST_ALTERNATES = 20;

/** @throws ToolError if the git directory contains a symlink or an alternate that leads outside */
export async function refuseLinksOut({ gitDirectory, commonDirectory }: Place, folders: Folders): Promise<void> {
  for (const directory of new Set([gitDirectory, commonDirectory])) {
    const links = WATCHED.flatMap((name) => linksIn(`${directory}/${name}`));
    for (const link of links) {
      if ((await folders.inside(link)) === undefined) throw leadsOut(`.git/${relative(directory, link)}`);
    }
  }
  await refuseAlternatesOut(commonDirectory, folders);
}

/**
 * Does the same for all refs below a prefix such as `refs/remotes/origin/`, since what a fetch writes is not known
 * beforehand.
 */
export async function refuseLinksBelow(place: Place, prefix: string, folders: Folders): Promise<void> {
  const { commonDirectory } = place;
  for (const top of ["", "logs"]) {
    const directory = join(commonDirectory, top, prefix);
    if (statOf(directory) === undefined) continue;
    const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => undefined);
    // Undefined if a folder's name is not UTF-8.
    if (entries === undefined) throw leadsOut(`something below .git/${join(top, prefix)}`);
    for (const entry of entries) {
      const path = join(entry.parentPath, entry.name);
      const isOut = entry.isSymbolicLink() && (await folders.inside(path)) === undefined;
      if (isOut) throw leadsOut(`something below .git/${join(top, prefix)}`);
      if (top === "" && !entry.isDirectory()) await targetOf(path, prefix);
    }
  }
}

/** How many symbolic refs in a row git follows. */
const MOST_STEPS = 5;

/**
 * Refuses a ref whose file or log is reached through a symlink that leads outside, in folders too deep for the general
 * check. A symbolic ref is followed, and each ref on the way is checked: git writes the last one, and the logs of all.
 * @param ref full name of the ref that a change updates: `HEAD`, `refs/heads/feature/x`
 */
export async function refuseRefOut(place: Place, ref: string, folders: Folders, left = MOST_STEPS): Promise<void> {
  const { gitDirectory, commonDirectory } = place;
  const parts = ref.split("/");
  for (const top of ["", "logs"]) {
    for (let count = 1; count <= parts.length; count++) {
      const directory = join(commonDirectory, top, ...parts.slice(0, count - 1));
      const link = linksIn(directory).find((path) => path === join(directory, parts[count - 1] ?? ""));
      if (link !== undefined && (await folders.inside(link)) === undefined) throw leadsOut(`.git/${top}/${ref}`);
    }
  }
  const target = await targetOf(join(parts.length === 1 ? gitDirectory : commonDirectory, ref), "refs/heads/");
  if (target === undefined) return;
  if (left === 0) throw unclear(ref);
  await refuseRefOut(place, target, folders, left - 1);
}

/**
 * The target of a symbolic ref; undefined for an id, or if there is no file.
 * @param within prefix that the target must have
 * @throws ToolError for any content that git might interpret differently
 */
async function targetOf(file: string, within: string): Promise<string | undefined> {
  const stats = linkStatOf(file);
  if (stats === undefined || stats.isDirectory()) return undefined;
  // Git also reads the target of a symlink as the name of a ref.
  const content = stats.isFile() ? await readSmall(file) : undefined;
  if (content === undefined) throw unclear(basename(file));
  if (!content.toString("latin1").startsWith("ref:")) return undefined;
  const [, target] = (isUtf8(content) && /^ref:[\t-\r ]*(\S+)[\t-\r ]*$/.exec(content.toString())) || [];
  if (!target?.startsWith(within)) throw unclear(basename(file));
  return target;
}

const unclear = (name: string) =>
  new ToolError(
    "unsupported",
    `nothing was changed: ${quote(name, 200)} in .git is not a commit's id or the plain name of a branch, so that what a change would ` +
      "write cannot be checked. Ask the user to look at `git symbolic-ref HEAD`, and to switch to another branch.",
  );

const linksIn = (directory: string): string[] =>
  entriesIn(directory)
    .filter((entry) => entry.isSymbolicLink())
    .map((entry) => join(directory, entry.name));

/** Checks the object stores that this one borrows from, and the ones that they borrow from. */
async function refuseAlternatesOut(commonDirectory: string, folders: Folders): Promise<void> {
  const waiting = [join(commonDirectory, "objects")];
  const seen = new Set<string>();
  for (let store = waiting.pop(); store !== undefined; store = waiting.pop()) {
    if (seen.has(store)) continue;
    seen.add(store);
    const file = join(store, "info", "alternates");
    const content = await readSmall(file);
    if (content === undefined && !statOf(file)) continue;
    // Git reads quoted lines, and bytes that are not UTF-8, differently than this code: their decoded form may name a
    // decoy inside.
    if (content === undefined || !isUtf8(content)) throw leadsOut("an entry of objects/info/alternates");
    for (const line of content.toString().split("\n")) {
      if (line === "" || line.startsWith("#")) continue;
      const found = line.startsWith('"') ? undefined : await folders.inside(resolve(store, line));
      if (found === undefined || seen.size > MOST_ALTERNATES) throw leadsOut("an entry of objects/info/alternates");
      waiting.push(found);
    }
  }
}
