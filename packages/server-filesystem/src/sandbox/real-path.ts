import { lstat, readlink, realpath } from "node:fs/promises";
import path from "node:path";

/** Most links that lead to one another. */
const MOST_LINKS = 40;

/**
 * A path with its links resolved. It may be missing, and so may a link's target: then the existing part is resolved.
 */
export async function realPathOf(wanted: string, links = MOST_LINKS): Promise<string> {
  const absolute = path.resolve(wanted);
  try {
    return await realpath(absolute);
  } catch {
    // It is missing, or may not be read.
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
 * An absolute glob with links resolved in its leading directories: denying `/tmp/a/secret` must cover that directory
 * even if `/tmp` is a link and the allowed directory goes by its real path.
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
      // A missing directory contains no links, but those above it may.
    }
  }
  return [];
}
