import { isUtf8 } from "node:buffer";
import { quote, ToolError } from "@org/server-kit";
import type { Place } from "../sandbox/types.ts";
import { decode, encode, missingIn } from "../text/codec.ts";
import { type Encoding, markLength, UTF8 } from "../text/encodings.ts";
import { encodingOf } from "../text/read.ts";

/** A file's text, and how it is written. */
interface TextFile {
  /** Without byte order mark; line ends as they are. */
  readonly text: string;
  readonly encoding: Encoding;
  readonly isMarked: boolean;
}

/**
 * Decodes a file that is to be written back.
 * @throws ToolError unsupported unless the text, written back, is the same bytes
 */
export async function decodeFile(bytes: Buffer, place: Place, label: string | undefined): Promise<TextFile> {
  const encoding = await encodingOf(bytes, place, label);
  const from = markLength(bytes, encoding);
  const content = bytes.subarray(from);
  const text = await decode(content, encoding, true);
  const isSame = encoding === UTF8 ? isUtf8(content) : content.equals(await encode(text, encoding));
  if (isSame) return { text, encoding, isMarked: from > 0 };
  throw new ToolError(
    "unsupported",
    `${quote(place.given, 200)} has bytes that are not valid ${encoding.name}, and would not be kept. Nothing was ` +
      "written. Pass the right encoding.",
  );
}

/** @throws ToolError unsupported when what is written would not be read as the text */
export async function encodeFile({ text, encoding, isMarked }: TextFile): Promise<Buffer> {
  const content = await encode(text, encoding);
  if (encoding.table !== undefined && (await decode(content, encoding, true)) !== text) {
    throw new ToolError("unsupported", `the new text cannot be written in ${encoding.name}. Nothing was written.`);
  }
  return isMarked ? Buffer.concat([encoding.mark, content]) : content;
}

/** Different characters that an error names. */
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
