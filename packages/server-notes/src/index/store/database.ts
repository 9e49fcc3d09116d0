import { chmod, mkdir, open, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ForeignIndex, prepareTables, VERSION } from "./schema.ts";
import { type Database, type OpenDatabase, troubleOf } from "./sqlite.ts";

export type LogLevel = "debug" | "info" | "warn";

/** Writes to the server's log. */
export type Tell = (level: LogLevel, event: string, fields?: Readonly<Record<string, unknown>>) => void;

export interface OpenedIndex<Tables> {
  readonly db: Database;
  readonly tables: Tables;
  /** Both undefined when the index is kept in memory. */
  readonly number: number | undefined;
  readonly file: string | undefined;
}

export interface OpenOptions<Tables> {
  readonly openFile: OpenDatabase;
  /** Prepares the statements on the tables, which shows whether the tables are intact. */
  readonly use: (db: Database) => Tables;
  readonly tell: Tell;
}

const NAME = /^index-v(\d+)-(\d+)\.db(?:-wal|-shm|-journal)?$/;
const ATTEMPTS = 20;

/**
 * Opens the index in `directory`, or creates it. A damaged or foreign file is left alone, and the next number is used:
 * another process may have it open, and the last one to close SQLite removes files by name, which must not be those of
 * a new index. Where nothing can be written, the index is kept in memory. @param from the lowest number that may be
 * used
 */
export async function openDatabase<Tables>(
  directory: string,
  options: OpenOptions<Tables>,
  from = 0,
): Promise<OpenedIndex<Tables>> {
  const { tell } = options;
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await chmod(directory, 0o700);
    let number = Math.max(from, await latest(directory));
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1, number += 1) {
      const file = fileOf(directory, number);
      const opened = await tryToOpen(file, options);
      if (opened) {
        await removeOlder(directory, number);
        return { ...opened, number, file };
      }
      tell("warn", "index damaged or not ours, building another", { number });
    }
    tell("warn", "index kept in memory", { reason: "no usable file" });
  } catch (error) {
    tell("warn", "index kept in memory", { reason: reasonOf(error) });
  }
  return openInMemory(options);
}

export function openInMemory<Tables>({ openFile, use }: OpenOptions<Tables>): OpenedIndex<Tables> {
  const db = openFile(":memory:");
  prepareTables(db, { isMemory: true });
  return { db, tables: use(db), number: undefined, file: undefined };
}

/** Undefined when the file exists but is not an index of ours. */
async function tryToOpen<Tables>(file: string, { openFile, use }: OpenOptions<Tables>) {
  // Created here, because SQLite would make it readable for everyone.
  const made = await open(file, "a", 0o600).catch((error: unknown) => {
    if (reasonOf(error) !== "EISDIR") throw error;
  });
  if (!made) return undefined;
  await made.close();
  for (let attempt = 0; ; attempt += 1) {
    const db = openFile(file);
    try {
      prepareTables(db, { isMemory: false });
      return { db, tables: use(db) };
    } catch (error) {
      db.close();
      if (error instanceof ForeignIndex || error instanceof TypeError || troubleOf(error) === "damaged")
        return undefined;
      // Several servers that start at once prepare the same file, one after the other.
      if (troubleOf(error) !== "busy" || attempt === ATTEMPTS) throw error;
      await delay(50);
    }
  }
}

const fileOf = (directory: string, number: number) => path.join(directory, `index-v${VERSION}-${number}.db`);

async function latest(directory: string): Promise<number> {
  const numbers = (await readdir(directory)).flatMap((name) => {
    const [, version, number] = NAME.exec(name) ?? [];
    return Number(version) === VERSION ? [Number(number)] : [];
  });
  return Math.max(0, ...numbers);
}

/** A process that still has one of them open keeps it until it closes; except on POSIX, the next start removes it. */
async function removeOlder(directory: string, number: number): Promise<void> {
  for (const name of await readdir(directory)) {
    const [, version, other] = NAME.exec(name) ?? [];
    const isOlder = Number(version) < VERSION || (Number(version) === VERSION && Number(other) < number);
    if (isOlder) await rm(path.join(directory, name), { recursive: true, force: true }).catch(() => {});
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string" && error.code) return error.code;
  return error instanceof Error ? error.message : String(error);
}
