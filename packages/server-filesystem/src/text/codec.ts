import { isUtf8 } from "node:buffer";
import { type Encoding, iconv, UTF8 } from "./encodings.ts";
import { halfAtEnd, readBroken } from "./utf8.ts";

/**
 * Decodes bytes; invalid ones show as U+FFFD. Byte order marks are not handled. @param isEnd whether the bytes reach
 * the end of the file; if not, an incomplete last character is left out
 */
export async function decode(bytes: Buffer, encoding: Encoding, isEnd: boolean): Promise<string> {
  const { name, table } = encoding;
  if (table !== undefined) return (await decoderOf(encoding))(bytes, isEnd);
  if (name === UTF8.name && isEnd && isUtf8(bytes)) return bytes.toString();
  return new TextDecoder(name, { ignoreBOM: true }).decode(bytes, { stream: !isEnd });
}

/** Decodes a file in parts; characters that span parts are kept intact. */
export async function decoderOf({ name, table }: Encoding): Promise<(bytes: Buffer, isEnd: boolean) => string> {
  if (table === undefined) {
    const decoder = new TextDecoder(name, { ignoreBOM: true });
    return (bytes, isEnd) => decoder.decode(bytes, { stream: !isEnd });
  }
  // Not TextDecoder: in some releases of Node 20 its windows-1252 is really ISO 8859-1, and it cannot encode what it
  // decodes.
  const { getDecoder, encodingExists } = await iconv();
  if (!encodingExists(table)) throw new Error(`no encoding ${table}`);
  const decoder = getDecoder(table, { stripBOM: false });
  return (bytes, isEnd) => decoder.write(bytes) + ((isEnd && decoder.end()) || "");
}

/**
 * Text for display, in which each invalid place is one lone surrogate or U+FFFD, and half a character at the end of the
 * file is left out.
 */
export async function decodeToShow(bytes: Buffer, encoding: Encoding, isEnd: boolean): Promise<string> {
  if (encoding.name !== UTF8.name) return decode(bytes, encoding, isEnd);
  const half = halfAtEnd(bytes);
  const whole = half === 0 ? bytes : bytes.subarray(0, bytes.length - half);
  if (isUtf8(whole)) return whole.toString();
  return readBroken(whole)?.text ?? whole.toString();
}

/** Encodes characters, without a byte order mark. Characters that the encoding lacks are replaced. */
export async function encode(text: string, { name, table }: Encoding): Promise<Buffer> {
  if (table !== undefined) {
    const { encode: convert, encodingExists } = await iconv();
    if (!encodingExists(table)) throw new Error(`no encoding ${table}`);
    return convert(text, table, { addBOM: false });
  }
  if (name === UTF8.name) return Buffer.from(text);
  const bytes = Buffer.from(text, "utf16le");
  return name === "utf-16be" ? bytes.swap16() : bytes;
}

/** Characters of a text that an encoding lacks, up to `most` different ones. */
export async function missingIn(text: string, encoding: Encoding, most: number): Promise<string[]> {
  if ((await decode(await encode(text, encoding), encoding, true)) === text) return [];
  const missing: string[] = [];
  for (const character of new Set(text)) {
    if ((await decode(await encode(character, encoding), encoding, true)) === character) continue;
    missing.push(character);
    if (missing.length === most) break;
  }
  return missing;
}
