import { within } from "../../within.ts";
import type { Tell } from "../store/database.ts";
import type { Walked } from "./disk.ts";
import type { Indexer } from "./indexer.ts";

/** Keeps the index as the folder is. */
export interface Freshness {
  /** Resolves when the first sweep is in, or cannot be. */
  readonly first: Promise<void>;
  /**
   * Brings in what is known to have changed, for as long as somebody can be kept waiting.
   * @returns whether all of it is in
   */
  settle(): Promise<boolean>;
  /** Has everything looked at again. */
  distrust(): void;
  stop(): void;
}

export interface FreshnessOptions {
  readonly indexer: Indexer;
  /** Finds all files. */
  readonly walk: (signal: AbortSignal) => Promise<Walked>;
  /** Tells what anybody changes, `undefined` when that may be anything; throws where that cannot be known. */
  readonly watch: (changed: (path: string | undefined) => void) => () => void;
  readonly tell: Tell;
}

/** A first call waits this long for the first sweep, then answers from what is there. */
const FIRST_WAIT_MS = 5_000;
/** Any other waits this long for changes that are known. */
const CHANGE_WAIT_MS = 3_000;
/** Changes that come in a row are taken together. */
const GATHER_MS = 50;
/** Everything is looked at this often, for what the watch has lost. */
const SWEEP_MS = 60_000;
/**
 * On Linux a watch goes through the folder before it sees everything, and then tells that anything may have changed.
 * A walk at the same time would be slowed by it, and then be repeated.
 */
const WATCH_BEGINS_MS = process.platform === "linux" ? 300 : 0;
/** The watch has reached all that is in a new folder by then, also on a busy machine. */
const YOUNG_MS = 5_000;
/** Without a watch to rely on, a call finds what changed at least this long before it. */
const STALE_MS = 2_000;

export function startFreshness({ indexer, walk, watch, tell }: FreshnessOptions): Freshness {
  const stopping = new AbortController();
  const { signal } = stopping;
  /** Paths that changed and are not in the index yet. */
  const changed = new Set<string>();
  /** What the watch told of between the last two sweeps, and since the last one began. */
  let toldBefore = new Set<string>();
  let told = new Set<string>();
  /** Folders that appeared, and when: until the watch has reached all that is in them, calls look into them. */
  const young = new Map<string, number>();
  /** How often everything became suspect, up to which time the sweep under way sees it, and the last one saw it. */
  let suspicions = 0;
  let covering = 0;
  let covered = 0;
  let isWatching = false;
  let sweptAt = Number.NEGATIVE_INFINITY;
  let sweeping: Promise<void> | undefined;
  let refreshing: Promise<void> | undefined;
  let walking: AbortController | undefined;
  let gathering: NodeJS.Timeout | undefined;

  let hasBegun = () => {};
  const watchBegins = new Promise<void>((resolve) => {
    hasBegun = resolve;
  });
  const stopWatching = beginWatching();
  const first = within(watchBegins, isWatching ? WATCH_BEGINS_MS : 0).then(sweep);
  const timer = setInterval(() => void sweep(), SWEEP_MS);
  timer.unref();

  function beginWatching(): () => void {
    try {
      const stop = watch((path) => {
        if (path !== undefined) noteChange(path);
        else if (sweptAt === Number.NEGATIVE_INFINITY && !sweeping) hasBegun();
        else suspectAll();
        gathering ??= setTimeout(() => void bringIn(), GATHER_MS).unref();
      });
      isWatching = true;
      return stop;
    } catch (error) {
      tell("info", "folder cannot be watched, looking at it before answers", { reason: String(error) });
      return () => {};
    }
  }

  function noteChange(path: string): void {
    changed.add(path);
    told.add(path);
  }

  /** Whether the watch told of it, or of a folder that it is in. */
  function wasTold(path: string): boolean {
    for (let end = path.length; end > 0; end = path.lastIndexOf("/", end - 1)) {
      const part = path.slice(0, end);
      if (told.has(part) || toldBefore.has(part)) return true;
    }
    return false;
  }

  function sweep(): Promise<void> {
    // The one that is under way may have passed what is suspect since.
    if (sweeping && covering < suspicions) return sweeping.then(() => (isAllSuspect() ? sweep() : undefined));
    sweeping ??= lookAtAll().finally(() => {
      sweeping = undefined;
    });
    return sweeping;
  }

  const isAllSuspect = () => covered < suspicions;

  function suspectAll(): void {
    suspicions += 1;
    walking?.abort();
  }

  /** A walk begins again when anything may have changed behind it, as when the watch has only just begun. */
  async function walkUndisturbed(): Promise<Walked> {
    walking = new AbortController();
    covering = suspicions;
    try {
      return await walk(AbortSignal.any([walking.signal, signal]));
    } catch (error) {
      if (!walking.signal.aborted || signal.aborted) throw error;
    } finally {
      walking = undefined;
    }
    // Only once: changes that never end must not keep it from ending.
    covering = suspicions;
    return walk(signal);
  }

  async function lookAtAll(): Promise<void> {
    const began = Date.now();
    const before = suspicions;
    const wasSuspect = isAllSuspect();
    // What was told of shortly before may be found now, and what is found may be told of a little later.
    toldBefore = told;
    told = new Set();
    try {
      const missed = await indexer.bringIn(await walkUndisturbed(), signal);
      covered = covering;
      sweptAt = Date.now();
      tell("debug", "folder looked through", { ms: sweptAt - began, changed: missed.length });
      await pause();
      // Told of a change only now, a watch is late; not told at all, it is deaf, as on network drives.
      const areAllTold = wasSuspect || suspicions > before || missed.every(wasTold);
      if (isWatching && !areAllTold) {
        isWatching = false;
        tell("info", "the watch missed changes, looking at the folder before answers", { missed: missed.length });
      }
    } catch (error) {
      if (signal.aborted) return;
      suspectAll();
      tell("warn", "folder could not be looked through", { reason: String(error) });
    }
  }

  function bringIn(): Promise<void> {
    clearTimeout(gathering);
    gathering = undefined;
    if (isAllSuspect()) void sweep();
    refreshing ??= refreshAll().finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  }

  async function refreshAll(): Promise<void> {
    while (changed.size > 0 && !signal.aborted) {
      const paths = [...changed];
      changed.clear();
      try {
        const folders = await indexer.refresh(paths, signal);
        for (const folder of folders) young.set(folder, young.get(folder) ?? Date.now());
      } catch (error) {
        if (signal.aborted) return;
        suspectAll();
        tell("warn", "changes could not be indexed", { reason: String(error) });
      }
    }
  }

  function lookIntoYoungFolders(): void {
    for (const [folder, since] of young) {
      if (Date.now() - since > YOUNG_MS) young.delete(folder);
      else changed.add(folder);
    }
  }

  return {
    first,
    async settle() {
      if (sweptAt === Number.NEGATIVE_INFINITY && !(await within(first, FIRST_WAIT_MS))) return false;
      // What was written before this call has been told to the system: its events are waiting to be read.
      await pause();
      // What is being looked at was told before, and may have been looked at before the last change.
      if (refreshing && !(await within(refreshing, CHANGE_WAIT_MS))) return false;
      lookIntoYoungFolders();
      const isStale = !isWatching && Date.now() - sweptAt > STALE_MS;
      const work = [
        ...(isAllSuspect() || isStale ? [sweep()] : []),
        ...(changed.size > 0 || refreshing ? [bringIn()] : []),
      ];
      const isInTime = await within(Promise.all(work), CHANGE_WAIT_MS);
      // What failed, or was overtaken by more changes than the watch tells, is suspect again.
      return isInTime && sweptAt !== Number.NEGATIVE_INFINITY && !isAllSuspect();
    },
    distrust() {
      suspectAll();
      void bringIn();
    },
    stop() {
      stopping.abort();
      stopWatching();
      clearInterval(timer);
      clearTimeout(gathering);
    },
  };
}

/**
 * Turns of the loop until what the system has to tell is heard: this one may end before the system is asked, in the
 * next it is, the watch gathers what it hears for one more, and one is to spare.
 */
const TURNS = 4;

async function pause(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
