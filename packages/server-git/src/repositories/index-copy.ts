import { constants, copyFileSync, mkdtempSync, rmSync, utimesSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ToolError } from "@org/server-kit";
import { statOf } from "./read-small.ts";

/** Bytes of an index that are copied in this thread: sooner done than handed over. */
const AT_ONCE = 4 << 20;

/**
 * Runs what compares the work tree on a copy of the index: `git diff` writes a refreshed index for files whose time alone has
 * changed, and unlike status heeds no GIT_OPTIONAL_LOCKS. Without the refresh it would show such files as changed.
 * @param work gets the environment with which git uses the copy
 */
export async function* withIndexCopy<T>(
  gitDirectory: string,
  work: (env: Readonly<Record<string, string>>) => AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  const folder = mkdtempSync(join(tmpdir(), "server-git-"));
  try {
    await copyIndex(join(gitDirectory, "index"), join(folder, "index"));
    yield* work({ GIT_INDEX_FILE: join(folder, "index") });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** With its time: git looks into files that are not older than the index, since a change within one second leaves no other trace. */
async function copyIndex(index: string, copy: string): Promise<void> {
  const times = statOf(index);
  // A repository without commits may have none yet. Any other failure is one: without an index all files would seem deleted.
  if (times === undefined) return;
  // To copy a named pipe would hold a thread of this process for ever.
  if (!times.isFile())
    throw new ToolError("unsupported", "the index is not a file. Ask the user to look at .git/index.");
  if (times.size <= AT_ONCE) copyFileSync(index, copy, constants.COPYFILE_FICLONE);
  else await copyFile(index, copy, constants.COPYFILE_FICLONE);
  utimesSync(copy, times.atime, times.mtime);
}
