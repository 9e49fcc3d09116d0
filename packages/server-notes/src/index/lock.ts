import { type FileHandle, mkdir, open, stat, truncate } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Log, ToolError } from "@org/server-kit";
import { type Database, loadSqlite, type OpenDatabase, troubleOf } from "./sqlite.ts";

/** Lets one at a time read, change and write notes, among all servers of this user on one notes folder. */
export interface VaultLock {
  /**
   * Runs `work` while nobody else holds the lock. It is the system's lock on an open file, so it goes with the process
   * that holds it, however that ends.
   * @throws ToolError `unavailable` when others hold it for longer than 5 s; or it cannot be taken; the signal's reason; what `work` throws
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
const MOST_FAILURES = 5;
/** A lock file younger than this is not used yet: who holds the one that was removed before it ends meanwhile. */
const SETTLED_MS = 100;

/** Opens nothing before the first use: who only reads needs no lock. */
export function openLock({ directory, log }: LockOptions): VaultLock {
  let file: LockFile | undefined;
  let state: "unopened" | "lockable" | "unlockable" = "unopened";
  /** Done when all that this process was asked to do under the lock is done. */
  let queue: Promise<unknown> = Promise.resolve();

  async function opened(): Promise<LockFile | undefined> {
    if (file || state === "unlockable") return file;
    try {
      file = await openLockFile(directory);
      state = "lockable";
    } catch (error) {
      // Others may hold what this process had before: without it, it would overwrite what they write.
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

  /** @returns the file with its lock held, undefined where none can be kept */
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
        // SQLite notices by itself that the file was removed, and calls that a failure too.
        if (await held.isInPlace()) failures += 1;
        if (failures > 1 || Date.now() >= end) throw unavailable();
      }
      // Somebody removed the cache folder, and who comes later locks another file. Both locks are had, one after the
      // other, before any work: so whoever worked under the removed one has ended.
      await release(held);
      await shut();
    }
  }

  async function release({ db }: LockFile): Promise<void> {
    try {
      db.exec("ROLLBACK");
    } catch {
      // The folder went during the work, which is done all the same; closing gives the lock back too.
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

const unavailable = () =>
  new ToolError("unavailable", "The lock in the cache folder cannot be taken. Nothing was written. Try again.");

interface LockFile {
  readonly db: Database;
  /** Whether its path still leads to it; others lock what the path leads to. */
  isInPlace(): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * An empty database: a transaction that means to write holds its lock, and none ever writes. So there is nothing that
 * a process could leave half done.
 */
async function openLockFile(directory: string): Promise<LockFile> {
  const openDatabase = await loadSqlite();
  const end = Date.now() + WAIT_MS;
  // Somebody may be removing the folder in this moment, and again: that is no failure to give up for.
  for (let failures = 0; ; ) {
    try {
      const file = await openOnce(openDatabase, directory);
      if (file && (await file.isInPlace())) return file;
      await file?.close();
    } catch (error) {
      // Missing right after it was made: removed, too.
      const isRemoved = error instanceof Error && "code" in error && error.code === "ENOENT";
      if (!isRemoved) failures += 1;
      if (failures >= MOST_FAILURES) throw error;
    }
    if (Date.now() >= end) throw unavailable();
  }
}

/** @returns undefined when the file was removed in this moment */
async function openOnce(openDatabase: OpenDatabase, directory: string): Promise<LockFile | undefined> {
  const file = path.join(directory, FILE);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const handle = await open(file, "a", 0o600);
  try {
    const db = await openDamaged(openDatabase, file);
    const { birthtimeMs } = await handle.stat();
    const age = Date.now() - birthtimeMs;
    if (age >= 0 && age < SETTLED_MS) await delay(SETTLED_MS - age);
    return {
      db,
      isInPlace: () => leadsTo(file, handle),
      async close() {
        db.close();
        // Not before: while it is open, the system gives the number of a removed file to no other.
        await handle.close();
      },
    };
  } catch (error) {
    const isInPlace = await leadsTo(file, handle);
    await handle.close();
    if (isInPlace) throw error;
    return undefined;
  }
}

async function leadsTo(file: string, handle: FileHandle): Promise<boolean> {
  const [now, held] = [await stat(file, { bigint: true }).catch(() => undefined), await handle.stat({ bigint: true })];
  return now?.dev === held.dev && now.ino === held.ino;
}

/** Opens the lock file, whatever is in it. */
async function openDamaged(openDatabase: OpenDatabase, file: string): Promise<Database> {
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
