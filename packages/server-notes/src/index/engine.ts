import { openRoot } from "@org/beneath";
import { isListed } from "../note-path.ts";
import type { Tell } from "./database.ts";
import { readBeginning, walkFiles } from "./disk.ts";
import { startFreshness } from "./freshness.ts";
import { createIndexer } from "./indexer.ts";
import type { Handlers, WorkerData } from "./protocol.ts";
import type { Queries } from "./queries.ts";
import { openSession } from "./session.ts";
import { snippetOf } from "./snippet.ts";
import type { OpenDatabase } from "./sqlite.ts";
import type { OpenWriter } from "./writer.ts";

export interface EngineOptions extends WorkerData {
  readonly openFile: OpenDatabase;
  readonly openWriter: OpenWriter | undefined;
  readonly tell: Tell;
  readonly changed: (paths: readonly string[]) => void;
}

export interface Engine {
  readonly handlers: Handlers;
  /** Resolves when the first sweep is in. */
  readonly ready: Promise<void>;
}

const MOST_TRIES = 3;

/** The index of one notes folder, in the thread that calls this. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { directory, root: folder, openFile, openWriter, tell, changed } = options;
  const root = await openRoot(folder, { readOnly: true, followLinks: "never" });
  const session = await openSession(directory, { openFile, openWriter, tell, replaced: () => fresh.distrust() });
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
    for (let tries = 1; ; tries += 1) {
      const { generation } = session;
      const complete = await fresh.settle();
      const answer = await session.use(({ queries }) => question(queries));
      const isSame = session.generation === generation;
      // One that became another meanwhile is empty at first.
      if (isSame || tries === MOST_TRIES) return { answer, complete: complete && isSame };
    }
  }

  return {
    ready: fresh.first,
    handlers: {
      async search(args) {
        const { items, terms, ...page } = await ask((queries) => queries.search(args));
        const matches = items.map(async (row) => ({
          ...row,
          snippet: snippetOf(await readBeginning(root, row.path), terms),
        }));
        return { ...page, items: await Promise.all(matches) };
      },
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
        await session.close();
        await root.close();
        return undefined;
      },
    },
  };
}
