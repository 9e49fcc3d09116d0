import { decodeToShow } from "../text/codec.ts";
import { kindOfBytes, shownEncoding } from "../text/detect.ts";
import { type Encoding, markLength, UTF8 } from "../text/encodings.ts";

/** The line ends of a text: all "\n", all "\r\n", mixed, or none. */
type LineEnds = "LF" | "CRLF" | "mixed" | "none";

/** How a file is written, as far as its replacement should follow. */
export interface Style {
  /** Undefined when the file does not show it, or is not text. */
  readonly encoding: Encoding | undefined;
  readonly isMarked: boolean;
  readonly lineEnds: LineEnds;
  readonly isBinary: boolean;
}

export async function styleOf(bytes: Buffer): Promise<Style> {
  const shown = shownEncoding(bytes);
  const kind = shown ? "utf-8" : kindOfBytes([{ bytes, goesOn: false }]);
  const encoding = shown ?? (kind === "utf-8" ? UTF8 : undefined);
  const from = encoding ? markLength(bytes, encoding) : 0;
  // In every encoding that files do not show, line ends are the same as in ASCII.
  const text = encoding ? await decodeToShow(bytes.subarray(from), encoding, true) : bytes.toString("latin1");
  const isBinary = kind === "binary";
  return { encoding, isMarked: from > 0, lineEnds: isBinary ? "none" : lineEndsOf(text), isBinary };
}

export function lineEndsOf(text: string): LineEnds {
  const hasWindows = text.includes("\r\n");
  if (/(?<!\r)\n/.test(text)) return hasWindows ? "mixed" : "LF";
  return hasWindows ? "CRLF" : "none";
}

/** What a write keeps or changes about the file's format, for the caller to know. */
export interface Styled {
  readonly text: string;
  readonly notes: readonly string[];
}

/** Converts a text with only "\n" to the line ends of a file with only "\r\n". */
export function withLineEnds(content: string, before: LineEnds): Styled {
  const own = lineEndsOf(content);
  if (before === "CRLF" && own === "LF" && !content.includes("\r")) {
    return { text: content.replaceAll("\n", "\r\n"), notes: ["line ends written as CRLF, as in the file before"] };
  }
  const isChanged = own !== before && own !== "none" && before !== "none" && !(before === "mixed" && own === "LF");
  return { text: content, notes: isChanged ? [`line ends changed from ${before} to ${own}`] : [] };
}
