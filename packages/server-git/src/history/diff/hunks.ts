import { gitName } from "../../text/paths.ts";
import { decodeText, isPlain } from "../../text/visible.ts";
import type { Reader } from "../reader.ts";
import type { FileChange } from "../types.ts";

/** Where a page of a patch begins: the file, the hunk of that file, and the line of that hunk. */
export interface PatchPlace {
  readonly file: number;
  readonly hunk: number;
  readonly line: number;
}

/** A hunk of a patch. A file without hunks, such as a binary one, is a single hunk without head and lines. */
export interface Hunk {
  /** The file's index in the list of changes. */
  readonly file: number;
  /** Its index in the file, from 0. */
  readonly number: number;
  /** Its `@@` line, or empty. */
  readonly head: string;
  readonly lines: readonly string[];
  /** Lines that an earlier page has shown. */
  readonly skipped: number;
}

/** Bytes kept of each line: a header has two names of up to 4,096 bytes, all of which may be escaped. */
const KEPT = 40_000;
/** Characters shown of each line. */
const SHOWN = 400;
const HEADER = "diff --git ";
const AT = 0x40;
/** First bytes of content lines: their sign, or the backslash of "No newline at end of file". */
const SIGNS = new Set(Buffer.from(" +-\\"));
/** Bytes of content read at a time. */
const TOGETHER = 16 << 10;

/**
 * The hunks of a patch from `place` on. Content lines always begin with a sign, so none can look like a header; and the
 * headers are known beforehand, since the list of changes names the files.
 * @param most limit in characters for a hunk's lines: reading stops at a larger hunk, whose first lines are the last
 * result
 */
export async function* readHunks(
  reader: Reader,
  changes: readonly FileChange[],
  place: PatchPlace,
  most: number,
): AsyncGenerator<Hunk, void, undefined> {
  let [file, number, passed, size] = [-1, 0, 0, 0];
  let hunk: (Hunk & { readonly lines: string[] }) | undefined;
  for (;;) {
    const content = hunk && hunk.head !== "" ? reader.linesWith(SIGNS, TOGETHER) : undefined;
    if (content) {
      if (add(linesOf(content)) > most) break;
      continue;
    }
    const read = reader.line(KEPT);
    // Creating a promise for each line would take longer than reading it.
    const line = read instanceof Promise ? await read : read;
    if (!line) break;
    const { bytes, length } = line;
    const isHeader = bytes[0] === HEADER.charCodeAt(0) && bytes.toString("latin1", 0, HEADER.length) === HEADER;
    if (isHeader) {
      if (hunk) yield hunk;
      const header = bytes.toString("latin1");
      const found = changes.findIndex((change, at) => at >= file && headerOf(change) === header);
      file = found === -1 ? file + 1 : found;
      number = 0;
      hunk = file < place.file ? undefined : { file, number, head: "", lines: [], skipped: 0 };
    } else if (bytes[0] === AT && file >= place.file) {
      if (hunk && hunk.head !== "") yield hunk;
      const isFirst = file === place.file && number === place.hunk;
      const isEarlier = file === place.file && number < place.hunk;
      const skipped = isFirst ? place.line : 0;
      const head = `${shorten(bytes, length)}${skipped > 0 ? " (continued)" : ""}\n`;
      hunk = isEarlier ? undefined : { file, number, head, lines: [], skipped };
      [number, passed, size] = [number + 1, 0, 0];
    } else if (hunk && hunk.head !== "") {
      if (add([`${shorten(bytes, length)}\n`]) > most) break;
    }
  }
  if (hunk) yield hunk;

  /** Adds lines to the hunk, except those that an earlier page has shown, and returns the hunk's size in characters. */
  function add(lines: readonly string[]): number {
    for (const line of lines) {
      if (hunk && passed >= hunk.skipped && size <= most) {
        hunk.lines.push(line);
        size += line.length;
      }
      passed += 1;
    }
    return size;
  }
}

const headerOf = ({ from, path }: FileChange) => `${HEADER}${gitName("a/", from ?? path)} ${gitName("b/", path)}`;

/**
 * Splits into lines with their ends, each as {@link shorten} returns it. ASCII lines of normal length, as most are,
 * take a fast path.
 */
function linesOf(content: Buffer): string[] {
  const text = content.toString("latin1");
  const lines = text.split("\n").slice(0, -1);
  if (isPlain(text) && lines.every((line) => line.length <= SHOWN)) return lines.map((line) => `${line}\n`);
  let end = -1;
  return lines.map(() => {
    const start = end + 1;
    end = content.indexOf(10, start);
    return `${shorten(content.subarray(start, end))}\n`;
  });
}

/** A line as a person sees it. A long one is cut, with a note of how much is missing. */
export function shorten(bytes: Buffer, length = bytes.length): string {
  // No character is longer than four bytes.
  const text = decodeText(bytes.length > 4 * SHOWN ? bytes.subarray(0, 4 * SHOWN) : bytes);
  if (text.length <= SHOWN && length <= 4 * SHOWN) return text;
  const start = [...text.slice(0, SHOWN)].slice(0, -1).join("");
  return `${start}… (${length.toLocaleString("en")} bytes, shortened)`;
}
