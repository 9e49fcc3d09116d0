/** A line whose first bytes are kept, and how many it had. */
export interface Line {
  readonly bytes: Buffer;
  readonly length: number;
}

/** Reads what git writes piece by piece: up to a NUL, or up to a line end, as the format has it at that place. */
export interface Reader {
  /** The bytes up to the next NUL, which is dropped; at the end of the output what is left, and then undefined. */
  field(): Promise<Buffer | undefined>;
  /** The bytes up to the next line end; of a long line only the first `keep`, so that no line fills the memory. */
  line(keep: number): Promise<Line | undefined>;
  /** The next byte, not taken; undefined at the end. */
  peek(): Promise<number | undefined>;
}

export function readerOf(pieces: AsyncIterator<Buffer, unknown, undefined>): Reader {
  let piece: Buffer = Buffer.alloc(0);
  let at = 0;

  async function fill(): Promise<boolean> {
    while (at === piece.length) {
      const { value } = await pieces.next();
      if (!(value instanceof Buffer)) return false;
      piece = value;
      at = 0;
    }
    return true;
  }

  async function upTo(end: 0 | 10, keep: number): Promise<Line | undefined> {
    if (at === piece.length && !(await fill())) return undefined;
    const kept: Buffer[] = [];
    let length = 0;
    do {
      const found = piece.indexOf(end, at);
      const part = piece.subarray(at, found === -1 ? piece.length : found);
      const room = keep - Math.min(keep, length);
      if (room > 0) kept.push(part.subarray(0, room));
      length += part.length;
      at += part.length + (found === -1 ? 0 : 1);
      if (found !== -1) break;
    } while (await fill());
    const [first = piece] = kept;
    return { bytes: kept.length === 1 ? first : Buffer.concat(kept), length };
  }

  return {
    field: async () => (await upTo(0, Number.POSITIVE_INFINITY))?.bytes,
    line: (keep) => upTo(10, keep),
    peek: async () => ((await fill()) ? piece[at] : undefined),
  };
}
