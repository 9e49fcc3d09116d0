import { spawn } from "node:child_process";
import { once } from "node:events";
import { onTestFinished } from "vitest";
import { addressOf } from "../lib/address.ts";

/** Starts a built server over HTTP on a free port and returns its URL; it ends with the test. */
export async function listen(bin: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const child = spawn(process.execPath, [bin, "--http", "127.0.0.1:0", "--log-level", "error", ...args], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...env },
  });
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  });
  return addressOf(child);
}
