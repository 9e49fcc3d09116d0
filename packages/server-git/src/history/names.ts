import { basename } from "node:path";
import type { Repositories, Repository } from "../repositories/types.ts";
import { showPath } from "../text/paths.ts";
import { hasInvisible } from "../text/visible.ts";

/** The most names offered; clients show a hundred. */
const MOST = 100;
/** Milliseconds after which a completion comes too late for somebody typing. */
const PATIENCE = 2_000;

/** HEAD, branches and tags that begin with the typed text, latest commits first. */
export const revisionsFrom = (repositories: Repositories, typed: string): Promise<string[]> =>
  suggest(repositories, async (repository, signal) => {
    const refs = ["for-each-ref", "--sort=-creatordate", "--format=%(refname:lstrip=2)", "--count=5000"];
    const names = ["HEAD", ...(await repository.git(refs, { signal })).toString().split("\n")];
    return names.filter((name) => name !== "" && name.startsWith(typed) && !hasInvisible(name));
  });

/** Paths in HEAD that begin with the typed text: a folder's contents appear once its slash is typed. */
export const pathsFrom = (repositories: Repositories, typed: string): Promise<string[]> =>
  suggest(repositories, async (repository, signal) => {
    const folder = typed.slice(0, typed.lastIndexOf("/") + 1);
    const paths = folder === "" ? [] : [Buffer.from(folder)];
    const names: string[] = [];
    for await (const record of repository.records(["ls-tree", "--full-tree", "-z", "HEAD"], { signal, paths })) {
      const name = showPath(Buffer.from(record.subarray(record.indexOf("\t") + 1)));
      const isFolder = record.subarray(7, 11).toString("latin1") === "tree";
      if (name.startsWith(typed)) names.push(isFolder ? `${name}/` : name);
      if (names.length > MOST) break;
    }
    return names;
  });

/** Names of repositories: the folder's name if it is unique, else the whole path. */
export async function repositoriesFrom(repositories: Repositories, typed: string): Promise<string[]> {
  const { places } = await repositories.list(AbortSignal.timeout(PATIENCE));
  const names = places.map(({ workTree }) => basename(workTree));
  const unique = places.map(({ workTree }, at) => {
    const name = names[at] ?? "";
    return names.indexOf(name) === names.lastIndexOf(name) ? name : workTree;
  });
  return unique.filter((name) => name.startsWith(typed));
}

/** The repository with this path or folder name. */
export async function repositoryNamed(
  repositories: Repositories,
  name: string,
  signal: AbortSignal,
): Promise<Repository> {
  const { places } = name.includes("/") ? { places: [] } : await repositories.list(signal);
  const named = places.filter(({ workTree }) => basename(workTree) === name);
  return repositories.open(named.length === 1 ? named[0]?.workTree : name, signal);
}

/** A completion request names no repository, so all of them are asked; one that fails suggests nothing. */
async function suggest(
  repositories: Repositories,
  ask: (repository: Repository, signal: AbortSignal) => Promise<string[]>,
): Promise<string[]> {
  const signal = AbortSignal.timeout(PATIENCE);
  const found = new Set<string>();
  try {
    const { places } = await repositories.list(signal);
    for (const { workTree } of places) {
      const names = await repositories
        .open(workTree, signal)
        .then((one) => ask(one, signal))
        .catch(() => []);
      for (const name of names) found.add(name);
      if (found.size > MOST || signal.aborted) break;
    }
  } catch {
    // No folder is configured, or it took too long.
  }
  return [...found];
}
