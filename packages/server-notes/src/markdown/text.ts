import { ToolError } from "@org/server-kit";

/** A note's text, and what its bytes contain besides. */
export interface Decoded {
  /** Without byte order mark; line ends unchanged. */
  readonly text: string;
  readonly bom: boolean;
}

const BOM = "\uFEFF";
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * @returns undefined when the bytes are not UTF-8, or contain NUL: they are not text, and writing them back would
 * damage them
 */
export function decode(bytes: Uint8Array): Decoded | undefined {
  try {
    const text = utf8.decode(bytes);
    if (text.includes("\0")) return undefined;
    return text.startsWith(BOM) ? { text: text.slice(1), bom: true } : { text, bom: false };
  } catch {
    return undefined;
  }
}

export const encode = ({ text, bom }: Decoded): Buffer => Buffer.from(bom ? BOM + text : text);

/**
 * Refuses characters that a UTF-8 text file cannot contain: NUL and lone surrogates. @throws ToolError invalid_input
 */
export function checkText(text: string, what = "the text"): void {
  if (text.includes("\0"))
    throw new ToolError("invalid_input", `${what} contains a NUL character, which a note cannot have. Leave it out.`);
  if (/\p{Surrogate}/u.test(text))
    throw new ToolError(
      "invalid_input",
      `${what} contains half of a character (a lone surrogate). Pass whole characters.`,
    );
}

export const withoutMark = (text: string): string => (text.startsWith(BOM) ? text.slice(1) : text);

export type LineEnd = "\n" | "\r\n";

/** The end of the first line, which new lines should match. */
export const lineEndOf = (text: string): LineEnd => (/\r?\n/.exec(text)?.[0] === "\r\n" ? "\r\n" : "\n");

export const withLineEnds = (text: string, end: LineEnd): string => text.replace(/\r?\n/g, end);

/** The number, from 1, of the line that contains `offset`. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line += 1;
  return line;
}

/** A replacement of the characters from `start` to before `end`. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** @param splices in any order, without overlaps */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const splice of [...splices].sort((a, b) => a.start - b.start)) {
    parts.push(text.slice(done, splice.start), splice.text);
    done = splice.end;
  }
  return parts.join("") + text.slice(done);
}
