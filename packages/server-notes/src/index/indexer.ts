import type { Root } from "@org/beneath";
import { isListed } from "../note-path.ts";
import { readRecord, type Seen, statFile, type Walked, walkFiles } from "./disk.ts";
import type { FileRecord } from "./note-record.ts";
import type { Session } from "./session.ts";
import { createTurns } from "./turns.ts";

/** Brings what is on the disk into the index. */
export interface Indexer {
  /** Looks at these paths, and all below those that are folders. */
  refresh(paths: readonly string[], signal: AbortSignal): Promise<void>;
  /** Brings in the whole folder, as a walk found it. Answers what changed since the last time; nothing for the first. */
  bringIn(folder: Walked, signal: AbortSignal): Promise<readonly string[]>;
}

/** What one transaction takes: larger ones build faster, smaller ones let a search in between. */
const BATCH_FILES = 150;
const BATCH_BYTES = 500_000;
/** Files read side by side. */
const READERS = 8;

/** @param changed is told paths that changed since this process first saw them, once they are in the index */
export function createIndexer(root: Root, session: Session, changed: (paths: readonly string[]) => void): Indexer {
  const turns = createTurns();
  /** The stamps this process saw last. The index's own will not do: another process may index a change first. */
  const last = new Map<string, string>();
  let isFirst = true;

  /** Notes what is seen of a path; answers whether it is news. */
  function isNews(path: string, stamp: string | undefined): boolean {
    if (last.get(path) === stamp) return false;
    if (stamp === undefined) last.delete(path);
    else last.set(path, stamp);
    return true;
  }

  /** Reads files and puts them into the index; takes out of it what is gone. Answers which of them are news. */
  async function put(paths: readonly string[], gone: readonly string[]): Promise<string[]> {
    const records: FileRecord[] = [];
    const removed = [...gone];
    await inParallel(paths, async (path) => {
      const record = await readRecord(root, path);
      if (record === undefined) removed.push(path);
      else if (record !== "unknown") records.push(record);
    });
    const differing = new Set(await session.use(({ store }) => store.apply(records, removed)));
    const news = records.filter(({ path, seen }) => isNews(path, seen) || differing.has(path));
    return [
      ...news.map(({ path }) => path),
      ...removed.filter((path) => isNews(path, undefined) || differing.has(path)),
    ];
  }

  async function refresh(paths: readonly string[], signal: AbortSignal): Promise<void> {
    const files: Seen[] = [];
    const gone: string[] = [];
    for (const path of new Set(paths)) {
      const stat = isListed(path) ? await statFile(root, path) : "unknown";
      if (stat === "unknown") continue;
      if (stat?.kind === "file") {
        files.push({ path, stamp: "", size: stat.size });
        continue;
      }
      const below = await session.use(({ store }) => store.below(path));
      const walked = stat?.kind === "directory" ? await walkFiles(root, path, signal) : undefined;
      files.push(...(walked?.files.values() ?? []));
      gone.push(path, ...below.filter((known) => !walked?.files.has(known) && !isIn(walked?.hidden ?? [], known)));
    }
    const news: string[] = [];
    for (const batch of batches(files)) {
      news.push(
        ...(await turns.take(
          () =>
            put(
              batch.map(({ path }) => path),
              [],
            ),
          true,
        )),
      );
    }
    if (gone.length > 0) news.push(...(await turns.take(() => put([], gone), true)));
    if (news.length > 0) changed(news);
  }

  async function bringIn({ files, hidden }: Walked, signal: AbortSignal): Promise<readonly string[]> {
    const known = await session.use(({ store }) => store.stamps());
    const isAsKnown = ({ path, stamp }: Seen) => known.get(path) === stamp;
    const stale = [...files.values()].filter((file) => !isAsKnown(file));
    const gone = [...known.keys()].filter((path) => !files.has(path) && !isIn(hidden, path));
    const news: string[] = [];
    for (const batch of batches(rotated(stale))) {
      signal.throwIfAborted();
      news.push(...(await turns.take(() => putUnknown(batch))));
    }
    if (gone.length > 0) news.push(...(await turns.take(() => put([], gone))));
    for (const file of files.values()) {
      if (isAsKnown(file) && isNews(file.path, file.stamp)) news.push(file.path);
    }
    const told = isFirst ? [] : news;
    isFirst = false;
    if (told.length > 0) changed(told);
    return told;
  }

  /** Like `put`, without what another process has put there since the walk. */
  async function putUnknown(files: readonly Seen[]): Promise<string[]> {
    const stamps = await session.use(({ store }) => files.map(({ path }) => store.stampOf(path)));
    const unknown = files.filter(({ stamp }, index) => stamps[index] !== stamp);
    return put(
      unknown.map(({ path }) => path),
      [],
    );
  }

  return { refresh, bringIn };
}

/** Several servers that build one index begin at different places, and so share the work. */
function rotated<T>(items: readonly T[]): T[] {
  const start = Math.floor(Math.random() * items.length);
  return [...items.slice(start), ...items.slice(0, start)];
}

function* batches(files: readonly Seen[]): Generator<Seen[]> {
  let batch: Seen[] = [];
  let bytes = 0;
  for (const file of files) {
    batch.push(file);
    bytes += file.size;
    if (batch.length < BATCH_FILES && bytes < BATCH_BYTES) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(READERS, items.length) }, worker));
}

const isIn = (folders: readonly string[], path: string) => folders.some((folder) => path.startsWith(`${folder}/`));
