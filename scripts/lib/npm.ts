import { execFile, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { ROOT, readPackages } from "./repository.ts";

const run = promisify(execFile);
/** Without the settings of the npm run that started us (prefix, workspace), which must not reach ours. */
const ENVIRONMENT = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^npm_(?!config_(?:registry|cache|userconfig)$)/i.test(name)),
);
const WINDOWS = process.platform === "win32";

/** Runs npm in a folder and returns its stdout; fails with everything it printed. */
export async function npm(folder: string, ...args: string[]): Promise<string> {
  const quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--prefer-offline", "--loglevel=error"];
  try {
    const { stdout } = await run("npm", [...quiet, ...args], {
      cwd: folder,
      env: ENVIRONMENT,
      maxBuffer: 1 << 26,
      shell: WINDOWS,
    });
    return stdout;
  } catch (error) {
    const output = error instanceof Error && "stdout" in error ? `${error.stdout}\n${String(error)}` : String(error);
    throw new Error(`npm ${args.join(" ")} failed in ${folder}:\n${output}`);
  }
}

export interface Packed {
  /** The tarball. */
  readonly file: string;
  /** The paths of its files. */
  readonly files: readonly string[];
  /** The files among them that are executable. */
  readonly executable: readonly string[];
  /** Bytes of the tarball. */
  readonly size: number;
}

/** Packs a built package into `target`. */
export async function pack(folder: string, target: string): Promise<Packed> {
  const [packed]: { filename: string; size: number; files: { path: string; mode: number }[] }[] = JSON.parse(
    await npm(folder, "pack", "--json", "--ignore-scripts", "--pack-destination", target),
  );
  if (!packed) throw new Error(`npm packed nothing in ${folder}`);
  return {
    file: path.join(target, packed.filename.replace("@", "").replace("/", "-")),
    files: packed.files.map((entry) => entry.path).sort(),
    executable: packed.files.filter(({ mode }) => (mode & 0o111) !== 0).map((entry) => entry.path),
    size: packed.size,
  };
}

let sharedTarballs: Promise<string[]> | undefined;

/** Tarballs of the shared packages that servers would get from the registry, packed once per test file. */
export function packShared(): Promise<string[]> {
  sharedTarballs ??= (async () => {
    const target = await mkdtemp(path.join(tmpdir(), "servers-tarballs-"));
    process.once("exit", () => rmSync(target, { recursive: true, force: true }));
    const shared = (await readPackages()).filter(({ folder, json }) => folder.startsWith("shared/") && !json.private);
    return Promise.all(shared.map(async ({ folder }) => (await pack(path.join(ROOT, folder), target)).file));
  })();
  return sharedTarballs;
}

/** Starts an installed server by its command and asks, as a host would, for its name and tools. */
export async function askTools(folder: string, command: string, args: readonly string[]) {
  const bin = path.join(folder, "node_modules/.bin", WINDOWS ? `${command}.cmd` : command);
  const client = new Client({ name: "install-test", version: "1.0.0" });
  try {
    await client.connect(new StdioClientTransport({ command: bin, args: [...args], cwd: folder, stderr: "ignore" }));
    const { tools } = await client.listTools();
    return { server: client.getServerVersion(), tools: tools.map(({ name }) => name) };
  } finally {
    await client.close();
  }
}

/** Writes lines to a server's stdin, closes it, and returns everything that arrives until the process exits. */
export function pipe(bin: string, args: readonly string[], lines: readonly object[]) {
  return new Promise<{ code: number | null; replies: unknown[]; stderr: string }>((resolve, reject) => {
    // A server that does not exit on its own is killed, and its exit code is null.
    const limits = { timeout: 30_000, killSignal: "SIGKILL" } as const;
    const child = spawn(process.execPath, [bin, ...args], { stdio: "pipe", ...limits });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    child.once("error", reject);
    child.once("close", (code) => {
      const replies = stdout
        .split("\n")
        .filter(Boolean)
        .map((line): unknown => JSON.parse(line));
      resolve({ code, replies, stderr });
    });
    child.stdin.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  });
}

/** The first messages of a host with a 2025 revision. */
export const OPENING = [
  {
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "pipe", version: "1.0.0" } },
  },
  { jsonrpc: "2.0", method: "notifications/initialized" },
  { jsonrpc: "2.0", id: 2, method: "tools/list" },
];
