import { mkdir } from "node:fs/promises";
import path from "node:path";
import { openRoot, type Root } from "@org/beneath";
import { type Log, ToolError } from "@org/server-kit";
import { vaultCache } from "../index/cache-folder.ts";
import { openLock } from "../index/lock.ts";
import { openIndex } from "../index/open-index.ts";
import type { NotesIndex } from "../index/types.ts";
import { toToolError } from "./errors.ts";

/** A folder of notes that is open. */
export interface Vault {
  /** The files: nothing is read or written but through it. */
  readonly root: Root;
  readonly index: NotesIndex;
  /** Runs one read-modify-write at a time, over all servers of this folder. */
  readonly exclusively: <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;
  /** Folders in the notes folder, `""` for that itself. */
  readonly templates: string;
  readonly dailyFolder: string;
  readonly log: Log;
  close(): Promise<void>;
}

export interface VaultOptions {
  readonly dir: string;
  readonly templates: string;
  readonly dailyFolder: string;
  /** Where indexes are kept, instead of the platform's cache folder. */
  readonly indexDir: string | undefined;
  /** Whether nothing may be written, not even the folder itself. */
  readonly readOnly?: boolean;
}

/**
 * Opens a folder of notes, and makes it when it is missing. The index is read or built in the background.
 * @throws ToolError when the folder cannot be opened, or the index would lie inside of it
 */
export async function openVault(options: VaultOptions, log: Log): Promise<Vault> {
  const root = await openFolder(options.dir, options.readOnly ?? false);
  const { indexDir } = options;
  if (indexDir !== undefined && isInside(path.resolve(indexDir), root.path)) {
    throw new ToolError("invalid_input", "--index-dir: the index must lie outside of the notes folder.");
  }
  const index = openIndex({ directory: vaultCache(root.path, indexDir), root: root.path, log });
  // The lock has one place whatever --index-dir says, or two servers would not exclude each other.
  const lock = openLock({ directory: vaultCache(root.path), log });
  return {
    root,
    index,
    exclusively: lock.withLock,
    templates: folderOption(root, "--templates", options.templates),
    dailyFolder: folderOption(root, "--daily-folder", options.dailyFolder),
    log,
    async close() {
      await index.close();
      await lock.close();
      await root.close();
    },
  };
}

async function openFolder(dir: string, readOnly: boolean): Promise<Root> {
  try {
    if (!readOnly) await mkdir(dir, { recursive: true });
    // Links are not followed at all: what is a note must not depend on where a link leads today.
    return await openRoot(dir, { followLinks: "never", readOnly });
  } catch (error) {
    const told = toToolError(error, dir);
    throw told instanceof ToolError ? told : new ToolError("unavailable", "the notes folder cannot be made or opened.");
  }
}

const isInside = (file: string, folder: string) => file === folder || file.startsWith(folder + path.sep);

function folderOption(root: Root, flag: string, folder: string): string {
  try {
    return root.relative(folder);
  } catch {
    throw new ToolError("invalid_input", `${flag}: it must be a folder inside of the notes folder.`);
  }
}
