import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

/** Makes a folder with the given files for one test; `node_modules` entries of this package can be linked in. */
export async function makeFolder(files: Record<string, string>, linked: readonly string[] = []): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), "server-build-test-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await addFiles(folder, files);
  for (const name of linked) {
    const link = path.join(folder, "node_modules", name);
    await mkdir(path.dirname(link), { recursive: true });
    await symlink(path.join(import.meta.dirname, "../node_modules", name), link, "junction");
  }
  return folder;
}

export async function addFiles(folder: string, files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

/** The files of a package in the folder's node_modules, or in those of the folder `under`. */
export function packageFiles(
  name: string,
  { license = "MIT", text = "", under = "", source = `export const name = () => ${JSON.stringify(name)};` } = {},
): Record<string, string> {
  const root = path.posix.join(under, "node_modules", name);
  const json = JSON.stringify({ name, version: "1.2.3", license, type: "module", exports: "./index.js" });
  return {
    [`${root}/package.json`]: json,
    [`${root}/index.js`]: source,
    ...(text && { [`${root}/LICENSE`]: text }),
  };
}
