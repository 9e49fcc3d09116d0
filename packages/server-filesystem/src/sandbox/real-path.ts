import { lstat, readlink, realpath } from "node:fs/promises";
import path from "node:path";

/** Links that lead to one another, at most. */
const MOST_LINKS = 40;

/**
 * A path with its links resolved, also where it, or what a link leads to, is missing: those above it are resolved then.
 */
export async function realPathOf(wanted: string, links = MOST_LINKS): Promise<string> {
  const absolute = path.resolve(wanted);
  try {
    return await realpath(absolute);
  } catch {
    // Missing, or not to be looked at.
  }
  const above = path.dirname(absolute);
  if (above === absolute || links === 0) return absolute;
  const target = await targetOf(absolute);
  if (target !== undefined) return realPathOf(path.resolve(above, target), links - 1);
  return path.join(await realPathOf(above, links - 1), path.basename(absolute));
}

async function targetOf(link: string): Promise<string | undefined> {
  try {
    return (await lstat(link)).isSymbolicLink() ? await readlink(link) : undefined;
  } catch {
    return undefined;
  }
}

const SIGNS = /[*?[\]{}\\]/;

/**
 * An absolute glob with the links resolved in the directories that it begins with: somebody who denies
 * `/tmp/a/secret` means what is there, also where `/tmp` is a link and the allowed directory has its real path.
 */
export async function withoutLinks(glob: string): Promise<string[]> {
  const names = glob.split("/");
  const signs = names.findIndex((name) => SIGNS.test(name));
  for (let end = signs === -1 ? names.length - 1 : signs; names[0] === "" && end > 1; end -= 1) {
    try {
      const above = await realpath(names.slice(0, end).join("/"));
      if (above === names.slice(0, end).join("/") || SIGNS.test(above)) return [];
      return [[above.replace(/\/$/, ""), ...names.slice(end)].join("/")];
    } catch {
      // What is missing has no links; what is above it may.
    }
  }
  return [];
}
