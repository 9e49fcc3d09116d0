import { setTimeout as delay } from "node:timers/promises";
import type { Root } from "@org/beneath";
import type { Log } from "@org/server-kit";
import { isListed } from "../note-path.ts";

/** Longer than any write of a note takes. */
const OLD_MS = 600_000;
/** Delayed, because nothing depends on it, while the first answers need the disk. */
const BEGINS_MS = 3000;
/** Whether a path is in a hidden folder that this server writes to. */
export const isOwn = (path: string): boolean => /^\.(?:trash|server-notes)(?:\/|$)/.test(path);

/**
 * Removes, in the background, leftovers of writes that were stopped by a crash or `kill -9`. @returns a function that
 * ends it
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
