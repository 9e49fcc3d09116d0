import { isListed } from "../note-path.ts";
import type { Vault } from "./vault.ts";

/** Longer than any write of a note takes. */
const OLD_MS = 600_000;
/** Hidden folders that this server writes into. */
const OWN = /^\.(?:trash|server-notes)(?:\/|$)/;

/**
 * Removes, in the background, what writes left that a crash or `kill -9` stopped.
 * @returns what ends it
 */
export function sweepLeftovers({ root, log }: Pick<Vault, "root" | "log">): () => Promise<void> {
  const ending = new AbortController();
  const enter = (path: string) => isListed(path) || OWN.test(path);
  const swept = root
    .sweepTemporaries("", { olderThanMs: OLD_MS, enter, signal: ending.signal })
    .then((count) => log.debug("removed what unfinished writes left", { count }))
    .catch((error: unknown) => log.debug("what unfinished writes left was not removed", { reason: String(error) }));
  return async () => {
    ending.abort();
    await swept;
  };
}
