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

/** Brings what is on the disk into the index. */
export interface Indexer {
  /** Looks at these paths, and all below those that are folders. Answers which are folders. */
  refresh(paths: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
  /** Brings in the whole folder, as a walk found it. Answers what changed since the last time; nothing for the first. */
  bringIn(folder: Walked, signal: AbortSignal): Promise<readonly string[]>;
}

/** What was read of a path, undefined when it is gone. */
interface Read {
  readonly path: string;
  readonly record: FileRecord | undefined;
  /** Grows with every read that begins. */
  readonly turn: number;
}

/** @param changed is told paths that changed since this process first saw them, once they are in the index */
export function createIndexer(
  root: Root,
  session: Session<{ readonly store: Store }>,
  changed: (paths: readonly string[]) => void,
): Indexer {
  /** The stamps this process saw last. The index's own will not do: another process may index a change first. */
  const last = new Map<string, string>();
  /** By path the last read that was given to be written, while reads that began before may still come. */
  const given = new Map<string, number>();
  const me = randomUUID();
  let lastTurn = 0;
  /** Reads that began up to this one may be older than what is in the index. */
  let suspectTurn = 0;
  let reading = 0;
  let writing: Promise<unknown> = Promise.resolve();
  let isFirst = true;

  /** Notes what is seen of a path; answers whether it is news. */
  function isNews(path: string, stamp: string | undefined): boolean {
    if (last.get(path) === stamp) return false;
    if (stamp === undefined) last.delete(path);
    else last.set(path, stamp);
    return true;
  }

  /** What no walk found may be any path at all, and is read with more care. */
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
   * Puts into the index what was read, and tells which of it is news. Resolves when the other thread is at it: reading
   * on before would keep it waiting for its orders.
   */
  async function write(found: readonly Read[]): Promise<{ readonly news: Promise<string[]> }> {
    // Of two who read a file, who began later saw the later state, and may be faster: then that is written by now.
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
   * Another server may have read a file after this one did, and been faster to write it: who writes last must not
   * bring an earlier state back. So while nobody else writes, what was read before others wrote is compared with the
   * disk, and read again where that differs or cannot be told.
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
    // What was read meanwhile, to be written next, may be older than this.
    suspectTurn = lastTurn;
    return [...same, ...reread];
  }

  /** Runs what reads, and gives what it read to be written. */
  async function whileReading<T>(work: () => Promise<T>): Promise<T> {
    reading += 1;
    try {
      return await work();
    } finally {
      reading -= 1;
      if (reading === 0) given.clear();
    }
  }

  /** Reads one batch while the one before is written. Answers which paths are news. */
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
   * Of files that a walk found those that are not in the index as it found them: another process may have brought them
   * in. The others may still be news to this process, which is told to `found`.
   */
  async function unlikeIndex(files: readonly Seen[], found: (path: string) => void): Promise<Seen[]> {
    const stamps = await session.use(({ store }) => store.stampsOf(files.map(({ path }) => path)));
    const isAsFound = ({ path, stamp }: Seen) => stamp !== "" && stamps.get(path) === stamp;
    for (const file of files.filter(isAsFound)) if (isNews(file.path, file.stamp)) found(file.path);
    return files.filter((file) => !isAsFound(file));
  }

  return {
    async refresh(paths, signal) {
      // By path: of a folder and one below it, both may be named.
      const files = new Map<string, Seen>();
      const folders: string[] = [];
      for (const path of new Set(paths)) {
        const stat = isListed(path) ? await statFile(root, path) : "unknown";
        if (stat === "unknown") continue;
        // Who was told of a change reads the file, whatever it looks like.
        files.set(path, unread(path, stat?.size));
        if (stat?.kind === "file") continue;
        // A folder, or nothing any more, which may have been a folder.
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

/** What no walk saw. */
const unread = (path: string, size = 0): Seen => ({ path, stamp: "", size });

/** Of paths in the index those that a walk did not find. They are read like others, and taken out if they are gone. */
function missing({ files, hidden }: Walked, known: Iterable<string>): Seen[] {
  const isHidden = (path: string) => hidden.some((folder) => path.startsWith(`${folder}/`));
  return [...known].filter((path) => !files.has(path) && !isHidden(path)).map((path) => unread(path));
}
