import { type FileHandle, mkdir, open, stat, truncate } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ToolError } from "@org/server-kit";
import { type Database, loadSqlite, type OpenDatabase, troubleOf } from "../../index/store/sqlite.ts";

const FILE = "write-lock.db";
/** Others hold it for milliseconds; one that was suspended while holding it must not block everyone. */
export const WAIT_MS = 5_000;
const MOST_FAILURES = 5;
/** A younger lock file is not used yet, so that a holder of the removed one before it can finish. */
const SETTLED_MS = 100;

export const unavailable = () =>
  new ToolError("unavailable", "The lock in the cache folder cannot be taken. Nothing was written. Try again.");

export interface LockFile {
  readonly db: Database;
  /** Whether its path still leads to it, because others lock the file at the path. */
  isInPlace(): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * An empty database: a write transaction holds its lock, but nothing is ever written, so a process cannot leave
 * anything half done.
 */
export async function openLockFile(directory: string): Promise<LockFile> {
  const openDatabase = await loadSqlite();
  const end = Date.now() + WAIT_MS;
  // Somebody may be removing the folder repeatedly at this moment, which is no reason to give up.
  for (let failures = 0; ; ) {
    try {
      const file = await openOnce(openDatabase, directory);
      if (file && (await file.isInPlace())) return file;
      await file?.close();
    } catch (error) {
      // If it is missing right after its creation, it was removed too.
      const isRemoved = error instanceof Error && "code" in error && error.code === "ENOENT";
      if (!isRemoved) failures += 1;
      if (failures >= MOST_FAILURES) throw error;
    }
    if (Date.now() >= end) throw unavailable();
  }
}

/** @returns undefined when the file was removed at this moment */
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
        // Not earlier: while it is open, the system does not reuse a removed file's number.
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

/** Opens the lock file, whatever it contains. */
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
  // Emptied, never removed: two processes that both replaced the file would lock different files.
  await truncate(file);
  return openDatabase(file);
}
