import { quote, ToolError } from "@org/server-kit";
import type { Place } from "../sandbox/types.ts";
import { decode } from "./codec.ts";
import { findEncoding } from "./encodings.ts";
import { sniff } from "./media.ts";

/** Characters of a path that an error text repeats. */
const SHOWN = 200;

export function notText({ given }: Place, bytes: Buffer): ToolError {
  const type = sniff(bytes);
  const what = type === undefined ? "it holds NULs or other bytes that no text has" : `it looks like ${type}`;
  return new ToolError(
    "unsupported",
    `${quote(given, SHOWN)} is not text: ${what}. read_media_file gives its bytes. If it is text, pass its encoding.`,
  );
}

/** Those in which not every byte is a character, so that text in another one seldom fits. */
const STRICT = ["shift_jis", "euc-jp", "gb18030", "big5", "euc-kr"] as const;
/** Bytes that are tried. */
const TRIED = 16_384;

export async function unknownEncoding(place: Place, bytes: Buffer): Promise<ToolError> {
  if (sniff(bytes) !== undefined) return notText(place, bytes);
  const fitting: string[] = [];
  for (const name of STRICT) if (await fits(bytes, name)) fitting.push(name);
  const likely = fitting.length > 0 ? `It may be ${listed(fitting)}. ` : "";
  return new ToolError(
    "unsupported",
    `${quote(place.given, SHOWN)} is not UTF-8, and does not tell its encoding. ${likely}Pass encoding: windows-1252 or ` +
      "iso-8859-2 for European text, windows-1251 or koi8-r for Cyrillic, shift_jis or euc-jp for Japanese, gb18030 or " +
      "big5 for Chinese, euc-kr for Korean. read_media_file gives its bytes.",
  );
}

/** `a`, `a or b`, `a, b or c` */
const listed = (names: readonly string[]) => names.join(", ").replace(/, ([^,]+)$/, " or $1");

async function fits(bytes: Buffer, name: string): Promise<boolean> {
  const text = await decode(bytes.subarray(0, TRIED), await findEncoding(name, bytes), bytes.length <= TRIED);
  return !/[\uFFFD\p{Co}]/u.test(text);
}
