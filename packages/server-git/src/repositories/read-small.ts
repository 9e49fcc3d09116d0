import { constants } from "node:fs";
import { open } from "node:fs/promises";

/**
 * A file of a git directory; undefined where there is none, it is larger than `most`, or is no file. Opened without waiting: a
 * named pipe in the place of HEAD would hold a thread of this process for ever.
 */
export async function readSmall(path: string, most = 1 << 20): Promise<Buffer | undefined> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const stats = await file.stat();
    return stats.isFile() && stats.size <= most ? await file.readFile() : undefined;
  } finally {
    await file.close();
  }
}

/** The same as text. */
export const readText = async (path: string, most?: number): Promise<string | undefined> =>
  (await readSmall(path, most))?.toString("utf8");
