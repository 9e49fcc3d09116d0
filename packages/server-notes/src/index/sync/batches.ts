import type { Seen } from "./disk.ts";

/** Files per transaction. Larger ones build no faster, and files waiting to be written take memory. */
const BATCH_FILES = 150;
const BATCH_BYTES = 100_000;
/** Files read concurrently. */
const READERS = 8;

export function* batches(files: readonly Seen[]): Generator<Seen[]> {
  let batch: Seen[] = [];
  let bytes = 0;
  for (const file of files) {
    batch.push(file);
    bytes += file.size;
    if (batch.length < BATCH_FILES && bytes < BATCH_BYTES) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}

/** Several servers that build one index start at different places, and so share the work. */
export function rotated<T>(items: readonly T[]): T[] {
  const start = Math.floor(Math.random() * items.length);
  return [...items.slice(start), ...items.slice(0, start)];
}

export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(READERS, items.length) }, worker));
}
