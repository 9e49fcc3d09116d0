import { type FSWatcher, watch as watchSystem } from "node:fs";
import type { Anchor } from "../lookup/anchor.ts";
import type { WatchOptions } from "../types/options.ts";
import { type Reporter, watchDirectories } from "./watch-directories.ts";

/** Milliseconds between reports of `undefined` while some changes cannot be seen. */
const SWEEP_MS = 5000;
/** Paths reported one by one; more at once become one `undefined`, because a full sweep is cheaper then. */
const MAX_REPORTED = 1000;

interface WatchCallbacks {
  changed(path: string | undefined): void;
  left(): void;
}

/** Reports changes below the root by anybody, at most once per path and turn of the event loop. */
export function watch(anchor: Anchor, { changed, left }: WatchCallbacks, options: WatchOptions): () => void {
  const paths = new Set<string>();
  let everything = false;
  let scheduled = false;
  let stopped = false;
  let sweeps: NodeJS.Timeout | undefined;

  function flush(): void {
    scheduled = false;
    if (stopped) return;
    const reports = everything || paths.size > MAX_REPORTED ? [undefined] : [...paths];
    paths.clear();
    everything = false;
    for (const path of reports) changed(path);
  }

  const reporter: Reporter = {
    left,
    report(path) {
      if (path === undefined) everything = true;
      else if (paths.size <= MAX_REPORTED) paths.add(path);
      if (!scheduled) setImmediate(flush);
      scheduled = true;
    },
    loseSight() {
      reporter.report(undefined);
      sweeps ??= setInterval(() => reporter.report(undefined), SWEEP_MS).unref();
    },
  };
  const unwatch =
    process.platform === "linux" ? watchDirectories(anchor, reporter, options) : watchTree(anchor, reporter);
  return () => {
    stopped = true;
    clearInterval(sweeps);
    unwatch();
  };
}

/** macOS and Windows can watch a tree themselves. */
function watchTree(anchor: Anchor, { report, loseSight }: Reporter): () => void {
  let watcher: FSWatcher | undefined;
  try {
    watcher = watchSystem(anchor.path, { recursive: true, persistent: false }, (_event, name) => {
      const path = name?.replaceAll("\\", "/");
      if (path === undefined || !anchor.judge?.(path, "read")) report(path);
    });
    watcher.on("error", loseSight);
  } catch {
    loseSight();
  }
  return () => watcher?.close();
}
