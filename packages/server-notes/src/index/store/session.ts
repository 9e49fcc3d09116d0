import { setTimeout as delay } from "node:timers/promises";
import { type OpenedIndex, openDatabase, openInMemory, type Tell } from "./database.ts";
import { IndexClosed } from "./index-closed.ts";
import { type Database, type OpenDatabase, troubleOf } from "./sqlite.ts";
import { type OpenWriter, type Plan, type Writer, writerOf } from "./writer.ts";

/**
 * The currently open index. If it turns out to be damaged, or cannot be written, it is replaced by an empty one, since
 * it is only a cache, and the operation is repeated.
 */
export interface Session<Tables> {
  /** Increases when the index is replaced. */
  readonly generation: number;
  /** Reads the index. @throws what `work` throws; SQLite's error when the index stays busy */
  use<T>(work: (tables: Tables) => T | Promise<T>): Promise<T>;
  /**
   * Changes the index: everything that is planned, or nothing. One call at a time; `plan` may be called again. @throws
   * what `plan` throws; SQLite's error when the index stays busy
   */
  write(plan: (tables: Tables) => ReturnType<Plan>): Promise<void>;
  close(): Promise<void>;
}

export interface SessionOptions<Tables> {
  readonly openFile: OpenDatabase;
  /** Prepares the statements on the tables, see `openDatabase`. */
  readonly use: (db: Database) => Tables;
  readonly openWriter: OpenWriter | undefined;
  readonly tell: Tell;
  /** Called when the index has been replaced. */
  readonly replaced: () => void;
}

interface Opened<Tables> extends OpenedIndex<Tables> {
  readonly writer: Writer;
}

/** How long another process may block the index. It normally takes milliseconds, unless it was suspended in between. */
const BUSY_MS = 10_000;
const LONGEST_PAUSE_MS = 25;

export async function openSession<Tables>(
  directory: string,
  options: SessionOptions<Tables>,
): Promise<Session<Tables>> {
  const { tell, openFile, openWriter, use, replaced } = options;
  const opening = { openFile, use, tell };
  let current = await withWriter(await openDatabase(directory, opening));
  let generation = 0;
  let isClosed = false;
  /** One replacement at a time: others with the same problem wait for it. */
  let replacing: Promise<void> | undefined;

  async function withWriter(opened: OpenedIndex<Tables>): Promise<Opened<Tables>> {
    const writer = opened.file === undefined ? undefined : await openWriter?.(opened.file);
    return { ...opened, writer: writer ?? writerOf(opened.db) };
  }

  function replace(failed: Opened<Tables>, trouble: "damaged" | "unwritable"): Promise<void> {
    if (failed !== current && !replacing) return Promise.resolve();
    replacing ??= renew(trouble).finally(() => {
      replacing = undefined;
    });
    return replacing;
  }

  async function renew(trouble: "damaged" | "unwritable"): Promise<void> {
    const { number } = current;
    const inMemory = trouble === "unwritable" || number === undefined;
    tell("warn", inMemory ? "index kept in memory" : "index damaged, building another", { reason: trouble });
    await closeQuietly(current);
    current = await withWriter(inMemory ? openInMemory(opening) : await openDatabase(directory, opening, number + 1));
    generation += 1;
    replaced();
  }

  async function attempt<T>(work: (opened: Opened<Tables>) => T | Promise<T>): Promise<T> {
    const end = Date.now() + BUSY_MS;
    let failures = 0;
    for (let pause = 1; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
      await replacing;
      if (isClosed) throw new IndexClosed();
      const used = current;
      try {
        return await work(used);
      } catch (error) {
        const trouble = error instanceof TypeError ? "damaged" : troubleOf(error);
        if (trouble === undefined || trouble === "other" || isClosed) throw error;
        if (trouble === "busy") {
          if (Date.now() >= end) throw error;
          // Random, so that no waiter is unlucky every time.
          await delay(pause * (0.5 + Math.random()));
          continue;
        }
        // If a new index does not work either, keep the next one in memory, where a failure can only be our own
        // mistake.
        failures += 1;
        if (failures > 2) throw error;
        await replace(used, failures === 1 ? trouble : "unwritable");
      }
    }
  }

  return {
    get generation() {
      return generation;
    },
    use: (work) => attempt(({ tables }) => work(tables)),
    write: (plan) => attempt(({ writer, tables }) => writer.write(() => plan(tables))),
    async close() {
      isClosed = true;
      await closeQuietly(current);
    },
  };
}

async function closeQuietly({ writer, db }: Pick<Opened<unknown>, "writer" | "db">): Promise<void> {
  for (const connection of [writer, db]) {
    try {
      await connection.close();
    } catch {
      // An index that could not be closed is simply no longer used.
    }
  }
}
