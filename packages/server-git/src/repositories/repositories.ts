import { type Log, quote, ToolError } from "@org/server-kit";
import { createLookups } from "../git/lookup.ts";
import { loadSimpleGit } from "../git/simple.ts";
import { createWaiting } from "../git/waiting.ts";
import { createFolders } from "./folders.ts";
import { hasDotGit, locate } from "./locate.ts";
import { openRepository, type Policy } from "./repository.ts";
import { findAll } from "./scan.ts";
import type { Repositories } from "./types.ts";

const NAMED = 20;
/** Time for a host to connect and list the tools first, so that loading delays nobody. */
const QUIET_MS = 300;

/**
 * The repositories under the configured folders. Opening one takes these steps, in the order given by repository.ts:
 * folders.ts resolves the client's path, locate.ts finds its `.git` and where that leads, links.ts refuses symlinks and
 * alternates that lead outside, owner.ts checks the owner, and configuration.ts reads the configuration, from which
 * ../git/settings.ts disables everything that could run a program. No other git command runs in a repository before
 * that.
 */
export function createRepositories(configured: () => readonly string[], policy: Policy, log: Log): Repositories {
  const folders = createFolders(configured);
  const lookups = createLookups();
  const waiting = createWaiting();
  // If loading fails, the call that needs it reports the error.
  setTimeout(() => void loadSimpleGit().catch(() => {}), QUIET_MS).unref();
  const open = async (path: string, signal: AbortSignal) =>
    openRepository(await locate(path, folders), { folders, lookups, waiting, policy, log, signal });

  const theOnlyOne = async (signal: AbortSignal): Promise<string> => {
    const tops = await folders.real();
    const [top] = tops;
    if (tops.length === 1 && top !== undefined && hasDotGit(top)) return top;
    const { places, refused } = await findAll(folders, signal, false);
    const [place] = places;
    if (places.length === 1 && place) return place.workTree;
    if (places.length === 0) {
      const [first] = refused;
      const why = first === undefined ? "" : ` ${first.reason}`;
      throw new ToolError(
        "not_found",
        `there is no repository to use under the configured folders.${why} Ask the user to add the folder of one to the server's configuration.`,
      );
    }
    const names = places.slice(0, NAMED).map(({ workTree }) => quote(folders.nameOf(workTree), 200));
    const more = places.length > NAMED ? ` and ${places.length - NAMED} more (git_list_repositories)` : "";
    throw new ToolError(
      "invalid_input",
      `there are ${places.length} repositories; pass one as repo_path: ${names.join(", ")}${more}.`,
    );
  };

  return {
    async open(given, signal) {
      return open(given === undefined ? await theOnlyOne(signal) : await folders.find(given), signal);
    },
    list: (signal) => findAll(folders, signal),
    close() {
      lookups.close();
      waiting.close();
    },
  };
}
