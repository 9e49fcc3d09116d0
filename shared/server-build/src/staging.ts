import { randomUUID } from "node:crypto";
import { rename, rm } from "node:fs/promises";

/** The prefix of temporary folders. They are in the server's folder, to share its file system and node_modules. */
export const STAGING_PREFIX = ".server-build-";

/**
 * Replaces the folder `current` by `next`, on the same file system. Readers find the old folder or the new one, for a
 * moment none, but never half of one.
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
