import { ToolError } from "@org/server-kit";
import { startThread } from "./thread.ts";
import type { IndexOptions, NotesIndex } from "./types.ts";

/**
 * Opens the index of a notes folder. Returns at once: a thread of its own builds the index and answers, so no call
 * is held up but by its own wait. The index is a cache: what goes wrong with it is mended or told in the log.
 */
export function openIndex({ directory, root, log }: IndexOptions): NotesIndex {
  const listeners = new Set<(path: string) => void>();
  let whenReady = () => {};
  const ready = new Promise<void>((resolve) => {
    whenReady = resolve;
  });
  const thread = startThread({ directory, root }, log, {
    ready: () => whenReady(),
    changed(paths) {
      for (const path of paths) for (const listener of listeners) listener(path);
    },
  });
  return {
    ready,
    search: (query, options, signal) => thread.call("search", { ...options, query }, signal),
    list: (options, signal) => thread.call("list", options, signal),
    files: (options, signal) => thread.call("files", options, signal),
    tags: (signal) => thread.call("tags", undefined, signal),
    links: (path, signal) => thread.call("links", path, signal),
    find: (note, signal) => thread.call("find", note, signal),
    nearest: (note, signal) => thread.call("nearest", note, signal),
    named: (names, signal) => thread.call("named", names, signal),
    async refresh(paths) {
      try {
        await thread.call("refresh", paths);
      } catch (error) {
        // The watch or the next sweep will see the change: what was written is written.
        if (!(error instanceof ToolError)) log.warn("changes not indexed", { reason: String(error) });
      }
    },
    onChange(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    close: () => thread.close(),
  };
}
