import { setTimeout as delay } from "node:timers/promises";
import { type Log, ToolError } from "@org/server-kit";
import { type Database, troubleOf } from "../../index/store/sqlite.ts";
import { type LockFile, openLockFile, unavailable, WAIT_MS } from "./lock-file.ts";

/** Lets one process at a time read, change and write notes, among all servers of this user on one notes folder. */
export interface VaultLock {
  /**
   * Runs `work` while nobody else holds the lock. It is a system lock on an open file, so it is released whenever its
   * process ends, for any reason. @throws ToolError `unavailable` when others hold it for longer than 5 s, or it cannot
   * be taken; the signal's reason; what `work` throws
   */
  withLock<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
  close(): Promise<void>;
}

export interface LockOptions {
  /** From `vaultCache`, the same for every server on the folder; created when missing. */
  readonly directory: () => string;
  readonly log: Log;
}

const LONGEST_PAUSE_MS = 25;

/** Opens nothing before the first use: reading needs no lock. */
export function openLock({ directory, log }: LockOptions): VaultLock {
  let file: LockFile | undefined;
  let state: "unopened" | "lockable" | "unlockable" = "unopened";
  /** Resolves when everything that this process was asked to do under the lock is done. */
  let queue: Promise<unknown> = Promise.resolve();

  async function opened(): Promise<LockFile | undefined> {
    if (file || state === "unlockable") return file;
    try {
      file = await openLockFile(directory());
      state = "lockable";
    } catch (error) {
      // Others may hold the lock that this process had before: without it, their changes would be overwritten.
      if (state === "lockable") throw unavailable();
      state = "unlockable";
      log.warn("no lock against other servers on this folder", { reason: String(error) });
    }
    return file;
  }

  async function shut(): Promise<void> {
    const closing = file;
    file = undefined;
    await closing?.close();
  }

  /** @returns the file with its lock held, undefined where a lock file cannot be kept */
  async function take(signal: AbortSignal): Promise<LockFile | undefined> {
    const end = Date.now() + WAIT_MS;
    for (let failures = 0; ; ) {
      const held = await opened();
      if (!held) return undefined;
      try {
        await acquire(held.db, end, signal);
        if (await held.isInPlace()) return held;
      } catch (error) {
        if (troubleOf(error) !== "unwritable") throw error;
        // SQLite notices by itself that the file was removed, and reports that as a failure too.
        if (await held.isInPlace()) failures += 1;
        if (failures > 1 || Date.now() >= end) throw unavailable();
      }
      // Somebody removed the cache folder, so later processes lock another file. Both locks are held in turn before any
      // work, so that whoever worked under the removed one has finished.
      await release(held);
      await shut();
    }
  }

  async function release({ db }: LockFile): Promise<void> {
    try {
      db.exec("ROLLBACK");
    } catch {
      // The folder was removed during the work, which is done anyway; closing releases the lock too.
      await shut();
    }
  }

  async function hold<T>(work: () => Promise<T>, signal: AbortSignal, began: () => void): Promise<T> {
    signal.throwIfAborted();
    const held = await take(signal);
    try {
      signal.throwIfAborted();
      began();
      return await work();
    } finally {
      if (held) await release(held);
    }
  }

  return {
    withLock(work, signal) {
      const turn = unlessAborted(signal, (began) => queue.then(() => hold(work, signal, began)));
      queue = turn.done.catch(() => {});
      return turn.answer;
    },
    async close() {
      await queue;
      await shut();
      state = "unopened";
    },
  };
}

/** Polls instead of letting SQLite wait, which would block the whole thread. */
async function acquire(db: Database, end: number, signal: AbortSignal): Promise<void> {
  for (let pause = 1; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
    try {
      db.exec("BEGIN IMMEDIATE");
      return;
    } catch (error) {
      if (troubleOf(error) !== "busy") throw error;
    }
    if (Date.now() >= end) {
      throw new ToolError("unavailable", "Another server has been changing notes in this folder for 5 s. Try again.");
    }
    // Random, so that no waiter is unlucky every time.
    await delay(pause * (0.5 + Math.random()), undefined, { signal });
  }
}

/**
 * Stops waiting when the signal is aborted; the turn then passes unused. Work that has begun is awaited: a write that
 * happens must not be reported as one that did not.
 */
function unlessAborted<T>(signal: AbortSignal, run: (began: () => void) => Promise<T>) {
  let began = () => {};
  const aborted = new Promise<never>((_, reject) => {
    const abandon = () => reject(signal.reason);
    signal.addEventListener("abort", abandon, { once: true });
    began = () => signal.removeEventListener("abort", abandon);
  });
  const done = run(() => began()).finally(() => began());
  return { done, answer: Promise.race([done, aborted]) };
}
