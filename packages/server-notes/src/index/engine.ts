import { openRoot } from "@org/beneath";
import { isListed } from "../note-path.ts";
import type { Tell } from "./database.ts";
import { walkFiles } from "./disk.ts";
import { startFreshness } from "./freshness.ts";
import { createIndexer } from "./indexer.ts";
import type { Handlers, WorkerData } from "./protocol.ts";
import type { Queries } from "./queries.ts";
import { openSession } from "./session.ts";
import type { OpenDatabase } from "./sqlite.ts";

export interface EngineOptions extends WorkerData {
  readonly open: OpenDatabase;
  readonly tell: Tell;
  readonly changed: (paths: readonly string[]) => void;
}

export interface Engine {
  readonly handlers: Handlers;
  /** Resolves when the first sweep is in. */
  readonly ready: Promise<void>;
}

/** The index of one notes folder, in the thread that calls this. */
export async function startEngine({ directory, root: folder, open, tell, changed }: EngineOptions): Promise<Engine> {
  const root = await openRoot(folder, { readOnly: true, followLinks: "never" });
  const session = await openSession(directory, open, tell);
  const indexer = createIndexer(root, session, changed);
  const fresh = startFreshness({
    indexer,
    walk: (signal) => walkFiles(root, "", signal),
    watch: (told) => root.watch(told, { enter: isListed }),
    tell,
  });
  const lasting = new AbortController();

  /** Answers from an index that is up to date, or is said not to be. */
  async function ask<T extends object>(question: (queries: Queries) => T): Promise<T & { complete: boolean }> {
    const { answer, complete } = await answerOf(question);
    return { ...answer, complete };
  }

  async function answerOf<T>(question: (queries: Queries) => T): Promise<{ answer: T; complete: boolean }> {
    const complete = await fresh.settle();
    const { generation } = session;
    const answer = await session.use(({ queries }) => question(queries));
    if (session.generation === generation) return { answer, complete };
    // The index turned out damaged and was replaced by an empty one: filled first, then asked again.
    fresh.distrust();
    const refilled = await fresh.settle();
    return { answer: await session.use(({ queries }) => question(queries)), complete: refilled };
  }

  return {
    ready: fresh.first,
    handlers: {
      search: (args) => ask((queries) => queries.search(args)),
      list: (args) => ask((queries) => queries.list(args)),
      files: (args) => ask((queries) => queries.files(args)),
      tags: async () => (await answerOf((queries) => queries.tags())).answer,
      links: async (path) => (await answerOf((queries) => queries.links(path))).answer,
      find: async (note) => (await answerOf((queries) => queries.find(note))).answer,
      nearest: async (note) => (await answerOf((queries) => queries.nearest(note))).answer,
      named: async (names) => (await answerOf((queries) => queries.named(names))).answer,
      async refresh(paths) {
        await indexer.refresh(paths, lasting.signal);
        return undefined;
      },
      async close() {
        lasting.abort();
        fresh.stop();
        session.close();
        await root.close();
        return undefined;
      },
    },
  };
}
