import type { OpenFile } from "@org/beneath";
import type { Call } from "@org/server-kit";
import { isCode, onFiles } from "../sandbox/errors.ts";
import type { Place } from "../sandbox/types.ts";
import { kindOfBytes, SAMPLE, shownEncoding } from "./detect.ts";
import { type Encoding, findEncoding, markLength, UTF8 } from "./encodings.ts";
import { etagOf, etagOfStat, MOST_HASHED } from "./etag.ts";
import { countLines, inFile, inMemory } from "./lines.ts";
import { notText, unknownEncoding } from "./no-text.ts";
import { firstLines, type Page } from "./page.ts";
import { type Lines, selectLines } from "./select.ts";
import { withWhole } from "./whole.ts";

/** What is to be read, and how much of it an answer holds. */
export interface Wanted {
  readonly lines: Lines;
  /** Characters. */
  readonly room: number;
  /** A label, when the client knows the encoding. */
  readonly encoding?: string | undefined;
  /** Bytes of a file that is taken into memory whole. */
  readonly maxRead: number;
}

/** Lines of a file, and what there is to say of them. */
export interface Reading extends Page {
  readonly etag: string;
  readonly encoding: string;
  /** Whether the file begins with a byte order mark, which the text leaves out. */
  readonly isMarked: boolean;
  /** Bytes of the file. */
  readonly size: number;
  /** Number of the first line; undefined where nobody counted. */
  readonly first?: number;
  /** Lines of the file, where they were counted. */
  readonly total?: number;
  /** Number of the first line that is not shown, where there is one. */
  readonly next?: number;
  /** Characters shown that stand for bytes which are none in the encoding. */
  readonly invalid: number;
}

/**
 * Reads lines of a text file of any size. One that may be in memory is scanned whole, so that its lines are counted
 * and its etag is of its content; of a larger one, no more is read than is asked for.
 * @throws ToolError unsupported for what is no text; invalid_input for lines behind the end
 */
export function readText(place: Place, wanted: Wanted, call: Pick<Call, "signal">): Promise<Reading> {
  const most = Math.min(wanted.maxRead, MOST_HASHED);
  return onFiles(place, async () => {
    try {
      return await withWhole(place, most, call, ({ bytes }) => readWhole(bytes, place, wanted));
    } catch (error) {
      if (!isCode(error, "too_large")) throw error;
    }
    const file = await place.root.open(place.path);
    try {
      return await readPart(file, place, wanted, call.signal);
    } finally {
      await file.close();
    }
  });
}

async function readWhole(bytes: Buffer, place: Place, wanted: Wanted): Promise<Reading> {
  const encoding = await encodingOf(bytes, place, wanted.encoding);
  const from = markLength(bytes, encoding);
  const { page, first } = await selectLines(inMemory(bytes), encoding, from, wanted.lines, wanted.room);
  const total = countLines(bytes.subarray(from), encoding);
  const start = first ?? total - page.lines + 1;
  const last = start + page.lines - 1;
  return {
    ...page,
    etag: etagOf(bytes),
    encoding: encoding.name,
    isMarked: from > 0,
    size: bytes.length,
    first: start,
    total,
    ...(last < total && { next: last + 1 }),
  };
}

/** @throws ToolError unsupported for what is no text, or does not tell its encoding */
export async function encodingOf(bytes: Buffer, place: Place, label: string | undefined): Promise<Encoding> {
  if (label !== undefined) return findEncoding(label, bytes);
  const shown = shownEncoding(bytes);
  if (shown) return shown;
  const kind = bytes.includes(0) ? "binary" : kindOfBytes(bytes, true);
  if (kind === "binary") throw notText(place, bytes);
  if (kind === "unknown") throw await unknownEncoding(place, bytes);
  return UTF8;
}

async function readPart(file: OpenFile, place: Place, wanted: Wanted, signal: AbortSignal): Promise<Reading> {
  const source = inFile(file, signal);
  const start = await source.read(0, SAMPLE);
  const told = wanted.encoding === undefined ? shownEncoding(start) : await findEncoding(wanted.encoding, start);
  const encoding = told ?? UTF8;
  const from = markLength(start, encoding);
  const { page, first, isEnd, bytes } = await selectLines(source, encoding, from, wanted.lines, wanted.room);
  if (!told) {
    const kind = kindOfBytes(bytes);
    if (kind === "unknown") throw await unknownEncoding(place, start);
    if (kind === "binary" || page.text.includes("\0") || page.text === "") throw notText(place, start);
  }
  return {
    ...page,
    etag: etagOfStat(file.stat),
    encoding: encoding.name,
    isMarked: from > 0,
    size: file.stat.size,
    ...(first !== undefined && { first }),
    ...(first !== undefined && !isEnd && { next: first + page.lines }),
  };
}

/** The first lines of a reading that fit into less room. */
export function shortened(reading: Reading, room: number): Reading {
  const { cut: _, next: __, ...rest } = reading;
  const { first = 1, total = Number.POSITIVE_INFINITY } = reading;
  const page = firstLines(reading.text, Number.MAX_SAFE_INTEGER, room);
  if (page.text === "") return { ...rest, text: "", lines: 0, next: first };
  const next = first + page.lines;
  return { ...rest, ...page, ...(next <= total && { next }) };
}
