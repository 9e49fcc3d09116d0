import { setTimeout as delay } from "node:timers/promises";
import { openDatabase, openInMemory, type Tell } from "./database.ts";
import { createQueries, type Queries } from "./queries.ts";
import { type Database, type OpenDatabase, troubleOf } from "./sqlite.ts";
import { createStore, type Store } from "./store.ts";

export interface Tables {
  readonly store: Store;
  readonly queries: Queries;
}

/** The index that is open now. It can become another one, which is empty: the index is only a cache. */
export interface Session {
  /** Grows when the index becomes another one. */
  readonly generation: number;
  /**
   * Works with the index, again when another process is in the way, and again with a new index when this one is
   * damaged or cannot be written. `work` begins and ends its transaction, and waits for nothing.
   * @throws what `work` throws besides; SQLite's error when the index stays busy
   */
  use<T>(work: (tables: Tables) => T): Promise<T>;
  close(): void;
}

/** Milliseconds to wait for another process that writes; with SQLite's own waiting some 5 s in all. */
const WAITS = [5, 10, 20, 50, 100, 200, 300, 500, 800, 1000];

export async function openSession(directory: string, openFile: OpenDatabase, tell: Tell): Promise<Session> {
  const options = { openFile, use: tablesOf, tell };
  let { db, tables, number } = await openDatabase(directory, options);
  let generation = 0;
  let isClosed = false;
  /** One replacement at a time: whoever meets the same trouble waits for it. */
  let replacing: Promise<void> | undefined;

  function replace(failed: Tables, trouble: "damaged" | "unwritable"): Promise<void> {
    if (failed !== tables && !replacing) return Promise.resolve();
    replacing ??= renew(trouble).finally(() => {
      replacing = undefined;
    });
    return replacing;
  }

  async function renew(trouble: "damaged" | "unwritable"): Promise<void> {
    const inMemory = trouble === "unwritable" || number === undefined;
    tell("warn", inMemory ? "index kept in memory" : "index damaged, building another", { reason: trouble });
    closeQuietly(db);
    const next = inMemory ? openInMemory(options) : await openDatabase(directory, options, (number ?? 0) + 1);
    ({ db, tables, number } = next);
    generation += 1;
  }

  return {
    get generation() {
      return generation;
    },
    async use(work) {
      let hasFailed = false;
      for (let attempt = 0; ; attempt += 1) {
        await replacing;
        if (isClosed) throw new Error("the index is closed");
        const used = tables;
        try {
          return work(used);
        } catch (error) {
          const trouble = error instanceof TypeError ? "damaged" : troubleOf(error);
          const wait = WAITS[attempt];
          if (trouble === undefined || trouble === "other" || wait === undefined) throw error;
          if (trouble === "busy") await delay(wait);
          // Where a new one does not work either, it is not the file that is wrong.
          else await replace(used, hasFailed ? "unwritable" : trouble);
          hasFailed ||= trouble !== "busy";
        }
      }
    },
    close() {
      isClosed = true;
      closeQuietly(db);
    },
  };
}

const tablesOf = (db: Database): Tables => ({ store: createStore(db), queries: createQueries(db) });

function closeQuietly(db: Database): void {
  try {
    db.close();
  } catch {
    // What could not be closed is not used any more.
  }
}
