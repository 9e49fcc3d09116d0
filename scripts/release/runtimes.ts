import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { addressOf } from "../lib/address.ts";
import { npm } from "../lib/npm.ts";

/** The Node.js release lines that the packages support. */
export const LINES = [20, 22, 24] as const;

/** Installs a line's newest Node.js from npm, and returns the program's path. */
export async function installNode(line: number, base: string): Promise<string> {
  const folder = path.join(base, `node-${line}`);
  await emptyProject(folder);
  await npm(folder, "install", `node@${line}`, "--foreground-scripts");
  return path.join(folder, "node_modules/node/bin/node");
}

/** Installs a tarball into an empty folder from an empty cache, together with its dependencies in `beside`. */
export async function installAlone(tarball: string, beside: readonly string[], folder: string): Promise<void> {
  await emptyProject(folder);
  await npm(folder, "install", tarball, ...beside, "--cache", path.join(folder, "cache"));
}

async function emptyProject(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
}

/** Asks an installed server over stdio and over HTTP for its tools; returns the problems. */
export async function serverProblems(
  node: string,
  bin: string,
  args: readonly string[],
  version: string,
): Promise<string[]> {
  const overStdio = new Client({ name: "release-check", version: "1.0.0" });
  const overHttp = new Client({ name: "release-check", version: "1.0.0" });
  const serving = [bin, "--http", "127.0.0.1:0", ...args];
  const child = spawn(node, serving, { stdio: ["ignore", "ignore", "pipe"] });
  try {
    await overStdio.connect(new StdioClientTransport({ command: node, args: [bin, ...args], stderr: "ignore" }));
    await overHttp.connect(new StreamableHTTPClientTransport(new URL(await addressOf(child))));
    const [one, other] = [await overStdio.listTools(), await overHttp.listTools()];
    const said = overStdio.getServerVersion()?.version;
    return [
      ...(said === version ? [] : [`it says that it is ${said}`]),
      ...(one.tools.length > 0 ? [] : ["it has no tools"]),
      ...(JSON.stringify(one.tools) === JSON.stringify(other.tools) ? [] : ["HTTP and stdio list other tools"]),
    ];
  } finally {
    await overStdio.close();
    await overHttp.close();
    child.kill();
  }
}
