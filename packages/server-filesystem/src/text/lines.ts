import type { OpenFile } from "@org/beneath";
import type { Encoding } from "./encodings.ts";

/** A file that is too large for memory. */
export interface Source {
  readonly size: number;
  /** Returns fewer than `length` bytes only at the end. */
  read(offset: number, length: number): Promise<Buffer>;
}

export const inFile = (file: OpenFile, signal: AbortSignal): Source => ({
  size: file.stat.size,
  read: (offset, length) => file.read(offset, length, signal),
});

/** Bytes scanned at a time: a multiple of every code unit. */
const CHUNK = 1 << 19;

/**
 * Where a line begins. @param from the first byte after a byte order mark @returns its first byte, or the number of
 * lines when there are fewer
 */
export async function findLine(
  source: Source,
  encoding: Encoding,
  from: number,
  line: number,
): Promise<{ readonly start: number } | { readonly lines: number }> {
  let passed = 0;
  let isOpen = false;
  for (let offset = from; line > 1 && offset < source.size; ) {
    const bytes = await source.read(offset, CHUNK);
    if (bytes.length === 0) break;
    const breaks = passBreaks(bytes, encoding, line - 1 - passed);
    passed += breaks.count;
    isOpen = breaks.end < bytes.length;
    if (passed === line - 1) {
      const start = offset + breaks.end;
      return start < source.size ? { start } : { lines: passed };
    }
    offset += bytes.length;
  }
  return line === 1 ? { start: from } : { lines: passed + (isOpen ? 1 : 0) };
}

/** Skips at most `most` line breaks. @returns their number, and the byte after the last of them */
function passBreaks(bytes: Buffer, { unit, isBigEndian }: Encoding, most: number) {
  let count = 0;
  let end = 0;
  // The byte of a code unit that holds the line feed; the others must be zero.
  const low = isBigEndian ? unit - 1 : 0;
  for (let at = bytes.indexOf(LINE_FEED); at !== -1 && count < most; at = bytes.indexOf(LINE_FEED, at + 1)) {
    if (unit > 1 && (at % unit !== low || !isAlone(bytes, at - low, unit))) continue;
    count += 1;
    end = at - low + unit;
  }
  return { count, end };
}

const LINE_FEED = 10;

function isAlone(bytes: Buffer, start: number, unit: number): boolean {
  let sum = 0;
  for (let at = start; at < start + unit; at += 1) sum += bytes[at] ?? LINE_FEED;
  return sum === LINE_FEED;
}
