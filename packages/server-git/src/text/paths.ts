import { isUtf8 } from "node:buffer";
import { quote, ToolError } from "@org/server-kit";
import { hasInvisible } from "./visible.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ESCAPES = new Map([..."abtnvfr"].map((letter, at) => [7 + at, letter]));
const CODES = new Map([...ESCAPES].map(([code, letter]) => [letter, code]));

/**
 * A path as text. Most paths are unchanged. One that is not UTF-8, contains invisible characters or begins with a
 * quotation mark is quoted as git does it, `"caf\351.txt"`. {@link readPath} accepts both forms, so any path from an
 * answer can be passed to the next call.
 */
export function showPath(path: Buffer): string {
  const isPlain = isUtf8(path) && path[0] !== QUOTE;
  const text = path.toString();
  return isPlain && !hasInvisible(text) ? text : `"${isUtf8(path) ? quoteText(text) : quoteBytes(path)}"`;
}

/** Characters of a path shown in a heading or a line of facts. */
const MOST = 600;

/** A path next to other words: nearly always whole; for a very long one, its beginning and end. */
export const shortPath = (path: Buffer): string => shortened(showPath(path));

const shortened = (text: string): string =>
  text.length <= MOST ? text : `${text.slice(0, MOST / 2)}…${text.slice(-MOST / 3)} (${text.length} characters)`;

/** A path in a sentence: in quotes, unless git's own quoting has already added them. */
export const quotedPath = (path: Buffer): string => quotedShown(showPath(path));

/** The same for a path that {@link showPath} has made text. */
export const quotedShown = (path: string): string => (path.startsWith('"') ? shortened(path) : quote(path, 200));

/** Quotes valid text: letters stay as they are, only invisible characters are escaped. */
function quoteText(text: string): string {
  return [...text].map((sign) => (hasInvisible(sign) ? quoteBytes(Buffer.from(sign), true) : escaped(sign))).join("");
}

const escaped = (sign: string) => (sign === '"' || sign === "\\" ? `\\${sign}` : sign);

/** All but control characters, quotation marks and backslashes. */
const UNQUOTED = /^[ !#-[\]-~\x80-\xff]*$/;

/** A name as git writes it in patch headers, one character per byte, quoted only if necessary. */
export function gitName(side: "a/" | "b/", name: Buffer): string {
  const text = `${side}${name.toString("latin1")}`;
  return UNQUOTED.test(text) ? text : `"${[...text].map(inPatch).join("")}"`;
}

const inPatch = (sign: string) => (sign > "\x7f" ? sign : quoteBytes(Buffer.from(sign)));

function quoteBytes(bytes: Buffer, all = false): string {
  let text = "";
  for (const byte of bytes) {
    const letter = ESCAPES.get(byte);
    if (letter !== undefined) text += `\\${letter}`;
    else if (byte < 0x20 || byte >= 0x7f || all) text += `\\${byte.toString(8).padStart(3, "0")}`;
    else text += escaped(String.fromCharCode(byte));
  }
  return text;
}

/**
 * The bytes of a path from {@link showPath}, or from a caller.
 * @throws ToolError invalid_input for an unclosed quote or an escape unknown to git
 */
export function readPath(text: string): Buffer {
  if (!text.startsWith('"')) return Buffer.from(text);
  const bytes = text.length > 1 && text.endsWith('"') ? unquote(Buffer.from(text.slice(1, -1))) : undefined;
  if (bytes) return bytes;
  throw new ToolError(
    "invalid_input",
    'a path that begins with a quotation mark is read as git quotes it: "caf\\351.txt", with \\" for a quotation mark ' +
      "and \\\\ for a backslash. Copy it from an earlier answer.",
  );
}

/** The bytes between git's quotes; undefined for an unknown escape or an unescaped quotation mark. */
export function unquote(quoted: Buffer): Buffer | undefined {
  const bytes: number[] = [];
  for (let at = 0; at < quoted.length; at += 1) {
    const byte = quoted[at] ?? 0;
    if (byte === QUOTE) return undefined;
    if (byte !== BACKSLASH) {
      bytes.push(byte);
      continue;
    }
    const octal = /^[0-3][0-7]{2}/.exec(quoted.toString("latin1", at + 1, at + 4))?.[0];
    const letter = String.fromCharCode(quoted[at + 1] ?? 0);
    const code = letter === '"' || letter === "\\" ? letter.charCodeAt(0) : CODES.get(letter);
    if (octal === undefined && code === undefined) return undefined;
    bytes.push(octal === undefined ? (code ?? 0) : Number.parseInt(octal, 8));
    at += octal === undefined ? 1 : 3;
  }
  return Buffer.from(bytes);
}
