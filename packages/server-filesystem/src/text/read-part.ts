import { isUtf8 } from "node:buffer";
import type { OpenFile } from "@org/beneath";
import { counted, ToolError } from "@org/server-kit";
import type { Place } from "../sandbox/types.ts";
import { decoderOf, decodeToShow } from "./codec.ts";
import { kindOfBytes, SAMPLE, shownEncoding } from "./detect.ts";
import { type Encoding, findEncoding, markLength, UTF8 } from "./encodings.ts";
import { etagOfStat } from "./etag.ts";
import { notText, unknownEncoding } from "./guess.ts";
import { findLine, inFile, type Source } from "./lines.ts";
import { firstLines, isSplit, lastLines, type Page, type Room } from "./page.ts";
import type { LineRange, Reading, ReadRequest } from "./types.ts";
import { countPlaces, halfAtEnd, showBroken } from "./utf8.ts";

/** Most bytes per code unit of text in any encoding. */
const MOST_BYTES = 4;
/** Characters of a line number, and its separator, in a file too large for counting lines. */
const NUMBER = 12;

/** Reads lines of a file that is too large for memory, no more than fit in an answer. */
export async function readPart(
  file: OpenFile,
  place: Place,
  request: ReadRequest,
  signal: AbortSignal,
): Promise<Reading> {
  const source = inFile(file, signal);
  const start = await source.read(0, SAMPLE);
  const known = request.encoding === undefined ? shownEncoding(start) : await findEncoding(request.encoding, start);
  const encoding = known ?? UTF8;
  const from = markLength(start, encoding);
  const room = { characters: request.room, perLine: request.isNumbered ? NUMBER : 0 };
  const part = await ("tail" in request.lines
    ? selectLast(source, encoding, from, request.lines.tail, room)
    : selectFrom(source, encoding, from, request.lines, room));
  const { page, bytes, isEnd } = part;
  if (!known) {
    const kind = kindOfBytes([
      ...(start[0] === 0 ? [] : [{ bytes: start, goesOn: true }]),
      { bytes, goesOn: !part.isRead },
    ]);
    if (kind === "unknown") throw await unknownEncoding(place, isUtf8(start) ? bytes : start);
    if (kind === "binary" || page.text === "") throw notText(place, start);
  }
  return {
    ...page,
    etag: etagOfStat(file.stat),
    encoding: encoding.name,
    isMarked: from > 0,
    size: file.stat.size,
    ...(part.first !== undefined && { first: part.first }),
    column: part.column,
    hasMore: !isEnd,
    ...brokenIn(page.text, bytes, encoding),
    endsInHalf: isEnd && encoding === UTF8 && halfAtEnd(bytes) > 0,
  };
}

interface Selected {
  readonly page: Page;
  /** Unknown for the last lines, unless they are all. */
  readonly first?: number;
  readonly column: number;
  /** Whether the page reaches the end of the file. */
  readonly isEnd: boolean;
  /** The bytes that were read for it, and whether they reach the end of the file. */
  readonly bytes: Buffer;
  readonly isRead: boolean;
}

/** The last lines, from the end backwards. */
async function selectLast(
  source: Source,
  encoding: Encoding,
  from: number,
  tail: number,
  room: Room,
): Promise<Selected> {
  const most = (room.characters + 8) * MOST_BYTES;
  const start = Math.max(from, source.size - most - (source.size % encoding.unit));
  const read = await source.read(start, source.size - start);
  const aligned = start === from ? read : read.subarray(wholeStart(read, encoding));
  // A log that was truncated while its writer kept its position begins with gigabytes of NULs, followed by the first
  // line.
  const hole = start === from || encoding.unit > 1 ? 0 : aligned.lastIndexOf(0, lastText(aligned)) + 1;
  const bytes = aligned.subarray(hole);
  const text = await decodeToShow(bytes, encoding, true);
  const page = lastLines(text, tail, room, start === from || hole > 0);
  const isAll = start === from && page.text.length === text.length;
  return { page, isEnd: true, bytes, isRead: true, column: 1, ...(isAll && { first: 1 }) };
}

/** The last byte that is not a NUL. */
function lastText(bytes: Buffer): number {
  let at = bytes.length - 1;
  while (at > 0 && bytes[at] === 0) at -= 1;
  return at;
}

async function selectFrom(
  source: Source,
  encoding: Encoding,
  from: number,
  { offset, column, limit }: Exclude<LineRange, { readonly tail: number }>,
  room: Room,
): Promise<Selected> {
  const found = await findLine(source, encoding, from, offset);
  if ("lines" in found) throw pastEnd(offset, found.lines);
  const passed = column === 1 ? undefined : await passColumns(source, encoding, found.start, offset, column);
  const start = passed?.start ?? found.start;
  const bytes = await source.read(start, (room.characters + 8) * MOST_BYTES);
  const isRead = start + bytes.length >= source.size;
  const text = passed
    ? passed.rest + passed.decode(bytes, isRead && encoding.table !== undefined)
    : await decodeToShow(bytes, encoding, isRead);
  const page = firstLines(text, 0, limit, room);
  return { page, first: offset, column, isEnd: isRead && page.text.length === text.length, bytes, isRead };
}

/** Bytes decoded at a time. */
const CHUNK = 1 << 19;

/**
 * Skips the characters of a line before a column. @returns the first byte not yet decoded, a decoder for the rest, and
 * the characters in between
 */
async function passColumns(source: Source, encoding: Encoding, from: number, line: number, column: number) {
  const decode = await decoderOf(encoding);
  let passed = 0;
  for (let start = from; start < source.size; ) {
    const bytes = await source.read(start, CHUNK);
    const text = decode(bytes, false);
    start += bytes.length;
    const end = text.indexOf("\n");
    if (bytes.length === 0 || (end !== -1 && passed + end < column - 1))
      throw pastLine(line, passed + Math.max(0, end), column);
    const at = column - 1 - passed;
    if (at < text.length) return { start, rest: text.slice(isSplit(text, at) ? at - 1 : at), decode };
    passed += text.length;
  }
  throw pastLine(line, passed, column);
}

/** The position of a column in a line. @throws ToolError invalid_input when the line is shorter */
export function inColumns(text: string, start: number, line: number, column: number): number {
  const found = text.indexOf("\n", start);
  const end = found === -1 ? text.length : found;
  const at = start + column - 1;
  if (at > end || at >= text.length) throw pastLine(line, end - start, column);
  return isSplit(text, at) ? at - 1 : at;
}

export const pastEnd = (offset: number, lines: number) =>
  new ToolError("invalid_input", `offset ${offset} is past the end: the file has ${counted(lines, "line")}.`);

const pastLine = (line: number, length: number, column: number) =>
  new ToolError("invalid_input", `column ${column} is past the end: line ${line} has ${counted(length, "character")}.`);

/** The start of the first whole character in bytes that may begin in the middle of one. */
function wholeStart(bytes: Buffer, { unit, table }: Encoding): number {
  if (unit > 1) return 0;
  // In no encoding is a byte below "0" the second byte of a character.
  if (table !== undefined) return bytes.subarray(0, 1024).findIndex((byte) => byte < 0x30) + 1;
  let start = 0;
  while (start < 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
  return start;
}

/** A text with its invalid places marked, and their number. */
export function brokenIn(text: string, bytes: Buffer, { name, table }: Encoding): { text: string; broken: number } {
  if (name === UTF8.name && (bytes.length === 0 || isUtf8(bytes))) return { text, broken: 0 };
  const places = countPlaces(text);
  if (places > 0) return { text: showBroken(text), broken: places };
  const shown = text.split("\uFFFD").length - 1;
  if (shown === 0 || table !== undefined) return { text, broken: shown };
  // The file may contain the character U+FFFD itself.
  try {
    new TextDecoder(name, { fatal: true }).decode(bytes, { stream: true });
    return { text, broken: 0 };
  } catch {
    return { text, broken: name === UTF8.name && bytes.includes("\uFFFD") ? 0 : shown };
  }
}
