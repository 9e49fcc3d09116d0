import { isUtf8 } from "node:buffer";
import { type FSWatcher, readFileSync, watch as watchSystem } from "node:fs";
import { type BeneathCode, BeneathError, translate } from "../errors.ts";
import type { Anchor } from "../lookup/anchor.ts";
import { childOf, isTemporary } from "../lookup/names.ts";
import { locate } from "../lookup/resolve.ts";
import { list } from "../reading/walk.ts";
import type { WatchOptions } from "../types/options.ts";

/** Receives the changes that a watch sees. */
export interface Reporter {
  report(path: string | undefined): void;
  /** Call when changes may be missed from now on: reports `undefined` at once and every few seconds. */
  loseSight(): void;
  /** Call when the watched folder itself was moved or removed. */
  left(): void;
}

/** Watches use kernel memory, and all programs of a user share a limited number of them. */
const MAX_WATCHES = 8192;
/** Paths queued to be scanned again; when there are more, the whole tree is scanned. */
const MAX_QUEUED = 4096;
/** Failures that leave nothing to watch. */
const HARMLESS: ReadonlySet<BeneathCode> = new Set([
  "not_found",
  "not_a_directory",
  "is_a_link",
  "outside",
  "denied",
  "no_permission",
]);

/**
 * Watches a tree directory by directory, each by its verified handle, on systems that cannot watch a tree. Node's
 * recursive watch uses one watch for every file, and reads the whole tree before it returns.
 */
export function watchDirectories(
  anchor: Anchor,
  { report, loseSight, left }: Reporter,
  { enter }: WatchOptions,
): () => void {
  const watchers = new Map<string, FSWatcher>();
  const tooMany = eventsAtATime();
  let stopped = false;
  let complete = true;
  let events = 0;
  const queue = new Set<string>();
  let scanning = false;

  function fail(): void {
    complete = false;
    loseSight();
  }

  /**
   * Watches a directory and everything below. `found` is called for every entry, since it may have appeared before the
   * watch.
   */
  async function scan(top: string, found: (path: string) => void): Promise<void> {
    drop(top);
    const todo = [top];
    for (let path = todo.pop(); path !== undefined && !stopped; path = todo.pop()) {
      try {
        if (!(await add(path))) continue;
        for await (const { name, kind, addressable } of list(anchor, path, {})) {
          const child = childOf(path, name);
          found(child);
          if (kind !== "directory" || !addressable || enter?.(child) === false) continue;
          if (watchers.size + todo.length < MAX_WATCHES) todo.push(child);
          else if (complete) fail();
        }
      } catch (error) {
        // An entry that disappeared or may not be read is harmless. Anything else is not, such as running out of
        // watches.
        const failure = translate(error, "");
        if (!(failure instanceof BeneathError && HARMLESS.has(failure.code)) && complete && !stopped) fail();
      }
    }
  }

  /**
   * Whether there is a directory to watch. A link does not count: its changes would be reported under the wrong path.
   */
  async function add(path: string): Promise<boolean> {
    return anchor.using(async () => {
      const place = await locate(anchor, path, false, "read");
      try {
        if (stopped || !place.pin?.stat.isDirectory()) return false;
        // Ends in ".", so that an event about the directory itself has a name that no entry has.
        const watched = place.pin.enter();
        const watcher = watchSystem(`${watched.path}/.`, { persistent: false, encoding: "buffer" }, (event, name) => {
          notice(path, watched.inside, event, name);
        });
        watcher.on("error", fail);
        watchers.set(path, watcher);
        return true;
      } finally {
        place.close();
      }
    });
  }

  function notice(directory: string, inside: string, event: string, bytes: Buffer | null): void {
    if (events === 0) setImmediate(() => (events = 0));
    events += 1;
    // The system silently drops events that arrive faster than they are read, including those of new directories.
    if (events === tooMany) rescan("");
    const name = bytes !== null && isUtf8(bytes) ? bytes.toString() : ".";
    if (isTemporary(name) || anchor.judge?.(childOf(inside, name), "read")) return;
    const path = childOf(directory, name);
    report(path === "" ? undefined : path);
    if (path === "" && event === "rename") left();
    // An entry of this name was added or removed: end its old watches, and watch it if it is now a directory.
    if (event === "rename" && name !== "." && enter?.(path) !== false) rescan(path);
  }

  function rescan(path: string): void {
    const tooManyPaths = queue.size >= MAX_QUEUED;
    if (tooManyPaths) queue.clear();
    queue.add(tooManyPaths ? "" : path);
    if (!scanning) void scanAll();
  }

  /** One at a time: two scans of one directory would drop each other's watches. */
  async function scanAll(): Promise<void> {
    scanning = true;
    for (const path of queue) {
      queue.delete(path);
      await scan(path, path === "" ? () => undefined : report);
      // A caller that read the tree before all of it was watched may have missed a change.
      if (path === "" && !stopped) report(undefined);
    }
    scanning = false;
  }

  function drop(top: string): void {
    // A directory is watched only while its parent is.
    if (!watchers.has(top)) return;
    for (const [path, watcher] of watchers) {
      if (top !== "" && path !== top && !path.startsWith(`${top}/`)) continue;
      watcher.close();
      watchers.delete(path);
    }
  }

  rescan("");
  return () => {
    stopped = true;
    for (const watcher of watchers.values()) watcher.close();
    watchers.clear();
  };
}

/** Half of the kernel's queue: if so many events arrive in one turn, some may have been dropped. */
function eventsAtATime(): number {
  try {
    return Number(readFileSync("/proc/sys/fs/inotify/max_queued_events", "utf8")) / 2;
  } catch {
    return 8192;
  }
}
