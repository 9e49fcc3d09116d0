import { randomUUID } from "node:crypto";
import { rename, rm } from "node:fs/promises";

/** Temporary folders in a server's own folder start so: the same file system, and the same node_modules. */
export const STAGING_PREFIX = ".server-build-";

/**
 * Puts the folder `next` in the place of `current`. Both are on one file system: whoever looks finds the old
 * folder or the new one, for a moment none, never half of one.
 */
export async function replaceFolder(current: string, next: string): Promise<void> {
  const old = `${next}-${randomUUID()}`;
  const moved = await rename(current, old).then(
    () => true,
    () => false,
  );
  try {
    await rename(next, current);
  } catch (error) {
    if (moved) await rename(old, current);
    throw error;
  }
  await rm(old, { recursive: true, force: true });
}
