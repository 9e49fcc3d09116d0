import { join, resolve } from "node:path";
import { type Log, quote, ToolError } from "@org/server-kit";
import { type ConfigEntry, isTrusted, lastValue } from "../git/config-list.ts";
import { environment } from "../git/environment.ts";
import { isInside } from "../git/inside.ts";
import type { Lookups } from "../git/lookup.ts";
import { remembered } from "../git/remembered.ts";
import { createRunner } from "../git/runner.ts";
import { hardening, type Setting, submodulesUntouched } from "../git/settings.ts";
import type { Runner } from "../git/types.ts";
import type { Waiting } from "../git/waiting.ts";
import { inTurn } from "./change.ts";
import { clientPath } from "./client-path.ts";
import { readConfiguration } from "./configuration.ts";
import type { Folders } from "./folders.ts";
import { headText, readHead } from "./head.ts";
import { indexWithoutLock } from "./index-path.ts";
import { refuseLinksBelow, refuseLinksOut, refuseRefOut } from "./links.ts";
import { leadsOut } from "./locate.ts";
import { isOwned, notOwned } from "./owner.ts";
import { readSmall, statOf, versionOf } from "./read-small.ts";
import { resolveRevision } from "./resolve.ts";
import type { Place, Repository } from "./types.ts";

/** Command-line options that apply to all repositories. */
export interface Policy {
  /** Hooks, filters and merge drivers of the repository run. */
  readonly allowHooks: boolean;
  /** Repositories of other users may be read. */
  readonly allowOtherOwner: boolean;
}

interface Opening {
  readonly folders: Folders;
  readonly lookups: Lookups;
  readonly waiting: Waiting;
  readonly policy: Policy;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Opens a repository for one call. All checks are repeated each time, since anything may have changed in between. */
export async function openRepository(
  found: Place,
  { folders, lookups, waiting, policy, log, signal }: Opening,
): Promise<Repository> {
  await refuseLinksOut(found, folders);
  const owned = await isOwned(found, signal);
  if (!owned && !policy.allowOtherOwner) throw notOwned(found.workTree);
  const tops = await folders.real();
  let isPartial = false;
  const runnerFor = (place: Place, settings: readonly Setting[], more = {}, keys = false) =>
    createRunner({
      cwd: place.workTree,
      env: Object.assign(environmentIn(place, settings, keys), more),
      folders: tops,
      log,
      waiting,
      mayStartPrograms: keys || policy.allowHooks,
      isPartial,
    });
  const entries = await readConfiguration(found, () => runnerFor(found, hardening([], { allowHooks: false })), signal);
  isPartial = entries.some(({ key }) => key === "extensions.partialclone" || /^remote\..+\.promisor$/s.test(key));
  if (!policy.allowHooks) refuseByBranch(entries);
  refuseRefsElsewhere(entries);
  const place = await withWorkTree(found, entries, folders);
  const isShallow = (statOf(join(place.commonDirectory, "shallow"))?.size ?? 0) > 0;
  return withHardening(hardening(entries, policy));

  function withHardening(settings: readonly Setting[]): Repository {
    const runner = runnerFor(place, settings);
    const find: Repository["find"] = (name, callSignal) => {
      const { gitDirectory, workTree } = place;
      const once = ["shallow", "objects/info/alternates"].map((file) => join(place.commonDirectory, file));
      const version = [...once.map(versionOf), statOf(place.commonDirectory)?.ino, textOf(entries)].join("\n");
      const env = () => environmentIn(place, settings);
      return lookups.find({ gitDirectory, cwd: workTree, env, version }, name, callSignal);
    };
    const head = (callSignal: AbortSignal) => readHead(place, runner, callSignal);
    const where = async (callSignal: AbortSignal) => ({
      work_tree: place.workTree,
      branch: headText(await head(callSignal)),
    });
    const mayChange = async (refs: readonly string[]) => {
      if (!owned) throw notOwned(place.workTree);
      for (const ref of ["HEAD", "ORIG_HEAD", ...refs]) {
        await (ref.endsWith("/") ? refuseLinksBelow(place, ref, folders) : refuseRefOut(place, ref, folders));
      }
    };
    return {
      ...place,
      ...runner,
      head,
      where,
      async header(callSignal) {
        const { work_tree, branch } = await where(callSignal);
        return `work tree ${work_tree}${place.kind === "main" ? "" : ` (${place.kind})`}, branch ${branch}`;
      },
      isShallow,
      entries,
      allowHooks: policy.allowHooks,
      find,
      resolve: (revision, callSignal, kind) =>
        resolveRevision({ ...runner, find, isShallow }, revision, callSignal, kind),
      path: (given) => clientPath(place.workTree, given),
      isServed: (path) => tops.some((folder) => isInside(folder, path)),
      config: (key) => lastValue(entries, key),
      withSettings: (more, env, needsKeys) => runnerFor(place, [...settings, ...more], env, needsKeys),
      comparing: (args, options) =>
        runnerFor(place, settings, { GIT_INDEX_FILE: indexWithoutLock(place.gitDirectory) }).chunks(args, options),
      mayChange,
      change: (work, refs = []) =>
        inTurn(place.commonDirectory, async () => {
          await mayChange(refs);
          const modules = await readModules(place, runner, signal);
          try {
            return await work(withHardening([...settings, ...submodulesUntouched(modules)]));
          } catch (error) {
            throw error instanceof ToolError && error.code === "timeout" ? stopped() : error;
          }
        }),
    };
  }
}

const stopped = () =>
  new ToolError(
    "timeout",
    "git was stopped at the deadline, and may have done a part of it: look at git_status before you repeat the call. Ask for less, or " +
      "let the user start the server with a larger --timeout.",
  );

const textOf = remembered((entries: readonly ConfigEntry[]) => JSON.stringify(entries));

/** With these three variables git does not search for a repository, and core.worktree has no effect. */
const environmentIn = (
  { workTree, gitDirectory, commonDirectory }: Place,
  settings: readonly Setting[],
  withKeys = false,
): Record<string, string> =>
  Object.assign(environment(settings, withKeys), {
    GIT_DIR: gitDirectory,
    GIT_WORK_TREE: workTree,
    GIT_COMMON_DIR: commonDirectory,
  });

/**
 * All texts that git may read as .gitmodules during a change: the file, and the versions in the index and the last
 * commit.
 */
async function readModules({ workTree }: Place, runner: Runner, signal: AbortSignal): Promise<Buffer> {
  const file = join(workTree, ".gitmodules");
  const text = await readSmall(file);
  if (text === undefined && statOf(file)) {
    throw new ToolError("unsupported", "cannot read .gitmodules, or it is too large. Ask the user to look at it.");
  }
  const input = ":.gitmodules\nHEAD:.gitmodules\n";
  const { stdout } = await runner.answer(["cat-file", "--batch"], { signal, input, codes: [0, 128] });
  return Buffer.concat([text ?? Buffer.alloc(0), stdout]);
}

/**
 * Refuses a repository whose configuration has parts for certain branches only. The programs in them could not be
 * disabled before somebody, such as another call at the same moment, switches to that branch.
 */
function refuseByBranch(entries: readonly ConfigEntry[]): void {
  const included = entries.find((entry) => !isTrusted(entry) && entry.key.startsWith("includeif.onbranch:"));
  if (included === undefined) return;
  throw new ToolError(
    "unsupported",
    `the repository's configuration has ${quote(included.key)}: other settings for some branches, which cannot be checked before they ` +
      "count. Let the user move what is needed to the plain configuration, or start the server with --allow-hooks.",
  );
}

/** Since git 2.54 a repository can configure where its refs are stored, which could be anywhere. */
function refuseRefsElsewhere(entries: readonly ConfigEntry[]): void {
  if (entries.some(({ key, value }) => key === "extensions.refstorage" && value.includes(":"))) {
    throw leadsOut("extensions.refStorage in its configuration");
  }
}

/** Applies `core.worktree` if the repository sets it, as submodules do; refused if it leads outside. */
async function withWorkTree(place: Place, entries: readonly ConfigEntry[], folders: Folders): Promise<Place> {
  const given = entries.findLast(
    ({ key, scope }) => key === "core.worktree" && (scope === "local" || scope === "worktree"),
  );
  // A linked worktree has its own; the main one's setting does not apply to it.
  if (given === undefined || (place.kind === "linked worktree" && given.scope === "local")) return place;
  const workTree = await folders.inside(resolve(place.gitDirectory, given.value));
  if (workTree === undefined) throw leadsOut("core.worktree in its configuration");
  return { ...place, workTree };
}
