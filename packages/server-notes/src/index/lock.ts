import { mkdir, open, truncate } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Log, ToolError } from "@org/server-kit";
import { type Database, loadSqlite, troubleOf } from "./sqlite.ts";

/** Lets one at a time read, change and write notes, among all servers of this user on one notes folder. */
export interface VaultLock {
  /**
   * Runs `work` while nobody else holds the lock. It is the system's lock on an open file, so it goes with the process
   * that holds it, however that ends.
   * @throws ToolError `unavailable` when others hold it for longer than 5 s; the signal's reason; what `work` throws
   */
  withLock<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
  close(): Promise<void>;
}

export interface LockOptions {
  /** As of `vaultCache`, the same for every server on the folder; made when missing. */
  readonly directory: string;
  readonly log: Log;
}

const FILE = "write-lock.db";
/** Others hold it for milliseconds; one that was stopped in the middle must not stop everybody. */
const WAIT_MS = 5_000;
const LONGEST_PAUSE_MS = 25;

/** Opens nothing before the first use: who only reads needs no lock. */
export function openLock({ directory, log }: LockOptions): VaultLock {
  let opening: Promise<Database | undefined> | undefined;
  /** Done when all that this process was asked to do under the lock is done. */
  let queue: Promise<unknown> = Promise.resolve();

  async function openFile(): Promise<Database | undefined> {
    try {
      return await openLockFile(directory);
    } catch (error) {
      log.warn("no lock against other servers on this folder", { reason: String(error) });
      return undefined;
    }
  }

  async function hold<T>(work: () => Promise<T>, signal: AbortSignal, began: () => void): Promise<T> {
    signal.throwIfAborted();
    opening ??= openFile();
    const db = await opening;
    if (db) await acquire(db, signal);
    try {
      signal.throwIfAborted();
      began();
      return await work();
    } finally {
      db?.exec("ROLLBACK");
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
      (await opening)?.close();
      opening = undefined;
    },
  };
}

/**
 * An empty database: a transaction that means to write holds its lock, and none ever writes. So there is nothing that
 * a process could leave half done.
 */
async function openLockFile(directory: string): Promise<Database> {
  const openDatabase = await loadSqlite();
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = path.join(directory, FILE);
  await (await open(file, "a", 0o600)).close();
  const db = openDatabase(file);
  try {
    db.exec("PRAGMA busy_timeout = 0");
    db.prepare("PRAGMA schema_version").all();
    return db;
  } catch (error) {
    if (troubleOf(error) === "busy") return db;
    db.close();
    if (troubleOf(error) !== "damaged") throw error;
  }
  // Emptied, never removed: two processes that both replaced the file would lock two files.
  await truncate(file);
  return openDatabase(file);
}

/** Asks again and again instead of letting SQLite wait, which would hold up the whole thread. */
async function acquire(db: Database, signal: AbortSignal): Promise<void> {
  const end = Date.now() + WAIT_MS;
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
    // Of those who wait, none may be the unlucky one every time.
    await delay(pause * (0.5 + Math.random()), undefined, { signal });
  }
}

/**
 * Lets go of whoever waits when the signal says so; the turn then passes unused. What has begun is waited for: a write
 * that happens must not be answered as one that did not.
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
