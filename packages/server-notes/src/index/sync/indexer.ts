import { randomUUID } from "node:crypto";
import type { Root } from "@org/beneath";
import { isListed } from "../../note-path.ts";
import type { FileRecord } from "../store/file-record.ts";
import type { Session } from "../store/session.ts";
import type { Store } from "../store/store.ts";
import { signed } from "../store/store.ts";
import { batches, inParallel, rotated } from "./batches.ts";
import { readRecord, type Seen, statFile, type Walked, walkFiles } from "./disk.ts";
import { readFound } from "./found.ts";
import { stampOf } from "./stamp.ts";

/** Brings files from disk into the index. */
export interface Indexer {
  /** Checks these paths, and everything below those that are folders. Returns the ones that are folders. */
  refresh(paths: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
  /** Indexes the whole folder as a walk found it. Returns what changed since the last time; nothing for the first. */
  bringIn(folder: Walked, signal: AbortSignal): Promise<readonly string[]>;
}

/** The content read from a path; undefined when it is gone. */
interface Read {
  readonly path: string;
  readonly record: FileRecord | undefined;
  /** Increases with every read that begins. */
  readonly turn: number;
}

/** @param changed called with paths that changed since this process first saw them, once they are indexed */
export function createIndexer(
  root: Root,
  session: Session<{ readonly store: Store }>,
  changed: (paths: readonly string[]) => void,
): Indexer {
  /** The stamps that this process saw last. The index's own will not do: another process may index a change first. */
  const last = new Map<string, string>();
  /** By path, the last read passed on for writing, while earlier reads may still arrive. */
  const given = new Map<string, number>();
  const me = randomUUID();
  let lastTurn = 0;
  /** Reads that began up to this one may be older than the index. */
  let suspectTurn = 0;
  let reading = 0;
  let writing: Promise<unknown> = Promise.resolve();
  let isFirst = true;

  /** Records what was seen of a path; returns whether it is news. */
  function isNews(path: string, stamp: string | undefined): boolean {
    if (last.get(path) === stamp) return false;
    if (stamp === undefined) last.delete(path);
    else last.set(path, stamp);
    return true;
  }

  /** A path that no walk found may be anything, and is read with more care. */
  async function read(files: readonly Seen[]): Promise<Read[]> {
    const found: Read[] = [];
    const begin = (path: string) => {
      lastTurn += 1;
      const turn = lastTurn;
      return (record: FileRecord | undefined | "unknown") => {
        if (record !== "unknown") found.push({ path, record, turn });
      };
    };
    const one = async ({ path }: Seen) => begin(path)(await readRecord(root, path));
    const walked = files.filter(({ stamp }) => stamp !== "");
    await inParallel(
      files.filter(({ stamp }) => stamp === ""),
      one,
    );
    if (walked.length > 0) await readFound(root, walked, (path, readNow) => begin(path)(readNow()));
    return found;
  }

  /**
   * Writes what was read, and reports which of it is news. Resolves when the other thread has started on it: reading on
   * before that would keep it waiting.
   */
  async function write(found: readonly Read[]): Promise<{ readonly news: Promise<string[]> }> {
    // Of two reads of a file, the later one saw the later state, and may have finished first: then it is already
    // written.
    const latest = found.filter(({ path, turn }) => (given.get(path) ?? 0) < turn);
    for (const { path, turn } of latest) given.set(path, turn);
    let whenPlanned = () => {};
    const planned = new Promise<void>((resolve) => {
      whenPlanned = resolve;
    });
    const news = writing.then(() => writeNow(latest, whenPlanned));
    writing = news.catch(() => {});
    await Promise.race([planned, writing]);
    return { news };
  }

  async function writeNow(found: readonly Read[], planned: () => void): Promise<string[]> {
    let written: readonly Read[] = found;
    let differs = new Set<string>();
    await session.write(async ({ store }) => {
      const isAlone = store.writer() === me;
      if (!isAlone) suspectTurn = lastTurn;
      written = await upToDate(found);
      const records = written.flatMap(({ record }) => record ?? []);
      const gone = written.filter(({ record }) => !record).map(({ path }) => path);
      const { steps, differing } = store.changesFor(records, gone);
      differs = new Set(differing);
      planned();
      return isAlone || steps.length === 0 ? steps : [signed(me), ...steps];
    });
    return written
      .filter(({ path, record }) => isNews(path, record?.seen) || differs.has(path))
      .map(({ path }) => path);
  }

  /**
   * Another server may have read a file after this one did, and written it sooner; the later write must not restore an
   * earlier state. So, while nobody else can write, anything read before another server's write is compared with the
   * disk, and read again if it differs or cannot be compared.
   */
  async function upToDate(found: readonly Read[]): Promise<readonly Read[]> {
    const isSure = ({ turn }: Read) => turn > suspectTurn;
    if (found.every(isSure)) return found;
    const again: string[] = [];
    const same: Read[] = found.filter(isSure);
    await inParallel(
      found.filter((one) => !isSure(one)),
      async (one) => {
        const stat = await statFile(root, one.path);
        const isSame = stat === undefined ? !one.record : stat !== "unknown" && stampOf(stat) === one.record?.stamp;
        if (isSame) same.push(one);
        else again.push(one.path);
      },
    );
    if (again.length === 0) return same;
    const reread = await read(again.map((path) => unread(path)));
    // Files read in the meantime, to be written next, may be older than this.
    suspectTurn = lastTurn;
    return [...same, ...reread];
  }

  /** Runs work that reads, and passes what it read on for writing. */
  async function whileReading<T>(work: () => Promise<T>): Promise<T> {
    reading += 1;
    try {
      return await work();
    } finally {
      reading -= 1;
      if (reading === 0) given.clear();
    }
  }

  /** Reads one batch while the previous one is written. Returns which paths are news. */
  function put(files: readonly Seen[], select: (batch: readonly Seen[]) => Promise<readonly Seen[]>) {
    return whileReading(async () => {
      const news: string[] = [];
      let before: { readonly news: Promise<string[]> } | undefined;
      for (const batch of batches(files)) {
        const found = await read(await select(batch));
        if (before) news.push(...(await before.news));
        before = await write(found);
      }
      if (before) news.push(...(await before.news));
      return news;
    });
  }

  /**
   * The files of a walk that differ from the index; another process may have indexed the others. Those may still be
   * news to this process, and are passed to `found`.
   */
  async function unlikeIndex(files: readonly Seen[], found: (path: string) => void): Promise<Seen[]> {
    const stamps = await session.use(({ store }) => store.stampsOf(files.map(({ path }) => path)));
    const isAsFound = ({ path, stamp }: Seen) => stamp !== "" && stamps.get(path) === stamp;
    for (const file of files.filter(isAsFound)) if (isNews(file.path, file.stamp)) found(file.path);
    return files.filter((file) => !isAsFound(file));
  }

  return {
    async refresh(paths, signal) {
      // By path, since both a folder and one below it may be named.
      const files = new Map<string, Seen>();
      const folders: string[] = [];
      for (const path of new Set(paths)) {
        const stat = isListed(path) ? await statFile(root, path) : "unknown";
        if (stat === "unknown") continue;
        // A file reported as changed is read, whatever it looks like.
        files.set(path, unread(path, stat?.size));
        if (stat?.kind === "file") continue;
        // A folder, or something that is gone, which may have been a folder.
        const known = await session.use(({ store }) => store.below(path));
        if (stat?.kind === "directory") folders.push(path);
        const walked = stat?.kind === "directory" ? await walkFiles(root, path, signal) : NOTHING;
        for (const file of [...walked.files.values(), ...missing(walked, known)]) {
          if (!files.has(file.path)) files.set(file.path, file);
        }
      }
      const seen: string[] = [];
      const read = await put([...files.values()], (batch) => unlikeIndex(batch, (path) => seen.push(path)));
      const news = [...read, ...seen];
      if (news.length > 0) changed(news);
      return folders;
    },

    async bringIn(folder, signal) {
      const known = await session.use(({ store }) => store.stamps());
      const files = [...folder.files.values()];
      const seen: string[] = [];
      const isAsKnown = ({ path, stamp }: Seen) => known.get(path) === stamp;
      const stale = [...files.filter((file) => !isAsKnown(file)), ...missing(folder, known.keys())];
      const read = await put(rotated(stale), (batch) => {
        signal.throwIfAborted();
        return unlikeIndex(batch, (path) => seen.push(path));
      });
      seen.push(...files.filter((file) => isAsKnown(file) && isNews(file.path, file.stamp)).map(({ path }) => path));
      const news = isFirst ? [] : [...read, ...seen];
      isFirst = false;
      if (news.length > 0) changed(news);
      return news;
    },
  };
}

const NOTHING: Walked = { files: new Map(), hidden: [] };

/** A file that no walk saw. */
const unread = (path: string, size = 0): Seen => ({ path, stamp: "", size });

/** Paths in the index that a walk did not find. They are read like others, and removed if they are gone. */
function missing({ files, hidden }: Walked, known: Iterable<string>): Seen[] {
  const isHidden = (path: string) => hidden.some((folder) => path.startsWith(`${folder}/`));
  return [...known].filter((path) => !files.has(path) && !isHidden(path)).map((path) => unread(path));
}
