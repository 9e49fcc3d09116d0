import { setTimeout as sleep } from "node:timers/promises";
import { ToolError } from "@org/server-kit";

/** Delays between attempts while another program holds a lock; git itself holds its locks for milliseconds. */
const WAITS_MS = [30, 70, 150, 300, 600];

const queues = new Map<string, Promise<unknown>>();

/**
 * Changes to one repository run one after another in this process. When another process holds a lock, the change is
 * retried for a second. Only a failure to get the lock is retried: then nothing has changed yet.
 */
export async function inTurn<T>(commonDirectory: string, work: () => Promise<T>): Promise<T> {
  const before = queues.get(commonDirectory) ?? Promise.resolve();
  const mine = before.then(() => withRetries(work));
  const settled = mine.catch(() => {});
  queues.set(commonDirectory, settled);
  try {
    return await mine;
  } finally {
    if (queues.get(commonDirectory) === settled) queues.delete(commonDirectory);
  }
}

async function withRetries<T>(work: () => Promise<T>): Promise<T> {
  for (const wait of WAITS_MS) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ToolError && error.code === "unavailable" && error.retryAfterMs !== undefined))
        throw error;
    }
    await sleep(wait * (1 + Math.random() / 2));
  }
  return work();
}
