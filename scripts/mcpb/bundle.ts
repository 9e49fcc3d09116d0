import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { type Zippable, zipSync } from "fflate";
import { npm, pack } from "../lib/npm.ts";
import { type Package, ROOT } from "../lib/repository.ts";

/** A system for which a bundle has binaries, in npm's terms. */
export interface Platform {
  readonly os: string;
  readonly cpu: string;
}

/** The systems of Claude Desktop, and Linux. */
export const PLATFORMS: readonly Platform[] = [
  { os: "darwin", cpu: "arm64" },
  { os: "darwin", cpu: "x64" },
  { os: "win32", cpu: "x64" },
  { os: "linux", cpu: "x64" },
  { os: "linux", cpu: "arm64" },
];
export const HERE: Platform = { os: process.platform, cpu: process.arch };

// A fixed time, so that the same files always give the same bundle and the same checksum in the registry.
const TIME = new Date("2000-01-01T00:00:00");

/**
 * Makes the .mcpb of a built server in `target` and returns its path. It has what npm would publish, the manifest, and
 * what npm would install in addition, for each platform, so it runs without npm and without a network.
 */
export async function bundleMcpb({ folder, json }: Package, target: string, platforms = PLATFORMS): Promise<string> {
  const staging = await mkdtemp(path.join(tmpdir(), "mcpb-"));
  try {
    const source = path.join(ROOT, folder);
    const { files } = await pack(source, staging);
    const content = path.join(staging, "content");
    for (const file of [...files, "manifest.json"]) await cp(path.join(source, file), path.join(content, file));
    await install(json.dependencies ?? {}, staging, content, platforms);
    const bundle = path.join(target, `${path.basename(folder)}-${json.version}.mcpb`);
    await mkdir(target, { recursive: true });
    await writeFile(bundle, zipSync(await zippable(content), { mtime: TIME, level: 9 }));
    return bundle;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Installs the dependencies once for each platform, and puts everything that any of them needs into one node_modules. */
async function install(
  dependencies: Readonly<Record<string, string>>,
  staging: string,
  content: string,
  platforms: readonly Platform[],
): Promise<void> {
  if (Object.keys(dependencies).length === 0) return;
  for (const { os, cpu } of platforms) {
    const folder = path.join(staging, `${os}-${cpu}`);
    await mkdir(folder);
    await writeFile(path.join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
    const system = [`--os=${os}`, `--cpu=${cpu}`, ...(os === "linux" ? ["--libc=glibc"] : [])];
    await npm(folder, "install", "--ignore-scripts", "--no-package-lock", "--omit=dev", ...system);
    await cp(path.join(folder, "node_modules"), path.join(content, "node_modules"), {
      recursive: true,
      // Commands of dependencies, npm's own notes, and sources for debuggers.
      filter: (file) => !/[\\/]\.bin$|\.package-lock\.json$|\.map$|\.d\.[cm]?ts$/.test(file),
    });
  }
}

async function zippable(folder: string): Promise<Zippable> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => path.join(parentPath, name));
  const named = files.map((file) => [path.relative(folder, file).split(path.sep).join("/"), file] as const);
  const sorted = named.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    await Promise.all(sorted.map(async ([name, file]) => [name, await readFile(file)] as const)),
  );
}
