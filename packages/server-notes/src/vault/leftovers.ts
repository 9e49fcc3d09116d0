import { setTimeout as delay } from "node:timers/promises";
import type { Root } from "@org/beneath";
import type { Log } from "@org/server-kit";
import { isListed } from "../note-path.ts";

/** Longer than any write of a note takes. */
const OLD_MS = 600_000;
/** Nothing depends on it, and the first answers do on the disk. */
const BEGINS_MS = 3000;
/** Whether a path is in one of the hidden folders that this server writes into. */
export const isOwn = (path: string): boolean => /^\.(?:trash|server-notes)(?:\/|$)/.test(path);

/**
 * Removes, in the background, what writes left that a crash or `kill -9` stopped.
 * @returns what ends it
 */
export function sweepLeftovers({ root, log }: { readonly root: Root; readonly log: Log }): () => Promise<void> {
  const ending = new AbortController();
  const enter = (path: string) => isListed(path) || isOwn(path);
  const { signal } = ending;
  const swept = delay(BEGINS_MS, undefined, { signal, ref: false })
    .then(() => root.sweepTemporaries("", { olderThanMs: OLD_MS, enter, signal }))
    .then((count) => log.debug("removed what unfinished writes left", { count }))
    .catch((error: unknown) => log.debug("what unfinished writes left was not removed", { reason: String(error) }));
  return async () => {
    ending.abort();
    await swept;
  };
}
