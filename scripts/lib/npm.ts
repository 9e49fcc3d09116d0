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
/** npm's own settings of the run that started us (its prefix, its workspace) must not reach ours. */
const ENVIRONMENT = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^npm_(?!config_(?:registry|cache|userconfig)$)/i.test(name)),
);
const WINDOWS = process.platform === "win32";

/** Runs npm in a folder and answers its stdout; fails with all that it printed. */
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
  /** What is in it, by path. */
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

/** The tarballs of what servers take from here, packed once per run of a test file. A server finds these on the registry. */
export function packShared(): Promise<string[]> {
  sharedTarballs ??= (async () => {
    const target = await mkdtemp(path.join(tmpdir(), "servers-tarballs-"));
    process.once("exit", () => rmSync(target, { recursive: true, force: true }));
    const shared = (await readPackages()).filter(({ folder, json }) => folder.startsWith("shared/") && !json.private);
    return Promise.all(shared.map(async ({ folder }) => (await pack(path.join(ROOT, folder), target)).file));
  })();
  return sharedTarballs;
}

/** Starts an installed server by its command and asks, as a host would, who it is and which tools it has. */
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

/** Writes lines to a server's stdin, ends it, and answers all that comes until the process is gone. */
export function pipe(bin: string, args: readonly string[], lines: readonly object[]) {
  return new Promise<{ code: number | null; replies: unknown[]; stderr: string }>((resolve, reject) => {
    // A server that does not end by itself is killed, and its exit code is null.
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

/** What a host of the 2025 revisions writes first. */
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
