import { type FSWatcher, watch as watchSystem } from "node:fs";
import type { Anchor } from "../lookup/anchor.ts";
import type { WatchOptions } from "../types/options.ts";
import { watchDirectories } from "./watch-directories.ts";

/** Milliseconds between two tellings of `undefined` while not everything can be watched. */
const SWEEP_MS = 5000;
/** Paths told one by one; more at a time are told as `undefined`, since a sweep is cheaper then. */
const MAX_TOLD = 1000;

/** Collects what changed. */
export interface Teller {
  tell(path: string | undefined): void;
  /** From now on something may change unseen: `undefined` is told at once and from time to time. */
  loseSight(): void;
  /** The watched folder itself was moved or removed. */
  left(): void;
}

export interface Watcher {
  changed(path: string | undefined): void;
  left(): void;
}

/** Tells changes below the root by anybody, at most once per path and turn of the event loop. */
export function watch(anchor: Anchor, { changed, left }: Watcher, options: WatchOptions): () => void {
  const paths = new Set<string>();
  let everything = false;
  let scheduled = false;
  let stopped = false;
  let sweeps: NodeJS.Timeout | undefined;

  function flush(): void {
    scheduled = false;
    if (stopped) return;
    const told = everything || paths.size > MAX_TOLD ? [undefined] : [...paths];
    paths.clear();
    everything = false;
    for (const path of told) changed(path);
  }

  const teller: Teller = {
    left,
    tell(path) {
      if (path === undefined) everything = true;
      else if (paths.size <= MAX_TOLD) paths.add(path);
      if (!scheduled) setImmediate(flush);
      scheduled = true;
    },
    loseSight() {
      teller.tell(undefined);
      sweeps ??= setInterval(() => teller.tell(undefined), SWEEP_MS).unref();
    },
  };
  const unwatch = process.platform === "linux" ? watchDirectories(anchor, teller, options) : watchTree(anchor, teller);
  return () => {
    stopped = true;
    clearInterval(sweeps);
    unwatch();
  };
}

/** macOS and Windows watch a tree by themselves. */
function watchTree(anchor: Anchor, { tell, loseSight }: Teller): () => void {
  let watcher: FSWatcher | undefined;
  try {
    watcher = watchSystem(anchor.path, { recursive: true, persistent: false }, (_event, name) => {
      const path = name?.replaceAll("\\", "/");
      if (path === undefined || !anchor.judge?.(path, "read")) tell(path);
    });
    watcher.on("error", loseSight);
  } catch {
    loseSight();
  }
  return () => watcher?.close();
}
