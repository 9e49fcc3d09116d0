import { copyFile, mkdir, mkdtemp, readdir, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import { projectFiles } from "../identity/files.ts";

export const ROOT = path.resolve(import.meta.dirname, "../..");

/** A package of the repository: its folder relative to the root, and its package.json. */
export interface Package {
  readonly folder: string;
  readonly json: PackageJson;
}

export interface PackageJson {
  readonly name: string;
  readonly version?: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly mcpName?: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly engines?: Readonly<Record<string, string>>;
  readonly repository?: { readonly type?: string; readonly url?: string; readonly directory?: string };
  readonly publishConfig?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Every package of the repository at `root`, the root's own package.json left out. */
export async function readPackages(root = ROOT): Promise<Package[]> {
  const manifests = (await projectFiles(root)).filter((file) =>
    /^(?:packages|shared|examples)\/[^/]+\/package\.json$|^(?:scripts|bench)\/package\.json$/.test(file),
  );
  return Promise.all(
    manifests.map(async (file) => ({ folder: path.dirname(file), json: await readJson(path.join(root, file)) })),
  );
}

/** The packages of packages/: what people run. */
export async function readServers(root = ROOT): Promise<Package[]> {
  return (await readPackages(root)).filter(({ folder }) => folder.startsWith("packages/"));
}

export async function readJson(file: string): Promise<PackageJson> {
  return JSON.parse(await readFile(file, "utf8"));
}

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
