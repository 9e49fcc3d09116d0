import { isUtf8 } from "node:buffer";
import { readSync } from "node:fs";
import { type Chunk, chunksOf, readStart } from "./chunks.ts";
import { createLineFinder, type Line, type LineFinder, type LineOptions } from "./line-finder.ts";
import type { Matcher } from "./matcher.ts";

export interface FileOptions extends LineOptions {
  /** Most bytes of a UTF-16 file, which is read into memory whole. */
  readonly maxRead: number;
  readonly goOn: () => boolean;
}

export interface FileResult {
  readonly lines: readonly Line[];
  readonly matches: number;
  /** The line to continue from, if the search ends in this file. */
  readonly next: number | undefined;
  /** Whether everything searched was UTF-8; otherwise only the valid parts were searched. */
  readonly isUtf8: boolean;
}

/** A NUL in this many bytes at the start of a file makes it binary, as in git and grep. */
const LOOKED_AT = 8192;
const BOM = [0xef, 0xbb, 0xbf];

/**
 * @param options called only if there may be a match: most files have none, and take one read and one look @returns
 * "binary" or "large" for a file that is not searched
 */
export function searchFile(fd: number, matcher: Matcher, options: () => FileOptions): FileResult | "binary" | "large" {
  const start = readStart(fd);
  const { bytes, last } = start;
  const encoding = utf16Of(bytes);
  if (encoding === undefined) {
    const nul = bytes.indexOf(0);
    // NULs left at the end of a log by a crash do not make it binary.
    if (nul !== -1 && nul < LOOKED_AT && !(last && nul > 0 && withoutNuls(bytes).length === nul)) return "binary";
    if (last && !matcher.mayMatch(bytes)) {
      return { lines: [], matches: 0, next: undefined, isUtf8: isText(bytes, true) };
    }
    return searchUtf8(fd, matcher, start, options());
  }
  const { maxRead, ...lineOptions } = options();
  const whole = last ? bytes : readRest(fd, bytes, maxRead);
  if (!whole) return "large";
  const finder = createLineFinder(matcher, lineOptions);
  finder.feed(new TextDecoder(encoding).decode(whole));
  return resultOf(finder, finder.next, true);
}

function searchUtf8(fd: number, matcher: Matcher, start: Chunk, options: FileOptions): FileResult | "binary" {
  const finder = createLineFinder(matcher, options);
  let bom = BOM.every((byte, index) => start.bytes[index] === byte) ? BOM.length : 0;
  let isAllUtf8 = true;
  for (const { bytes, last } of chunksOf(fd, start)) {
    const text = last ? withoutNuls(bytes.subarray(bom)) : bytes.subarray(bom);
    bom = 0;
    isAllUtf8 &&= isText(text, last);
    if (!matcher.mayMatch(text) && finder.idle) finder.skip(text);
    else if (text.includes(0)) return "binary";
    else if (!finder.feed(text.toString())) break;
    if (!last && !options.goOn()) return resultOf(finder, finder.number, isAllUtf8);
  }
  return resultOf(finder, finder.next, isAllUtf8);
}

const resultOf = ({ lines, matches }: LineFinder, next: number | undefined, isUtf8: boolean) => ({
  lines,
  matches,
  next,
  isUtf8,
});

/** Half a character at the end of a file is still being written. */
function isText(bytes: Buffer, last: boolean): boolean {
  if (isUtf8(bytes)) return true;
  return (
    last && LEADS.some((lead, index) => (bytes.at(-1 - index) ?? 0) >= lead && isUtf8(bytes.subarray(0, -1 - index)))
  );
}

/** The first lead bytes of characters with 2, 3 and 4 bytes. */
const LEADS = [0xc2, 0xe0, 0xf0];

function withoutNuls(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (bytes[end - 1] === 0) end -= 1;
  return bytes.subarray(0, end);
}

function utf16Of(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  return bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : undefined;
}

/** @returns undefined when the file is too large */
function readRest(fd: number, start: Buffer, maxBytes: number): Buffer | undefined {
  const parts = [Buffer.from(start)];
  let size = start.length;
  for (;;) {
    const part = Buffer.allocUnsafe(1 << 20);
    const read = readSync(fd, part, 0, part.length, size);
    if (read === 0) return Buffer.concat(parts);
    size += read;
    if (size > maxBytes) return undefined;
    parts.push(part.subarray(0, read));
  }
}
