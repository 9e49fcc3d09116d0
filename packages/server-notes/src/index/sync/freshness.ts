import { within } from "../../within.ts";
import type { Tell } from "../store/database.ts";
import type { Walked } from "./disk.ts";
import type { Indexer } from "./indexer.ts";

/** Keeps the index in step with the folder. */
export interface Freshness {
  /** Resolves when the first sweep is done, or has failed. */
  readonly first: Promise<void>;
  /** Indexes known changes, for as long as a caller can be kept waiting. @returns whether all of them are indexed */
  settle(): Promise<boolean>;
  /** Schedules a check of everything. */
  distrust(): void;
  stop(): void;
}

export interface FreshnessOptions {
  readonly indexer: Indexer;
  /** Finds all files. */
  readonly walk: (signal: AbortSignal) => Promise<Walked>;
  /** Reports changes, `undefined` when anything may have changed; throws where changes cannot be watched. */
  readonly watch: (changed: (path: string | undefined) => void) => () => void;
  readonly tell: Tell;
}

/** The first call waits this long for the first sweep, then answers from what has been indexed. */
const FIRST_WAIT_MS = 5_000;
/** Other calls wait this long for known changes. */
const CHANGE_WAIT_MS = 3_000;
/** Changes in quick succession are handled together. */
const GATHER_MS = 50;
/** Everything is checked this often, for changes that the watch has missed. */
const SWEEP_MS = 60_000;
/**
 * On Linux a watch goes through the folder before it sees everything, and then reports that anything may have changed.
 * A walk at the same time would be slowed down, and then have to be repeated.
 */
const WATCH_BEGINS_MS = process.platform === "linux" ? 300 : 0;
/** By then the watch covers everything in a new folder, even on a busy machine. */
const YOUNG_MS = 5_000;
/** Without a reliable watch, a call sees changes made at least this long before it. */
const STALE_MS = 2_000;

export function startFreshness({ indexer, walk, watch, tell }: FreshnessOptions): Freshness {
  const stopping = new AbortController();
  const { signal } = stopping;
  /** Changed paths that are not indexed yet. */
  const changed = new Set<string>();
  /** What the watch reported between the last two sweeps, and since the last one began. */
  let toldBefore = new Set<string>();
  let told = new Set<string>();
  /** New folders, and when they appeared: until the watch covers everything in them, calls check them. */
  const young = new Map<string, number>();
  /**
   * How many times everything became suspect, up to which time the running sweep covers it, and the last one covered
   * it.
   */
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

  /** Whether the watch reported it, or a folder that contains it. */
  function wasTold(path: string): boolean {
    for (let end = path.length; end > 0; end = path.lastIndexOf("/", end - 1)) {
      const part = path.slice(0, end);
      if (told.has(part) || toldBefore.has(part)) return true;
    }
    return false;
  }

  function sweep(): Promise<void> {
    // The running sweep may already have passed what has become suspect.
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

  /** Restarts the walk when anything may have changed behind it, as when the watch has only just begun. */
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
    // Only once: constant changes must not keep it from ending.
    covering = suspicions;
    return walk(signal);
  }

  async function lookAtAll(): Promise<void> {
    const began = Date.now();
    const before = suspicions;
    const wasSuspect = isAllSuspect();
    // A change reported just before may be found now, and one found now may be reported a little later.
    toldBefore = told;
    told = new Set();
    try {
      const missed = await indexer.bringIn(await walkUndisturbed(), signal);
      covered = covering;
      sweptAt = Date.now();
      tell("debug", "folder looked through", { ms: sweptAt - began, changed: missed.length });
      await pause();
      // If the watch reports a change only now, it is slow; if not at all, it does not work, as on network drives.
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
      // The system already knows of everything written before this call: let its events arrive.
      await pause();
      // Running checks are of earlier changes, and may have read a file before its latest change.
      if (refreshing && !(await within(refreshing, CHANGE_WAIT_MS))) return false;
      lookIntoYoungFolders();
      const isStale = !isWatching && Date.now() - sweptAt > STALE_MS;
      const work = [
        ...(isAllSuspect() || isStale ? [sweep()] : []),
        ...(changed.size > 0 || refreshing ? [bringIn()] : []),
      ];
      const isInTime = await within(Promise.all(work), CHANGE_WAIT_MS);
      // If work failed, or more changes came than the watch can report, everything is suspect again.
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
 * Turns of the event loop until the system's events have arrived: this turn may end before the system is polled, the
 * next polls it, the watch collects for one more, and one is to spare.
 */
const TURNS = 4;

async function pause(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
