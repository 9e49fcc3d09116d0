import { execFile, spawn } from "node:child_process";
import { lstat, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { INITIALIZE, parseReply } from "../client/protocol.ts";

const run = promisify(execFile);
/** Without the settings of the package manager that runs this, which must not reach npm. */
const ENVIRONMENT = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^npm_(?!config_(?:registry|userconfig)$)/i.test(name)),
);
const QUIET = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];

/** Runs npm and returns its output. */
export async function npm(folder: string, ...args: string[]): Promise<string> {
  const { stdout } = await run("npm", [...args, ...QUIET], { cwd: folder, env: ENVIRONMENT, maxBuffer: 1 << 26 });
  return stdout;
}

export interface Runtime {
  readonly version: string;
  readonly path: string;
}

/** The Node at a path, or a version such as `24` from npm. */
export async function runtimeOf(node: string): Promise<Runtime> {
  const print = ["-p", "JSON.stringify({ version: process.versions.node, path: process.execPath })"];
  const { stdout } = path.isAbsolute(node)
    ? await run(node, print)
    : await run("npm", ["exec", "--yes", `--package=node@${node}`, ...QUIET, "--", "node", ...print], {
        env: ENVIRONMENT,
      });
  const runtime: Runtime = JSON.parse(stdout);
  return runtime;
}

/** Milliseconds from `npx` to the answer to initialize, with npm's cache in `cache`. */
export async function timeNpx(cache: string, spec: string, command: string, args: readonly string[]): Promise<number> {
  const npx = ["exec", "--yes", "--cache", cache, `--package=${spec}`, ...QUIET, "--", command, ...args];
  const began = performance.now();
  // A group of its own, so that the server ends together with npm.
  const child = spawn("npm", npx, {
    cwd: cache,
    env: ENVIRONMENT,
    stdio: ["pipe", "pipe", "ignore"],
    detached: true,
  });
  child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, ...INITIALIZE })}\n`);
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      parseReply(line);
      return performance.now() - began;
    }
    throw new Error(`npx ${spec} ended without an answer`);
  } finally {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
  }
}

export interface Installed {
  readonly packages: number;
  /** Of all files in node_modules. */
  readonly bytes: number;
}

/** Installs a package into an empty folder. */
export async function install(folder: string, spec: string): Promise<Installed> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "package.json"), `{"private":true}`);
  await npm(folder, "install", spec);
  const lock: { packages: object } = JSON.parse(await readFile(path.join(folder, "package-lock.json"), "utf8"));
  const packages = Object.keys(lock.packages).filter((name) => name !== "");
  const modules = path.join(folder, "node_modules");
  const entries = await readdir(modules, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const sizes = await Promise.all(files.map(async (file) => (await lstat(file)).size));
  return { packages: packages.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}
