import { ToolError } from "@org/server-kit";

/** A note's text and what of its bytes the text does not show. */
export interface Decoded {
  /** Without byte order mark; line ends as they are. */
  readonly text: string;
  readonly bom: boolean;
}

const BOM = "\uFEFF";
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** @returns undefined when the bytes are no UTF-8, or hold NUL: they are no text, and writing them back would harm them */
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
 * Refuses what a file of UTF-8 text does not hold: NUL, and half of a pair of surrogates.
 * @throws ToolError invalid_input
 */
export function checkText(text: string, what = "the text"): void {
  if (text.includes("\0"))
    throw new ToolError("invalid_input", `${what} holds a NUL character, and a note cannot. Pass it without.`);
  if (/\p{Surrogate}/u.test(text))
    throw new ToolError("invalid_input", `${what} holds half of a character (a lone surrogate). Pass whole ones.`);
}

export const withoutMark = (text: string): string => (text.startsWith(BOM) ? text.slice(1) : text);

export type LineEnd = "\n" | "\r\n";

/** What the first line ends with: new lines shall look like the old ones. */
export const lineEndOf = (text: string): LineEnd => (/\r?\n/.exec(text)?.[0] === "\r\n" ? "\r\n" : "\n");

export const withLineEnds = (text: string, end: LineEnd): string => text.replace(/\r?\n/g, end);

/** The number of the line, from 1, in which the character at `offset` stands. */
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

/** @param splices in any order, none overlapping another */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const splice of [...splices].sort((a, b) => a.start - b.start)) {
    parts.push(text.slice(done, splice.start), splice.text);
    done = splice.end;
  }
  return parts.join("") + text.slice(done);
}
