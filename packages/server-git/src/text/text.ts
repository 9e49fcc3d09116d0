import { randomBytes } from "node:crypto";

const STRICT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes as text: what is not UTF-8 becomes `\xE9`, so that names with any bytes stay distinct. */
export function textOf(bytes: Uint8Array): string {
  try {
    return STRICT.decode(bytes);
  } catch {
    return withMarks(Buffer.from(bytes));
  }
}

/** The bytes of a name that `textOf` gave, `\xE9` included. */
export function bytesOf(text: string): Buffer {
  if (!/\\x[89A-F][0-9A-F]/.test(text)) return Buffer.from(text);
  const parts = text.split(/(\\x[89A-F][0-9A-F])/);
  return Buffer.concat(parts.map((part, at) => (at % 2 === 1 ? Buffer.from(part.slice(2), "hex") : Buffer.from(part))));
}

function withMarks(bytes: Buffer): string {
  let text = "";
  let from = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    text += `${bytes.toString("utf8", from, at)}\\x${bytes.toString("hex", at, at + 1).toUpperCase()}`;
    at += 1;
    from = at;
  }
  return text + bytes.toString("utf8", from);
}

/** Bytes of the UTF-8 sequence that begins here, 0 where none does. */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  try {
    STRICT.decode(bytes.subarray(at, at + length));
    return at + length <= bytes.length && first >= 0xc2 ? length : 0;
  } catch {
    return 0;
  }
}

// Letters that show nothing, and signs that turn a line around, are how text is hidden from people.
const INVISIBLE = /[^\p{L}\p{M}\p{N}\p{P}\p{S} \n\t]|[\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** Text by others with what nobody sees made visible: `\u{202e}`. Newlines and tabs stay; `\r\n` becomes `\n`. */
export const visible = (text: string): string =>
  text.replaceAll("\r\n", "\n").replace(INVISIBLE, (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`);

/** As `visible`, on one line: for names, subjects and authors. */
export const visibleLine = (text: string): string => visible(text).replace(/[\n\t]/g, (s) => (s === "\n" ? "\\n" : "\\t"));

/**
 * Text by others between marks that it cannot forge: the tag is random for each result. The server's instructions say what
 * the marks mean.
 */
export function fence(text: string): string {
  const tag = `text-${randomBytes(6).toString("hex")}`;
  return `<${tag}>\n${text}${text.endsWith("\n") || text === "" ? "" : "\n"}</${tag}>`;
}
