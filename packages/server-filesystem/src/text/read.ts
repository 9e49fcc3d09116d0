import { isUtf8 } from "node:buffer";
import type { Call } from "@org/server-kit";
import { isCode, onFiles } from "../sandbox/errors.ts";
import type { Place } from "../sandbox/types.ts";
import { decodeToShow } from "./codec.ts";
import { kindOfBytes, shownEncoding } from "./detect.ts";
import { type Encoding, findEncoding, markLength, UTF8 } from "./encodings.ts";
import { etagOf, MOST_HASHED } from "./etag.ts";
import { notText, unknownEncoding } from "./guess.ts";
import { countLines, firstLines, lastLines, lineStart, type Page, type Room } from "./page.ts";
import { brokenIn, inColumns, pastEnd, readPart } from "./read-part.ts";
import type { LineRange, Reading, ReadRequest } from "./types.ts";
import { halfAtEnd } from "./utf8.ts";
import { withWhole } from "./whole.ts";

/**
 * Reads lines of a text file of any size. A file that fits in memory is read whole, so that its lines are counted and
 * its etag is a hash of its content; of a larger one, only the requested part is read. @throws ToolError unsupported
 * for a file that is not text; invalid_input for lines past the end
 */
export function readText(place: Place, request: ReadRequest, call: Pick<Call, "signal">): Promise<Reading> {
  const most = Math.min(request.maxRead, MOST_HASHED);
  return onFiles(place, async () => {
    try {
      return await withWhole(place, most, call, ({ bytes }) => readWhole(bytes, place, request));
    } catch (error) {
      if (!isCode(error, "too_large")) throw error;
    }
    const file = await place.root.open(place.path);
    try {
      return await readPart(file, place, request, call.signal);
    } finally {
      await file.close();
    }
  });
}

async function readWhole(bytes: Buffer, place: Place, request: ReadRequest): Promise<Reading> {
  const encoding = await encodingOf(bytes, place, request.encoding);
  const from = markLength(bytes, encoding);
  const content = from === 0 ? bytes : bytes.subarray(from);
  const text = await decodeToShow(content, encoding, true);
  const perLine = request.isNumbered ? String(countLines(text)).length + 1 : 0;
  const { page, first, column, total } = select(text, request.lines, { characters: request.room, perLine });
  const last = first + page.lines - 1;
  return {
    ...page,
    etag: etagOf(bytes),
    encoding: encoding.name,
    isMarked: from > 0,
    size: bytes.length,
    first,
    column,
    total,
    hasMore: last < total,
    ...(page.cut && { cutLength: lengthOf(text, last) }),
    ...brokenIn(page.text, content, encoding),
    endsInHalf: encoding === UTF8 && halfAtEnd(content) > 0,
  };
}

function select(text: string, lines: LineRange, room: Room) {
  if ("tail" in lines) {
    const total = countLines(text);
    const page = lastLines(text, lines.tail, room, true);
    const first = total - page.lines + 1;
    const hidden = page.cut ? lengthOf(text, first) - page.cut.shown : 0;
    return { page, first, column: hidden + 1, total };
  }
  const { offset, column, limit } = lines;
  const start = offset === 1 ? 0 : lineStart(text, offset);
  if (start === undefined) throw pastEnd(offset, countLines(text));
  const from = column === 1 ? start : inColumns(text, start, offset, column);
  const page = firstLines(text, from, limit, room);
  // A page that reaches the end has already counted the lines.
  const isEnd = from + page.text.length === text.length;
  return { page, first: offset, column, total: isEnd ? offset - 1 + page.lines : countLines(text) };
}

/** Characters of a line, including its line end. */
function lengthOf(text: string, line: number): number {
  const start = lineStart(text, line) ?? text.length;
  const end = text.indexOf("\n", start);
  return (end === -1 ? text.length : end + 1) - start;
}

/** @throws ToolError unsupported for a file that is not text, or whose encoding is unknown */
export async function encodingOf(
  bytes: Buffer,
  place: Pick<Place, "given">,
  label: string | undefined,
): Promise<Encoding> {
  if (label !== undefined) return findEncoding(label, bytes);
  // The common case first: valid UTF-8 without NULs or a byte order mark.
  const hasNull = bytes.includes(0);
  if (!hasNull && (bytes[0] ?? 0) < 0xef && isUtf8(bytes)) return UTF8;
  const shown = shownEncoding(bytes);
  if (shown) return shown;
  const kind = kindOfBytes([{ bytes, goesOn: false }]);
  if (kind === "binary") throw notText(place, bytes);
  if (kind === "unknown") throw await unknownEncoding(place, bytes);
  return UTF8;
}

/** The first lines of a reading that fit in less room. */
export function shortened(reading: Reading, room: number): Reading {
  const { cut: _, cutLength: __, ...rest } = reading;
  const page: Page = firstLines(reading.text, 0, Number.MAX_SAFE_INTEGER, { characters: room, perLine: 0 });
  if (room === 0) return { ...rest, text: "", lines: 0, hasMore: true };
  return { ...rest, ...page, hasMore: reading.hasMore || page.lines < reading.lines };
}
