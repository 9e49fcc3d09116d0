import { readSync } from "node:fs";

/** Whole lines of a file, unless a line exceeds the buffer. */
export interface Chunk {
  /** Valid until the next chunk is requested. */
  readonly bytes: Buffer;
  /** Whether this is the last chunk. */
  readonly last: boolean;
}

const SIZE = 1 << 20;
/** Most bytes of a line that are held; a longer one is searched in pieces. */
const LONGEST_LINE = 16 << 20;
const BREAK = 10;
/** Some of the kernel's own file systems return at most this much at a time. */
const PAGE = 4096;

/** One per thread: most files are shorter than this, and none needs an allocation. */
const shared = Buffer.allocUnsafeSlow(SIZE);

/** Reads the beginning of a file: nearly always all of it, in a single call. It may end in the middle of a line. */
export function readStart(fd: number): Chunk {
  const read = readSync(fd, shared, 0, SIZE, null);
  // A short read means the end of the file.
  return { bytes: shared.subarray(0, read), last: read < SIZE && (read === 0 || read % PAGE !== 0) };
}

/** A file in chunks that end with a line. @param start the part that has already been read */
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
