import { gitName } from "../../text/paths.ts";
import { decodeText, isPlain } from "../../text/visible.ts";
import type { Reader } from "../reader.ts";
import type { FileChange } from "../types.ts";

/** Where a page of a patch begins: counted in files, hunks of that file, and lines of that hunk. */
export interface PatchPlace {
  readonly file: number;
  readonly hunk: number;
  readonly line: number;
}

/** A hunk of a patch; of a file that has none, such as a binary one, a single one without a head and lines. */
export interface Hunk {
  /** The file's place in the list of changes. */
  readonly file: number;
  /** Counted from 0 in its file. */
  readonly number: number;
  /** Its first line, or nothing. */
  readonly head: string;
  readonly lines: readonly string[];
  /** Lines that an earlier page had. */
  readonly skipped: number;
}

/** Bytes of a line that are kept: a header has two names of 4,096 bytes, which may all be escaped. */
const KEPT = 40_000;
/** Characters of a line that are shown. */
const SHOWN = 400;
const HEADER = "diff --git ";
const AT = 0x40;
/** What a line of content begins with: its sign, or the backslash of "No newline at end of file". */
const SIGNS = new Set(Buffer.from(" +-\\"));
/** Bytes of content that are read at a time. */
const TOGETHER = 16 << 10;

/**
 * The hunks of a patch from `place` on. A line of content always begins with a sign, so no content looks like a header;
 * and a header is known beforehand, since the list of changes names the files.
 * @param most characters of a hunk's lines that are of use: with more, it is returned as far as it was read, as the last one
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
    // A promise for each line would take longer than the line.
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

  /** Adds lines to the hunk, without those that an earlier page had, and returns how many characters it has. */
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

/** Lines with their ends, as {@link shorten} has each; ASCII of usual length, as most code is, at once. */
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

/** A line as a person sees it, cut where it is long; the cut says how much is missing. */
export function shorten(bytes: Buffer, length = bytes.length): string {
  // No character has more than four bytes.
  const text = decodeText(bytes.length > 4 * SHOWN ? bytes.subarray(0, 4 * SHOWN) : bytes);
  if (text.length <= SHOWN && length <= 4 * SHOWN) return text;
  const start = [...text.slice(0, SHOWN)].slice(0, -1).join("");
  return `${start}… (${length.toLocaleString("en")} bytes, shortened)`;
}
