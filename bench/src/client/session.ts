import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import type { Reply, Request } from "./protocol.ts";

/** What Node is started with: a server's file and its arguments. */
export type Command = readonly string[];

/** What a process has used until now. */
export interface Usage {
  /** Microseconds, user and system. */
  readonly cpu: number;
  /** Bytes. */
  readonly rss: number;
  /** Bytes, the most there were at any time. */
  readonly peak: number;
}

/** A server that answers, and whose use is known. */
export interface Session {
  ask(request: Request): Promise<Reply>;
  usage(): Promise<Usage>;
  close(): Promise<void>;
}

const PROBE = new URL("./probe.mjs", import.meta.url).href;

/** Starts a server with a channel to ask what it uses. */
export function startProbed(command: Command, stdio: readonly ("pipe" | "ignore")[]): ChildProcess {
  const options: SpawnOptions = { stdio: [...stdio, "ipc"] };
  return spawn(process.execPath, ["--import", PROBE, ...command], options);
}

export async function usageOf(child: ChildProcess): Promise<Usage> {
  const answer: Promise<{ cpu: NodeJS.CpuUsage; rss: number; peak: number }[]> = once(child, "message");
  child.send("usage");
  const [used] = await answer;
  if (!used) throw new Error("the probe says nothing");
  return { cpu: used.cpu.user + used.cpu.system, rss: used.rss, peak: used.peak };
}

/** Ends a process at once: what it does at its end is no part of what is measured. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}
