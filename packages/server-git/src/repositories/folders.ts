import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join, relative, resolve } from "node:path";
import { quote, ToolError } from "@org/server-kit";
import { isInside } from "../git/inside.ts";
import { didYouMean } from "../text/did-you-mean.ts";
import { realOf } from "./read-small.ts";

/** The configured folders, and what lies in them. */
export interface Folders {
  /** Real paths of the folders that exist now. @throws ToolError when none does */
  real(): Promise<string[]>;
  /** The real path of a path from a client. @throws ToolError `not_found`, `access_denied` */
  find(given: string): Promise<string>;
  /** The real path of something that a repository refers to; undefined if it is outside or does not exist. */
  inside(path: string): Promise<string | undefined>;
  /**
   * A path for a message: relative to the configured folder if there is only one, in a form that a client may send
   * back.
   */
  nameOf(path: string): string;
}

const NONE =
  "no folder is configured. Start the server with the folders of your repositories, as in `server-git ~/code`.";

/** @param configured called each time, since a host may change its roots */
export function createFolders(configured: () => readonly string[]): Folders {
  let kept: { readonly paths: readonly string[]; readonly found: string[] } | undefined;
  const real = async () => {
    const paths = configured();
    if (kept?.paths === paths) return kept.found;
    if (paths.length === 0) throw new ToolError("unavailable", NONE, { retryable: false });
    const found = paths.map(realOf).filter((path) => path !== undefined);
    if (found.length === 0) {
      throw new ToolError(
        "unavailable",
        `none of the configured folders exists: ${paths.map((path) => quote(path, 200)).join(", ")}. Ask the user to correct the folders in the server's configuration.`,
      );
    }
    // Kept for this turn of the event loop, in which one call asks five times.
    kept = { paths, found };
    setImmediate(() => (kept = undefined));
    return found;
  };
  const inside = async (path: string) => {
    const found = realOf(path);
    return found !== undefined && (await real()).some((folder) => isInside(folder, found)) ? found : undefined;
  };
  return {
    real,
    inside,
    nameOf(path) {
      const [folder, another] = configured();
      return folder === undefined || another !== undefined || !isInside(folder, path)
        ? path
        : relative(folder, path) || ".";
    },
    async find(given) {
      if (given.includes("\0")) throw new ToolError("invalid_input", "repo_path contains a NUL character.");
      const folders = await real();
      const path = /^~(?=$|[\\/])/.test(given) ? join(homedir(), given.slice(1)) : given;
      const candidates = isAbsolute(path) ? [resolve(path)] : folders.map((folder) => resolve(folder, path));
      let isOutside = true;
      for (const candidate of candidates) {
        const found = await inside(candidate);
        if (found !== undefined) return found;
        // For anything outside, the refusal does not reveal whether it exists.
        const all = [...folders, ...configured()];
        if (all.some((folder) => isInside(folder, candidate)) && realOf(candidate) === undefined) isOutside = false;
      }
      throw isOutside ? outside(given) : await missing(given, folders);
    },
  };
}

const outside = (given: string) =>
  new ToolError(
    "access_denied",
    `${quote(given, 200)} is not under the configured folders. git_list_repositories names what is.`,
  );

async function missing(given: string, folders: readonly string[]): Promise<ToolError> {
  const names = (await Promise.all(folders.map((folder) => readdir(folder).catch(() => [])))).flat();
  return new ToolError(
    "not_found",
    `${quote(given, 200)} does not exist under the configured folders.${didYouMean(given, names)} git_list_repositories names the repositories.`,
  );
}
