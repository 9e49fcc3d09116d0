import {
  closeSync,
  constants,
  createReadStream,
  createWriteStream,
  existsSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { ToolError } from "@org/server-kit";

/** Bytes of an index that are copied in this thread: sooner done than handed over. */
const AT_ONCE = 4 << 20;
/** Some two million files: a sparse file of a terabyte would fill the disk. */
const MOST = 256 << 20;

/**
 * Runs what compares the work tree on a copy of the index: `git diff` writes a refreshed index for files whose time alone has
 * changed, and unlike status heeds no GIT_OPTIONAL_LOCKS. Without the refresh it would show such files as changed.
 * @param work gets the environment with which git uses the copy
 */
export async function* withIndexCopy<T>(
  gitDirectory: string,
  signal: AbortSignal,
  work: (env: Readonly<Record<string, string>>) => AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  const folder = mkdtempSync(join(tmpdir(), "server-git-"));
  try {
    await copyIndex(join(gitDirectory, "index"), join(folder, "index"), signal);
    yield* work({ GIT_INDEX_FILE: join(folder, "index") });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** With its time: git looks into files that are not older than the index, since a change within one second leaves no other trace. */
async function copyIndex(index: string, copy: string, signal: AbortSignal): Promise<void> {
  // A repository without commits may have none yet. Any other failure is one: without an index all files would seem deleted.
  if (!existsSync(index)) return;
  // Without waiting: a named pipe would hold a thread of this process for ever.
  const file = openSync(index, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = fstatSync(file);
    if (!stats.isFile())
      throw new ToolError("unsupported", "the index is not a file. Ask the user to look at .git/index.");
    if (stats.size > MOST) {
      throw new ToolError(
        "too_large",
        `the index has ${Math.round(stats.size / 2 ** 20)} MiB, more than this can compare with.`,
      );
    }
    if (stats.size <= AT_ONCE) writeFileSync(copy, readFileSync(file));
    else await pipeline(createReadStream(index, { fd: file, autoClose: false }), createWriteStream(copy), { signal });
    utimesSync(copy, stats.atime, stats.mtime);
  } finally {
    closeSync(file);
  }
}
