import { isUtf8 } from "node:buffer";
import { decodeBytes, visible } from "../../text/visible.ts";

/** Some lines of a file, verbatim. */
export interface Part {
  readonly text: string;
  /** Line numbers from 1; `last` is before `first` when there are no lines. */
  readonly first: number;
  readonly last: number;
  readonly total: number;
  /** Whether a line was too long for the room. */
  readonly isCut: boolean;
  /** How many of its bytes are not valid UTF-8. */
  readonly invalid: number;
  readonly invisible: number;
  /** Set when it is not UTF-8. */
  readonly encoding?: string;
}

export interface PartRange {
  readonly offset: number;
  readonly limit: number;
  /** In characters. */
  readonly room: number;
}

/** Takes lines out of a file's content: as many as were requested and fit. */
export function partOf(bytes: Buffer, { offset, limit, room }: PartRange): Part {
  const encoding = encodingOf(bytes);
  const content = encoding === undefined ? bytes : Buffer.from(new TextDecoder(encoding).decode(bytes));
  const starts = lineStarts(content);
  const total = starts.length - 1;
  const parts: string[] = [];
  let [size, line, invalid, isCut] = [0, offset, 0, false];
  while (line <= total && line < offset + limit) {
    const raw = content.subarray(starts[line - 1], starts[line]);
    const text = decodeBytes(raw.length > 4 * room ? raw.subarray(0, 4 * room) : raw);
    if (size + text.length > room) {
      if (line > offset) break;
      isCut = true;
    }
    parts.push(isCut ? `${text.slice(0, room)}…\n` : text);
    if (!isUtf8(raw))
      invalid += text.split("⟨byte ").length - decodeBytes(Buffer.from(raw.toString())).split("⟨byte ").length;
    size += text.length;
    line += 1;
    if (isCut) break;
  }
  const text = parts.join("");
  const invisible = visible(text).split("⟨U+").length - text.split("⟨U+").length;
  return {
    text,
    first: offset,
    last: line - 1,
    total,
    isCut,
    invalid,
    invisible,
    ...(encoding !== undefined && { encoding }),
  };
}

/** Detects UTF-16 by its byte order mark; undefined for everything else. */
export function encodingOf(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  return bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : undefined;
}

/** The offset of each line, and of the end. */
function lineStarts(content: Buffer): number[] {
  const starts = [0];
  for (let at = content.indexOf(10); at !== -1; at = content.indexOf(10, at + 1)) starts.push(at + 1);
  if (starts.at(-1) !== content.length) starts.push(content.length);
  return starts;
}
