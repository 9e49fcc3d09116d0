import { isUtf8 } from "node:buffer";
import { quote, ToolError } from "@org/server-kit";
import type { Place } from "../sandbox/types.ts";
import { decode, encode, missingIn } from "../text/codec.ts";
import { type Encoding, markLength, UTF8 } from "../text/encodings.ts";
import { encodingOf } from "../text/read.ts";
import { type BrokenText, readBroken, writeBroken } from "../text/utf8.ts";

/** A file's text, and how it is written. */
interface TextFile {
  /** Without byte order mark; line ends unchanged; a stand-in for each invalid byte sequence. */
  readonly text: string;
  readonly encoding: Encoding;
  readonly isMarked: boolean;
  /** For a text with invalid bytes. */
  readonly broken?: BrokenText;
}

/**
 * Decodes a file that will be written back. @throws ToolError unsupported unless encoding the text gives the same bytes
 */
export async function decodeFile(
  bytes: Buffer,
  place: Pick<Place, "given">,
  label: string | undefined,
): Promise<TextFile> {
  const encoding = await encodingOf(bytes, place, label);
  const from = markLength(bytes, encoding);
  const content = bytes.subarray(from);
  const isMarked = from > 0;
  if (encoding.name === UTF8.name && !isUtf8(content)) {
    const broken = readBroken(content);
    if (broken) return { text: broken.text, encoding, isMarked, broken };
  } else {
    const text = await decode(content, encoding, true);
    if (encoding.name === UTF8.name || content.equals(await encode(text, encoding)))
      return { text, encoding, isMarked };
  }
  throw new ToolError(
    "unsupported",
    `${quote(place.given, 200)} has bytes that are not valid ${encoding.name} and would be lost. Nothing was written. ` +
      "Pass the right encoding.",
  );
}

/** @throws ToolError unsupported when the encoded text would not decode to the same text */
export async function encodeFile({ text, encoding, isMarked, broken }: TextFile): Promise<Buffer> {
  const content = broken ? writeBroken({ ...broken, text }) : await encode(text, encoding);
  if (encoding.table !== undefined && (await decode(content, encoding, true)) !== text) {
    throw new ToolError("unsupported", `the new text cannot be written in ${encoding.name}. Nothing was written.`);
  }
  return isMarked ? Buffer.concat([encoding.mark, content]) : content;
}

/** Most different characters named in an error. */
const NAMED = 5;

/** @throws ToolError invalid_input naming the characters that the encoding lacks */
export async function checkCharacters(text: string, encoding: Encoding, what: string): Promise<void> {
  if (encoding.table === undefined) return;
  const missing = await missingIn(text, encoding, NAMED);
  if (missing.length === 0) return;
  const named = missing.map((character) => `${quote(character)} (U+${hex(character)})`).join(", ");
  throw new ToolError(
    "invalid_input",
    `${what} has characters that ${encoding.name} lacks: ${named}. Nothing was written.`,
  );
}

const hex = (character: string) => character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
