import type { Root } from "@org/beneath";
import type { Release } from "@org/server-kit";

type Listener = (path: string | undefined) => void;

interface Shared {
  readonly listeners: Set<Listener>;
  readonly stop: Release;
}

const shared = new WeakMap<Root, Map<string, Shared>>();

/**
 * Watches one directory and the path to it. All listeners of a directory share one watch. @param listener called with a
 * path that concerns it, or with undefined when anything may have changed
 */
export function watchDirectory(root: Root, directory: string, listener: Listener): Release {
  const watches = shared.get(root) ?? new Map<string, Shared>();
  shared.set(root, watches);
  const entry = watches.get(directory) ?? start(root, directory);
  watches.set(directory, entry);
  entry.listeners.add(listener);
  return () => {
    if (!entry.listeners.delete(listener) || entry.listeners.size > 0) return;
    watches.delete(directory);
    entry.stop();
  };
}

function start(root: Root, directory: string): Shared {
  const listeners = new Set<Listener>();
  const leadsThere = (path: string) => directory === path || directory.startsWith(`${path}/`);
  const tell = (path: string | undefined) => {
    for (const listener of [...listeners]) listener(path);
  };
  const stop = root.watch(tell, { enter: leadsThere });
  return { listeners, stop };
}
