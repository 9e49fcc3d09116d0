import { readdir } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import type { Folders } from "./folders.ts";
import { leadsOut } from "./locate.ts";
import { entriesIn, readText } from "./read-small.ts";
import type { Place } from "./types.ts";

/**
 * Folders of a git directory where a symlink would have git write or read elsewhere: a commit appends its message to
 * logs/HEAD and writes COMMIT_EDITMSG, whatever they link to.
 */
const WATCHED = [
  ...[".", "info", "objects", "objects/info", "objects/pack", "refs", "refs/heads", "refs/tags", "refs/remotes"],
  ...["logs", "logs/refs", "logs/refs/heads", "logs/refs/remotes"],
  // What is read for the operation under way, and shown.
  ...["rebase-merge", "rebase-apply", "sequencer"],
];
const MOST_ALTERNATES = 20;

/** @throws ToolError where the git directory holds a symlink, or an alternate, that leads out */
export async function refuseLinksOut({ gitDirectory, commonDirectory }: Place, folders: Folders): Promise<void> {
  for (const directory of new Set([gitDirectory, commonDirectory])) {
    const links = WATCHED.flatMap((name) => linksIn(join(directory, name)));
    for (const link of links) {
      if ((await folders.inside(link)) === undefined) throw leadsOut(`.git/${relative(directory, link)}`);
    }
  }
  await refuseAlternatesOut(commonDirectory, folders);
}

/** The same for all refs below a name, `refs/remotes/origin`: what a fetch may write is not known before. */
export async function refuseLinksBelow({ commonDirectory }: Place, prefix: string, folders: Folders): Promise<void> {
  for (const top of ["", "logs"]) {
    const directory = join(commonDirectory, top, prefix);
    const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const isOut = entry.isSymbolicLink() && (await folders.inside(join(entry.parentPath, entry.name))) === undefined;
      if (isOut) throw leadsOut(`something below .git/${join(top, prefix)}`);
    }
  }
}

/**
 * Refuses a reflog or branch file that is reached through a symlink leading out, for names deeper than what is always looked at.
 * @param ref the full name of what a change updates: `refs/heads/feature/x`
 */
export async function refuseRefOut({ commonDirectory }: Place, ref: string, folders: Folders): Promise<void> {
  const parts = ref.split("/");
  for (const top of ["", "logs"]) {
    for (let count = 1; count <= parts.length; count++) {
      const directory = join(commonDirectory, top, ...parts.slice(0, count - 1));
      const link = linksIn(directory).find((path) => path === join(directory, parts[count - 1] ?? ""));
      if (link !== undefined && (await folders.inside(link)) === undefined) throw leadsOut(`.git/${top}/${ref}`);
    }
  }
}

const linksIn = (directory: string): string[] =>
  entriesIn(directory)
    .filter((entry) => entry.isSymbolicLink())
    .map((entry) => join(directory, entry.name));

/** Other object stores that this one borrows from, and what those borrow from. */
async function refuseAlternatesOut(commonDirectory: string, folders: Folders): Promise<void> {
  const waiting = [join(commonDirectory, "objects")];
  const seen = new Set<string>();
  for (let store = waiting.pop(); store !== undefined; store = waiting.pop()) {
    if (seen.has(store)) continue;
    seen.add(store);
    const text = (await readText(join(store, "info", "alternates"))) ?? "";
    for (const line of text.split("\n")) {
      if (line === "" || line.startsWith("#")) continue;
      const found = await folders.inside(resolve(store, line));
      // A path in quotes is one of git's forms; it is refused since nothing that is wanted needs it.
      if (found === undefined || seen.size > MOST_ALTERNATES) throw leadsOut("an entry of objects/info/alternates");
      waiting.push(found);
    }
  }
}
