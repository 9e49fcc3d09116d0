import { openRoot } from "@org/beneath";
import { isListed } from "../note-path.ts";
import type { Answer, WorkerData } from "./protocol.ts";
import { createQueries, type Queries } from "./query/queries.ts";
import type { Questions } from "./query/questions.ts";
import type { Tell } from "./store/database.ts";
import { openSession } from "./store/session.ts";
import type { Database, OpenDatabase } from "./store/sqlite.ts";
import { createStore, type Store } from "./store/store.ts";
import type { OpenWriter } from "./store/writer.ts";
import { readBeginning, walkFiles } from "./sync/disk.ts";
import { startFreshness } from "./sync/freshness.ts";
import { createIndexer } from "./sync/indexer.ts";

export interface EngineOptions extends WorkerData {
  readonly openFile: OpenDatabase;
  readonly openWriter: OpenWriter | undefined;
  readonly tell: Tell;
  readonly changed: (paths: readonly string[]) => void;
}

/** The index of one notes folder, in the thread that runs it. */
export interface Engine {
  /** Resolves when the first sweep is done. */
  readonly ready: Promise<void>;
  /** Answers from an up-to-date index, or says that it is not up to date. @throws ToolError invalid_input */
  ask<Name extends keyof Questions>(name: Name, args: Questions[Name]["args"]): Promise<Answer<Name>>;
  refresh(paths: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

const MOST_TRIES = 3;

export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { directory, root: folder, openFile, openWriter, tell, changed } = options;
  const root = await openRoot(folder, { readOnly: true, followLinks: "never" });
  const use = (db: Database): { store: Store; queries: Queries } => ({
    store: createStore(db),
    queries: createQueries(db, (path) => readBeginning(root, path)),
  });
  const session = await openSession(directory, { openFile, openWriter, use, tell, replaced: () => fresh.distrust() });
  const indexer = createIndexer(root, session, changed);
  const fresh = startFreshness({
    indexer,
    walk: (signal) => walkFiles(root, "", signal),
    watch: (told) => root.watch(told, { enter: isListed }),
    tell,
  });
  const lasting = new AbortController();

  return {
    ready: fresh.first,
    async ask(name, args) {
      for (let tries = 1; ; tries += 1) {
        const { generation } = session;
        const isFresh = await fresh.settle();
        const answer = await session.use(({ queries }) => queries[name](args));
        const isSame = session.generation === generation;
        // An index that was replaced in the meantime starts out empty.
        if (isSame || tries === MOST_TRIES) return { ...answer, complete: isFresh && isSame };
      }
    },
    async refresh(paths) {
      await indexer.refresh(paths, lasting.signal);
    },
    async close() {
      lasting.abort();
      fresh.stop();
      await session.close();
      await root.close();
    },
  };
}
