import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { openRoot, type Root } from "@org/beneath";
import { type Log, once, quote, ToolError } from "@org/server-kit";
import { type NotesIndex, openIndex } from "../index/notes-index.ts";
import { type Finished, openFinished } from "./bulk/finished.ts";
import { toToolError } from "./errors.ts";
import { folderOption, noteFolderOption, requireApart } from "./folders.ts";
import { sweepLeftovers } from "./leftovers.ts";
import { platformCache, vaultCache } from "./lock/cache-folder.ts";
import { openLock } from "./lock/lock.ts";

/** An open folder of notes. */
export interface Vault {
  /** The files: everything is read and written through it. */
  readonly root: Root;
  readonly index: NotesIndex;
  /** Runs one read-modify-write at a time, among all servers of this folder. */
  readonly exclusively: <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;
  /** Recently completed moves and renamings. */
  readonly finished: Finished;
  /**
   * Folders inside the notes folder that an option names, `""` for the notes folder itself; undefined to use the
   * vault's settings.
   */
  readonly templates: string | undefined;
  readonly dailyFolder: string | undefined;
  readonly log: Log;
  close(): Promise<void>;
}

export interface VaultOptions {
  readonly dir: string;
  readonly templates: string | undefined;
  readonly dailyFolder: string | undefined;
  /** Where indexes are kept, instead of the platform's cache folder. */
  readonly indexDir: string | undefined;
  /** Whether nothing may be written, not even the folder itself. */
  readonly readOnly?: boolean;
}

/**
 * Opens a folder of notes, and creates it when missing. The index is read or built in the background. @throws ToolError
 * when the folder cannot be opened, an option does not fit it, or index or lock would be among the notes
 */
export async function openVault(options: VaultOptions, log: Log): Promise<Vault> {
  const root = await openFolder(options.dir, options.readOnly ?? false);
  try {
    return await openIn(root, options, log);
  } catch (error) {
    await root.close();
    throw error;
  }
}

async function openIn(root: Root, options: VaultOptions, log: Log): Promise<Vault> {
  const templates = options.templates === undefined ? undefined : folderOption(root, "--templates", options.templates);
  const dailyFolder =
    options.dailyFolder === undefined ? undefined : noteFolderOption(root, "--daily-folder", options.dailyFolder);
  // The lock's place does not depend on --index-dir, or two servers would not exclude each other.
  const platform = platformCache(process.platform, process.env);
  const { indexDir = platform } = options;
  if (indexDir !== platform) await requireApart(root, indexDir, "--index-dir: the index");
  await requireApart(root, platform, "the cache folder (XDG_CACHE_HOME, where the platform has it)");
  // Computed when first needed: loading node:crypto for it takes a tenth of the start-up time.
  const indexCache = once(() => vaultCache(root.path, indexDir));
  const lockCache = once(() => vaultCache(root.path, platform));
  const index = openIndex({ directory: indexCache, root: root.path }, log);
  const lock = openLock({ directory: lockCache, log });
  const endSweep = root.readOnly ? undefined : sweepLeftovers({ root, log });
  return {
    root,
    index,
    exclusively: lock.withLock,
    finished: openFinished(lockCache, log),
    templates,
    dailyFolder,
    log,
    async close() {
      await endSweep?.();
      await index.close();
      await lock.close();
      await root.close();
    },
  };
}

async function openFolder(dir: string, readOnly: boolean): Promise<Root> {
  try {
    if (!readOnly) await makeFolder(dir);
    // Links are not followed at all: what counts as a note must not depend on where a link leads today.
    return await openRoot(dir, { followLinks: "never", readOnly });
  } catch (error) {
    const told = toToolError(error, dir);
    if (told instanceof ToolError) throw told;
    const reason = errnoOf(error) ?? "unknown reason";
    throw new ToolError(
      "unavailable",
      `the notes folder ${quote(dir, 200)} cannot be created or opened (${reason}). Choose another, or check its permissions.`,
    );
  }
}

/** Not `recursive`, which Node.js never ends where the system creates nothing and says that a parent is missing: in /proc. */
async function makeFolder(dir: string, parents = true): Promise<void> {
  try {
    await mkdir(dir);
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return;
    if (errnoOf(error) !== "ENOENT" || !parents || dirname(dir) === dir) throw error;
    await makeFolder(dirname(dir));
    await makeFolder(dir, false);
  }
}

const errnoOf = (error: unknown) =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
