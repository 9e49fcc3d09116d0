import { isUtf8 } from "node:buffer";
import { ToolError } from "@org/server-kit";
import { decode } from "./codec.ts";
import { type Encoding, UTF8 } from "./encodings.ts";
import { findLine, type Source } from "./lines.ts";
import { firstLines, lastLines, type Page } from "./page.ts";

/** Which lines are wanted: the last ones, or some from a line on. */
export type Lines = { readonly tail: number } | { readonly offset: number; readonly limit: number };

/** Bytes that one code unit of text takes at most in any encoding. */
const MOST_BYTES = 4;

interface Selected {
  readonly page: Page & { readonly invalid: number };
  /** Unknown for the last lines, unless they are all. */
  readonly first?: number;
  /** Whether the page goes to the end of the file. */
  readonly isEnd: boolean;
  /** What was read for it. */
  readonly bytes: Buffer;
}

/**
 * Reads the lines that are wanted, and no more than an answer holds of them: the last ones from the end backwards.
 * @param from the first byte behind a byte order mark
 * @throws ToolError invalid_input for lines behind the end
 */
export async function selectLines(
  source: Source,
  encoding: Encoding,
  from: number,
  lines: Lines,
  room: number,
): Promise<Selected> {
  const most = (room + 8) * MOST_BYTES;
  if ("tail" in lines) {
    const start = Math.max(from, source.size - most - (source.size % encoding.unit));
    const bytes = await source.read(start, source.size - start);
    const aligned = start === from ? bytes : bytes.subarray(wholeStart(bytes, encoding));
    const decoded = await decode(aligned, encoding, true);
    // A log that was emptied while its writer went on begins with gigabytes of NULs, and its first line behind them.
    const hole = start === from ? 0 : decoded.lastIndexOf("\0") + 1;
    const page = lastLines(decoded.slice(hole), lines.tail, room, start === from || hole > 0);
    const invalid = countInvalid(page.text, aligned, encoding);
    const isAll = start === from && page.text.length === decoded.length;
    return { page: { ...page, invalid }, isEnd: true, bytes, ...(isAll && { first: 1 }) };
  }
  const { offset, limit } = lines;
  const found = await findLine(source, encoding, from, offset);
  if ("lines" in found) throw behindEnd(offset, found.lines);
  const bytes = await source.read(found.start, most);
  const isRead = found.start + bytes.length >= source.size;
  const text = await decode(bytes, encoding, isRead);
  const page = firstLines(text, limit, room);
  const isEnd = isRead && page.text.length === text.length;
  return { page: { ...page, invalid: countInvalid(page.text, bytes, encoding) }, first: offset, isEnd, bytes };
}

const behindEnd = (offset: number, lines: number) =>
  new ToolError(
    "invalid_input",
    `offset ${offset} is behind the end: there ${lines === 1 ? "is 1 line" : `are ${lines} lines`}.`,
  );

/** Where a character begins, in bytes that may begin in the middle of one. */
function wholeStart(bytes: Buffer, { unit, table }: Encoding): number {
  if (unit > 1) return 0;
  // In no encoding is a byte below "0" the second one of a character.
  if (table !== undefined) return bytes.subarray(0, 1024).findIndex((byte) => byte < 0x30) + 1;
  let start = 0;
  while (start < 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
  return start;
}

const REPLACEMENT = "\uFFFD";

function countInvalid(text: string, bytes: Buffer, { name, table }: Encoding): number {
  const shown = text.split(REPLACEMENT).length - 1;
  if (shown === 0 || (name === UTF8.name && isUtf8(bytes))) return 0;
  if (table !== undefined) return shown;
  // The character itself may be in the file.
  try {
    new TextDecoder(name, { fatal: true }).decode(bytes, { stream: true });
    return 0;
  } catch {
    return shown;
  }
}
