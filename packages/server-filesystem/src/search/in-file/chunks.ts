import { readSync } from "node:fs";

/** Whole lines of a file, but for one that is longer than all that is held. */
export interface Chunk {
  /** Only until the next chunk is asked for. */
  readonly bytes: Buffer;
  /** Whether nothing comes behind it. */
  readonly last: boolean;
}

const SIZE = 1 << 20;
/** Bytes of a line that are held: a longer one is searched in pieces. */
const LONGEST_LINE = 16 << 20;
const BREAK = 10;
/** What some file systems of the kernel's own give at a time, however much there is. */
const PAGE = 4096;

/** One for each thread: most files are shorter than this, and none costs an allocation. */
const shared = Buffer.allocUnsafeSlow(SIZE);

/** Reads the beginning of a file: nearly always all of it, in a single call. It need not end with a line. */
export function readStart(fd: number): Chunk {
  const read = readSync(fd, shared, 0, SIZE, null);
  // A short read is the file's end.
  return { bytes: shared.subarray(0, read), last: read < SIZE && (read === 0 || read % PAGE !== 0) };
}

/** A file in chunks that end with a line. @param start what was read of it just now */
export function* chunksOf(fd: number, start: Chunk): Generator<Chunk, undefined> {
  let buffer = shared;
  let held = start.bytes.length;
  let last = start.last;
  for (;;) {
    while (!last && held < buffer.length) {
      const read = readSync(fd, buffer, held, buffer.length - held, null);
      held += read;
      last = read === 0;
    }
    const end = last ? held : buffer.lastIndexOf(BREAK) + 1;
    if (end === 0 && !last && buffer.length < LONGEST_LINE) {
      const larger = Buffer.allocUnsafeSlow(buffer.length * 4);
      buffer.copy(larger);
      buffer = larger;
      continue;
    }
    const cut = end === 0 ? held : end;
    yield { bytes: buffer.subarray(0, cut), last };
    if (last) return;
    buffer.copyWithin(0, cut, held);
    held -= cut;
  }
}
