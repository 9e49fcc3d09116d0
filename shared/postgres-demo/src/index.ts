import { readFile } from "node:fs/promises";
import { PGlite } from "@electric-sql/pglite";
import { pg_stat_statements } from "@electric-sql/pglite/contrib/pg_stat_statements";

/** A PostgreSQL server in this thread, which it blocks while a statement runs. */
export interface DemoServer {
  /** Answers messages of PostgreSQL's wire protocol, as a server does that has one session. */
  answer(messages: Uint8Array): Promise<Uint8Array>;
  /** Makes the session as new: no transaction, no settings, the role `reader` that may SELECT. */
  reset(): Promise<void>;
}

/** Opens the demo's database. Nothing is written to disk; what changes is gone with the thread. */
export async function openDemo(): Promise<DemoServer> {
  const dump = await readFile(new URL("../dist/shop.tar.gz", import.meta.url));
  // PGlite turns fsync off, which a health check rightly calls critical. There is no disk to wait for.
  const startParams = PGlite.defaultStartParams.filter((param) => param !== "-F");
  const database = await PGlite.create({
    loadDataDir: new Blob([dump]),
    extensions: { pg_stat_statements },
    startParams,
  });
  return {
    answer: (messages) => database.execProtocolRaw(messages, { syncToFs: false }),
    async reset() {
      await database.exec("ROLLBACK");
      await database.exec("DISCARD ALL");
      await database.exec("SET ROLE reader");
    },
  };
}
