import { copyFile, mkdir, mkdtemp, readdir, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import { projectFiles } from "../identity/files.ts";
import { ROOT } from "../lib/repository.ts";

/** A temporary folder outside the repository, removed after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), "servers-test-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** Copies the project's files below `folder` (relative to the root) into `target`. */
export async function copyProject(folder: string, target: string): Promise<void> {
  for (const file of await projectFiles(ROOT)) {
    if (folder !== "." && !file.startsWith(`${folder}/`)) continue;
    const to = path.join(target, path.relative(folder, file));
    await mkdir(path.dirname(to), { recursive: true });
    await copyFile(path.join(ROOT, file), to);
  }
}

/** The text files of a folder by their relative path, for comparing trees. */
export async function readTree(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const texts = files.map(async (file) => [path.relative(folder, file), await readFile(file, "latin1")] as const);
  return new Map(await Promise.all(texts));
}
