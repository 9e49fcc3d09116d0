import { isUtf8 } from "node:buffer";
import { type Encoding, markedEncoding, UTF16BE, UTF16LE } from "./encodings.ts";
import { sniff } from "./sniff.ts";
import { halfAtEnd, scanUtf8 } from "./utf8.ts";

/** Bytes at the start of a file from which its encoding is detected. */
export const SAMPLE = 65_536;

/** The Unicode encoding that a file's first bytes show, by a byte order mark or by the position of their NULs. */
export const shownEncoding = (start: Buffer): Encoding | undefined =>
  markedEncoding(start) ?? unmarkedUtf16(start.subarray(0, SAMPLE));

/** Least share of ASCII among the characters: numbers in a binary file look like rare characters. */
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

/** Bytes of a file, and whether the last character may be incomplete because the file continues. */
export interface TextPart {
  readonly bytes: Buffer;
  readonly goesOn: boolean;
}

export type TextKind = "utf-8" | "unknown" | "binary";

/**
 * Whether bytes are UTF-8 text, text in another encoding, or not text. A few invalid places do not make a log another
 * encoding, and a few NULs do not make text binary.
 */
export function kindOfBytes(parts: readonly TextPart[]): TextKind {
  const texts = parts.map(({ bytes, goesOn }) => (goesOn ? bytes.subarray(0, bytes.length - halfAtEnd(bytes)) : bytes));
  const isValid = texts.every((bytes) => isUtf8(bytes));
  if (isValid && !texts.some((bytes) => bytes.includes(0))) return "utf-8";
  const [start] = texts;
  if (start && ![undefined, "image/svg+xml"].includes(sniff(start))) return "binary";
  if (texts.some((bytes) => hasManyControls(bytes.subarray(0, SAMPLE)))) return "binary";
  if (isValid) return "utf-8";
  let [length, valid, broken, alike] = [0, 0, 0, 0];
  for (const bytes of texts) {
    length += bytes.length;
    valid += scanUtf8(bytes, (start) => {
      broken += 1;
      if (looksLikeLetter(bytes, start)) alike += 1;
    });
  }
  if (broken <= valid || broken * RARE <= length) return "utf-8";
  return broken <= FEW && alike === 0 ? "utf-8" : "unknown";
}

/**
 * Bytes per invalid place above which the places are accidents: text in other encodings has about one in a hundred
 * bytes.
 */
const RARE = 200;
/** In a text too short to tell, this many invalid places count as accidents unless they look like letters. */
const FEW = 3;

/** Whether, in windows-1252, a byte looks like a lower-case letter or quotation mark within a word. */
function looksLikeLetter(bytes: Buffer, at: number): boolean {
  const byte = bytes[at] ?? 0;
  const isNearLetter = isLetter(bytes[at - 1]) || isLetter(bytes[at + 1]);
  if (byte >= 0xc0 && byte < 0xdf) return isLetter(bytes[at + 1]);
  return isNearLetter && ((byte >= 0xdf && byte < 0xff && byte !== 0xf7) || (byte >= 0x91 && byte <= 0x97));
}

const isLetter = (byte = 0) => (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);

/** Text in old encodings has no control characters; other data has as many as of any byte. */
const MANY = 0.01;
/** Accidental control characters in a text of any size. */
const A_FEW = 4;

/** NULs at the end do not count: crashes leave them at the end of logs. */
function hasManyControls(bytes: Buffer): boolean {
  let length = bytes.length;
  while (length > 0 && bytes[length - 1] === 0) length -= 1;
  if (length === 0) return bytes.length > 0;
  let controls = 0;
  for (let at = 0; at < length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x20 && !isTextControl(byte)) controls += 1;
  }
  return controls > Math.max(A_FEW, length * MANY) || controls * 3 > length;
}

/** Bell to carriage return, the DOS end of file, and escape, which colours logs. */
const isTextControl = (byte: number) => (byte >= 0x07 && byte <= 0x0d) || byte === 0x1a || byte === 0x1b;
