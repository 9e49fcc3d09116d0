import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { createInterface } from "node:readline";
import {
  Client,
  ReadBuffer,
  StreamableHTTPClientTransport,
  serializeMessage,
  type Transport,
} from "@modelcontextprotocol/client";

/** The protocol revisions that hosts speak today. */
export type Era = "2025-11-25" | "2026-07-28";

/** How a process ended; `code` is null when it had to be killed. */
export interface Ending {
  readonly code: number | null;
  readonly ms: number;
}

const PATIENCE_MS = 3000;
const CHILDREN = new Set<ChildProcess>();
// A server must not outlive an interrupted demonstration.
process.on("exit", () => {
  for (const child of CHILDREN) child.kill("SIGKILL");
});

/** How to start a server. */
export interface Setting {
  readonly args: readonly string[];
  /** On top of this process's environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** Starts a server as a host on this machine does: a child process, spoken to over its stdin and stdout. */
export async function startStdio(bin: string, era: Era, { args, env }: Setting) {
  const child = start(bin, args, env);
  child.stderr.pipe(process.stderr);
  const client = newClient(era);
  await orKill(child, client.connect(pipes(child)), "the server did not answer the first request");
  // A host only closes stdin, and the server has to notice.
  return { client, end: () => ended(child, () => child.stdin.end()) };
}

/** Starts a server over HTTP on a free port. Any number of clients connect to one process. */
export async function startHttp(bin: string, { args, env }: Setting) {
  const child = start(bin, [...args, "--http", "127.0.0.1:0", "--log-level", "warning"], env);
  const url = await orKill(child, firstAddress(child), "the server did not listen");
  return {
    url,
    async connect(era: Era): Promise<Client> {
      const client = newClient(era);
      await client.connect(new StreamableHTTPClientTransport(new URL(url)));
      return client;
    },
    end: () => ended(child, () => child.kill("SIGTERM")),
  };
}

function start(bin: string, args: readonly string[], env: Setting["env"]) {
  const child = spawn(process.execPath, [bin, ...args], { stdio: "pipe", env: { ...process.env, ...env } });
  CHILDREN.add(child);
  child.once("exit", () => CHILDREN.delete(child));
  // If the server has already exited, its exit code tells.
  child.stdin.on("error", () => undefined);
  return child;
}

function newClient(era: Era): Client {
  const modern = era === "2026-07-28" && { versionNegotiation: { mode: { pin: era } } };
  return new Client({ name: "demo", version: "1.0.0" }, { ...modern });
}

/** The SDK's own stdio transport keeps the process, and so its exit code, to itself. */
function pipes(child: ReturnType<typeof start>): Transport {
  const buffer = new ReadBuffer();
  const transport: Transport = {
    async start() {
      child.stdout.on("data", (chunk: Buffer) => {
        try {
          buffer.append(chunk);
          for (let message = buffer.readMessage(); message; message = buffer.readMessage()) {
            transport.onmessage?.(message);
          }
        } catch {
          // With anything but protocol messages on stdout, no host can continue.
          child.kill("SIGKILL");
        }
      });
      child.once("exit", () => transport.onclose?.());
    },
    async send(message) {
      child.stdin.write(serializeMessage(message));
    },
    async close() {
      child.stdin.end();
    },
  };
  return transport;
}

async function firstAddress(child: ReturnType<typeof start>): Promise<string> {
  for await (const line of createInterface({ input: child.stderr })) {
    const [, url] = /^listening on (http:\S+)$/.exec(line) ?? [];
    if (url === undefined) throw new Error(`the server said instead of its address: ${line}`);
    child.stderr.pipe(process.stderr);
    return url;
  }
  throw new Error("the server ended before it listened");
}

async function ended(child: ChildProcess, tell: () => void): Promise<Ending> {
  const since = performance.now();
  const exit = child.exitCode === null && child.signalCode === null ? once(child, "exit") : Promise.resolve();
  const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  tell();
  await exit;
  clearTimeout(timer);
  return { code: child.exitCode, ms: Math.round(performance.now() - since) };
}

/** A process that never gets ready must not keep this one waiting. */
async function orKill<T>(child: ChildProcess, work: Promise<T>, failure: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${failure} within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
