import { type ChildProcess, spawn as spawnProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { type Connection, type ConnectOptions, newClient } from "./connect.ts";

export interface SpawnOptions extends ConnectOptions {
  readonly transport?: "stdio" | "http";
}

export interface Spawned extends Connection {
  readonly pid: number;
  /** The endpoint, over HTTP. */
  readonly url?: string;
  /** What the process has written to stderr so far. */
  stderr(): string;
}

/** Starts a built server as a host does and connects a client to it; closing ends the process. */
export async function spawn(bin: string, options: SpawnOptions = {}): Promise<Spawned> {
  return options.transport === "http" ? spawnHttp(bin, options) : spawnStdio(bin, options);
}

async function spawnStdio(bin: string, options: SpawnOptions): Promise<Spawned> {
  const { era = "2026-07-28", args = [], env = {}, client = newClient(era) } = options;
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [bin, ...args],
    env: environment(env),
    stderr: "pipe",
  });
  let stderr = "";
  transport.stderr?.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  await client.connect(transport);
  const close = () => client.close();
  return { client, pid: transport.pid ?? 0, stderr: () => stderr, close, [Symbol.asyncDispose]: close };
}

async function spawnHttp(bin: string, options: SpawnOptions): Promise<Spawned> {
  const { era = "2026-07-28", args = [], env = {}, client = newClient(era) } = options;
  const child = start(bin, ["--http", "127.0.0.1:0", ...args], env);
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const url = await listening(child);
  const token = env.MCP_HTTP_TOKEN;
  const requestInit = token === undefined ? {} : { requestInit: { headers: { authorization: `Bearer ${token}` } } };
  const close = async () => {
    await client.close();
    await stop(child);
  };
  try {
    await client.connect(new StreamableHTTPClientTransport(new URL(url), requestInit));
  } catch (error) {
    await close();
    throw error;
  }
  return { client, pid: child.pid ?? 0, url, stderr: () => stderr, close, [Symbol.asyncDispose]: close };
}

/** Starts a built server without a client, with its three streams as pipes. */
export function start(bin: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  return spawnProcess(process.execPath, [bin, ...args], { stdio: "pipe", env: environment(env) });
}

/** Waits until a process ends, and returns how it ended and after how many milliseconds. */
export async function ended(child: ChildProcess): Promise<{ code: number | null; signal: string | null; ms: number }> {
  const since = performance.now();
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return { code: child.exitCode, signal: child.signalCode, ms: performance.now() - since };
}

/** Waits for the URL that a server over HTTP prints when it is ready. */
export async function listening(child: ReturnType<typeof start>): Promise<string> {
  for await (const line of createInterface({ input: child.stderr })) {
    const [, url] = /^listening on (http:\S+)$/.exec(line) ?? [];
    if (url === undefined) throw new Error(`the server said instead of its address: ${line}`);
    child.stderr.resume();
    return url;
  }
  throw new Error("the server ended before it listened");
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, "exit");
}

/** Only what a process needs to start, so that a test does not depend on the machine or the user. */
function environment(env: Readonly<Record<string, string>>): Record<string, string> {
  const { PATH = "", HOME = "", SystemRoot } = process.env;
  return { PATH, HOME, ...(SystemRoot !== undefined && { SystemRoot }), ...env };
}
