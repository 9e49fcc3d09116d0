import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
/** Folders that are not in a checkout; used when git cannot tell. */
const GENERATED: ReadonlySet<string> = new Set(["node_modules", "dist", ".turbo", ".git"]);

/**
 * Lists the files that belong to the project, relative to `root`, in order: what git tracks or would track, and in
 * a copy without git everything except generated folders.
 */
export async function projectFiles(root: string): Promise<string[]> {
  const files = (await gitFiles(root)) ?? (await walk(root, ""));
  return files.sort();
}

async function gitFiles(root: string): Promise<string[] | undefined> {
  try {
    const list = (...args: string[]) => run("git", ["ls-files", "-z", ...args], { cwd: root, maxBuffer: 1 << 26 });
    // A copy inside another repository is not tracked by it.
    const { stdout: top } = await run("git", ["rev-parse", "--show-prefix"], { cwd: root });
    if (top.trim() !== "") return undefined;
    const [present, deleted] = await Promise.all([list("-co", "--exclude-standard"), list("-d")]);
    const gone = new Set(deleted.stdout.split("\0"));
    return present.stdout.split("\0").filter((file) => file !== "" && !gone.has(file));
  } catch {
    return undefined;
  }
}

async function walk(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(path.join(root, folder), { withFileTypes: true });
  const nested = entries.map(async (entry) => {
    const file = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) return GENERATED.has(entry.name) ? [] : walk(root, file);
    return entry.isFile() ? [file] : [];
  });
  return (await Promise.all(nested)).flat();
}
