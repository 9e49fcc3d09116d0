import { constants } from "node:fs";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Runs what compares the work tree on a copy of the index: `git diff` writes a refreshed index for files whose time alone has
 * changed, and unlike status heeds no GIT_OPTIONAL_LOCKS. Without the refresh it would show such files as changed.
 * @param work gets the environment with which git uses the copy
 */
export async function* withIndexCopy<T>(
  gitDirectory: string,
  work: (env: Readonly<Record<string, string>>) => AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  const folder = await mkdtemp(join(tmpdir(), "server-git-"));
  try {
    const copy = join(folder, "index");
    // A repository without commits may have none yet.
    await copyFile(join(gitDirectory, "index"), copy, constants.COPYFILE_FICLONE).catch(() => {});
    yield* work({ GIT_INDEX_FILE: copy });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
