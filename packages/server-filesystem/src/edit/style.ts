import { decodeToShow } from "../text/codec.ts";
import { kindOfBytes, shownEncoding } from "../text/detect.ts";
import { type Encoding, markLength, UTF8 } from "../text/encodings.ts";

/** How the lines of a text end: all with "\n", all with "\r\n", mixed, or without any. */
type LineEnds = "LF" | "CRLF" | "mixed" | "none";

/** How a file is written, as far as what replaces it should be written so too. */
export interface Style {
  /** Undefined when the file does not tell, or is not text. */
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
  // In all encodings that do not tell what they are, line ends are those of ASCII.
  const text = encoding ? await decodeToShow(bytes.subarray(from), encoding, true) : bytes.toString("latin1");
  const isBinary = kind === "binary";
  return { encoding, isMarked: from > 0, lineEnds: isBinary ? "none" : lineEndsOf(text), isBinary };
}

export function lineEndsOf(text: string): LineEnds {
  const hasWindows = text.includes("\r\n");
  if (/(?<!\r)\n/.test(text)) return hasWindows ? "mixed" : "LF";
  return hasWindows ? "CRLF" : "none";
}

/** What of a file is kept, or changes, for whoever writes it to know. */
export interface Styled {
  readonly text: string;
  readonly notes: readonly string[];
}

/** A text that comes with "\n" alone, with the line ends of a file that has "\r\n" alone. */
export function withLineEnds(content: string, before: LineEnds): Styled {
  const own = lineEndsOf(content);
  if (before === "CRLF" && own === "LF" && !content.includes("\r")) {
    return { text: content.replaceAll("\n", "\r\n"), notes: ["line ends written as CRLF, as in the file before"] };
  }
  const isChanged = own !== before && own !== "none" && before !== "none" && !(before === "mixed" && own === "LF");
  return { text: content, notes: isChanged ? [`line ends changed from ${before} to ${own}`] : [] };
}
