import { isUtf8 } from "node:buffer";
import { type Encoding, markedEncoding, UTF16BE, UTF16LE } from "./encodings.ts";

/** Bytes at the start of a file that tell how it is written. */
export const SAMPLE = 65_536;

/** The Unicode encoding that a file's first bytes show, by a byte order mark or by where their NULs are. */
export const shownEncoding = (start: Buffer): Encoding | undefined =>
  markedEncoding(start) ?? unmarkedUtf16(start.subarray(0, SAMPLE));

/**
 * Whether bytes are UTF-8, text in an encoding that they do not tell, or no text. NULs alone do not make them binary:
 * whoever shows them says so.
 * @param isWhole whether it is a whole file, so that no character can be cut off
 */
export function kindOfBytes(bytes: Buffer, isWhole = false): "utf-8" | "unknown" | "binary" {
  if (isUtf8(isWhole ? bytes : withoutCutEnds(bytes))) return "utf-8";
  return bytes.includes(0) || hasManyControls(bytes.subarray(0, SAMPLE)) ? "binary" : "unknown";
}

/** Without the bytes of characters of which a part is before or behind. */
function withoutCutEnds(bytes: Buffer): Buffer {
  if (isUtf8(bytes)) return bytes;
  let start = 0;
  while (start < 3 && isContinuation(bytes[start])) start += 1;
  let end = bytes.length;
  for (let back = 1; back <= 3; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (isContinuation(byte)) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    if (length > back) end = bytes.length - back;
    break;
  }
  return bytes.subarray(start, Math.max(start, end));
}

const isContinuation = (byte: number | undefined) => byte !== undefined && byte >= 0x80 && byte < 0xc0;

/** ASCII among the characters: numbers in a binary file look like rare characters. */
const MOSTLY = 0.7;

/** UTF-16 without a byte order mark, where it is certain. */
function unmarkedUtf16(sample: Buffer): Encoding | undefined {
  if (sample.length < 4 || sample.length % 2 !== 0 || !sample.includes(0)) return undefined;
  const encoding = (sample[0] === 0 ? UTF16BE : undefined) ?? UTF16LE;
  let ascii = 0;
  for (let at = 0; at < sample.length; at += 2) {
    const unit = encoding.isBigEndian ? sample.readUInt16BE(at) : sample.readUInt16LE(at);
    if (isNeverText(unit)) return undefined;
    if (unit < 0x7f) ascii += 1;
  }
  return ascii / (sample.length / 2) < MOSTLY ? undefined : encoding;
}

const isNeverText = (unit: number) => (unit < 0x20 && !isTextControl(unit)) || unit === 0x7f || unit >= 0xfffe;

/** Text in old encodings has none; other data has as many as of any byte. */
const MANY = 0.01;

function hasManyControls(bytes: Buffer): boolean {
  let controls = 0;
  for (const byte of bytes) if (byte < 0x20 && !isTextControl(byte)) controls += 1;
  return controls > bytes.length * MANY;
}

/** Bell to carriage return, the DOS end of file, and escape, with which logs are coloured. */
const isTextControl = (byte: number) => (byte >= 0x07 && byte <= 0x0d) || byte === 0x1a || byte === 0x1b;
