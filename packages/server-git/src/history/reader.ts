import type { Awaitable } from "@org/server-kit";

/** The first bytes of a line, and its full length. */
export interface Line {
  readonly bytes: Buffer;
  readonly length: number;
}

/**
 * Reads git's output piece by piece, up to a NUL or up to a line end, as the format requires. Anything within one
 * piece, as nearly everything is, is returned at once without a promise: a page has thousands of fields.
 */
export interface Reader {
  /** The bytes up to the next NUL, which is dropped; at the end of the output the remaining bytes, then undefined. */
  field(): Awaitable<Buffer | undefined>;
  /** That many fields, with the NULs between them; at the end of the output as many as remain, then undefined. */
  fields(count: number): Awaitable<Buffer | undefined>;
  /** The bytes up to the next line end, but at most `keep`, so that a long line cannot fill the memory. */
  line(keep: number): Awaitable<Line | undefined>;
  /**
   * Whole lines of the current piece that begin with one of these bytes, each with its line end; undefined if the next
   * line does not. Stops after the line that reaches `most` bytes.
   */
  linesWith(first: ReadonlySet<number>, most: number): Buffer | undefined;
  /** The next byte, without consuming it; undefined at the end. */
  peek(): Awaitable<number | undefined>;
}

const NUL = Buffer.from([0]);
const ALL = Number.POSITIVE_INFINITY;

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

  /** A field or line that ends in this piece. */
  function here(end: 0 | 10): Buffer | undefined {
    const found = piece.indexOf(end, at);
    if (found === -1) return undefined;
    const record = piece.subarray(at, found);
    at = found + 1;
    return record;
  }

  /** Several fields that all end in this piece. */
  function together(count: number): Buffer | undefined {
    let end = at - 1;
    for (let field = 0; field < count; field += 1) {
      end = piece.indexOf(0, end + 1);
      if (end === -1) return undefined;
    }
    const record = piece.subarray(at, end);
    at = end + 1;
    return record;
  }

  async function oneByOne(count: number): Promise<Buffer | undefined> {
    const found: Buffer[] = [];
    for (let line = await across(0, ALL); line; line = found.length < count ? await across(0, ALL) : undefined) {
      found.push(line.bytes);
    }
    const [first, ...others] = found;
    return first && Buffer.concat([first, ...others.flatMap((field) => [NUL, field])]);
  }

  async function across(end: 0 | 10, keep: number): Promise<Line | undefined> {
    if (!(await fill())) return undefined;
    const kept: Buffer[] = [];
    let length = 0;
    do {
      const whole = here(end);
      const part = whole ?? piece.subarray(at);
      if (!whole) at = piece.length;
      if (length < keep) kept.push(part.subarray(0, keep - length));
      length += part.length;
      if (whole) break;
    } while (await fill());
    return { bytes: Buffer.concat(kept), length };
  }

  return {
    field: () => here(0) ?? across(0, ALL).then((line) => line?.bytes),
    fields: (count) => together(count) ?? oneByOne(count),
    line(keep) {
      const bytes = here(10);
      if (!bytes) return across(10, keep);
      return { bytes: bytes.length > keep ? bytes.subarray(0, keep) : bytes, length: bytes.length };
    },
    linesWith(first, most) {
      let end = at;
      while (end - at < most && first.has(piece[end] ?? -1)) {
        const found = piece.indexOf(10, end);
        if (found === -1) break;
        end = found + 1;
      }
      if (end === at) return undefined;
      const lines = piece.subarray(at, end);
      at = end;
      return lines;
    },
    peek: () => (at < piece.length ? piece[at] : fill().then((isMore) => (isMore ? piece[at] : undefined))),
  };
}
