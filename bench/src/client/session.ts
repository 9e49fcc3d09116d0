import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import type { Reply, Request } from "./protocol.ts";

/** Arguments for Node: a server's file and its own arguments. */
export type Command = readonly string[];

/** A process's resource usage so far. */
export interface Usage {
  /** Microseconds, user and system. */
  readonly cpu: number;
  /** Bytes. */
  readonly rss: number;
  /** Peak memory in bytes. */
  readonly peak: number;
}

/** A running server whose resource usage can be read. */
export interface Session {
  ask(request: Request): Promise<Reply>;
  usage(): Promise<Usage>;
  close(): Promise<void>;
}

const PROBE = new URL("./probe.mjs", import.meta.url).href;

/** Starts a server with a channel for reading its usage. */
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

/** Kills a process: its shutdown is not measured. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}
