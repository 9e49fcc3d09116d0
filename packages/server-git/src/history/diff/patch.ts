import { gitName, shortPath } from "../../text/paths.ts";
import { decodeText } from "../../text/visible.ts";
import { LFS_VERSION } from "../files/lfs.ts";
import type { Reader } from "../reader.ts";
import type { FileChange } from "../types.ts";
import { bytesText } from "./stat.ts";

/** Where a page of a patch begins: counted in files, hunks of that file, and lines of that hunk. */
export interface PatchPlace {
  readonly file: number;
  readonly hunk: number;
  readonly line: number;
}

export interface PatchPage {
  readonly text: string;
  /** The first and last file on it, counted from 0; undefined when there is none. */
  readonly files?: readonly [number, number];
  readonly next?: PatchPlace;
}

/** Bytes of a line that are kept. */
const KEPT = 1600;
/** Characters of a line that are shown. */
const SHOWN = 400;
const NONE = /^0+$/;

interface Hunk {
  readonly number: number;
  readonly head: string;
  readonly lines: string[];
  /** Lines before these, which were on an earlier page. */
  readonly skipped: number;
  size: number;
}

/**
 * Reads a patch from `place` on and returns whole hunks as long as they fit; a hunk that is larger than a page is divided
 * between lines. Reading stops there. A line of content always begins with a sign, so no content looks like a header.
 * @param room characters that the page may have
 */
export async function readPatch(
  reader: Reader,
  changes: readonly FileChange[],
  place: PatchPlace,
  room: number,
): Promise<PatchPage> {
  const headers = changes.map(headerOf);
  const parts: string[] = [];
  let [size, file, hunks] = [0, -1, 0];
  let [first, last] = [-1, -1];
  let hunk: Hunk | undefined;
  let title = "";

  const put = (text: string) => {
    parts.push(text);
    size += text.length;
    if (first === -1) first = file;
    last = file;
  };
  /** Adds the hunk that is complete; false when the page is full. */
  const flush = (): PatchPlace | undefined => {
    if (!hunk) return undefined;
    const note = hunk.lines.some((line) => line.slice(1) === LFS_VERSION) ? LFS_NOTE : "";
    const whole = title + note + hunk.head + hunk.lines.join("");
    if (size + whole.length <= room) {
      put(whole);
      title = "";
      hunk = undefined;
      return undefined;
    }
    if (size > 0) return { file, hunk: hunk.number, line: hunk.skipped };
    put(title + note + hunk.head);
    let count = 0;
    for (const line of hunk.lines) {
      if (size + line.length > room && count > 0) break;
      put(line);
      count += 1;
    }
    return { file, hunk: hunk.number, line: hunk.skipped + count };
  };
  const page = (next?: PatchPlace): PatchPage => ({
    text: parts.join(""),
    ...(first !== -1 && { files: [first, last] }),
    ...(next && { next }),
  });

  for (let line = await reader.line(KEPT); line; line = await reader.line(KEPT)) {
    const sign = line.bytes[0];
    if (sign === 0x64 && line.bytes.toString("latin1", 0, 11) === "diff --git ") {
      const next = flush() ?? bare();
      if (next) return page(next);
      const header = line.bytes.toString("latin1");
      const found = headers.indexOf(header, Math.max(0, file));
      file = found === -1 ? file + 1 : found;
      hunks = 0;
      const change = changes[file];
      title = change && file >= place.file ? titleOf(change) : "";
    } else if (sign === 0x40 && file >= place.file) {
      const next = flush();
      if (next) return page(next);
      const number = hunks;
      hunks += 1;
      const isEarlier = file === place.file && number < place.hunk;
      const skipped = file === place.file && number === place.hunk ? place.line : 0;
      const head = `${shorten(line.bytes, line.length)}${skipped > 0 ? " (continued)" : ""}\n`;
      hunk = isEarlier ? undefined : { number, head, lines: [], skipped, size: -skipped };
    } else if (hunk && sign !== undefined) {
      // Below zero it counts the lines that were on an earlier page.
      if (hunk.size < 0) hunk.size += 1;
      else {
        const shown = `${shorten(line.bytes, line.length)}\n`;
        hunk.lines.push(shown);
        hunk.size += shown.length;
      }
      if (hunk.size > room) {
        const next = flush();
        if (next) return page(next);
      }
    }
  }
  return page(flush() ?? bare());

  /** A file without hunks: binary, renamed unchanged, another mode. */
  function bare(): PatchPlace | undefined {
    if (title === "" || hunks > 0) return undefined;
    if (size > 0 && size + title.length > room) return { file, hunk: 0, line: 0 };
    put(title);
    title = "";
    return undefined;
  }
}

const LFS_NOTE = "(Git LFS pointers: the contents lie outside of git's objects)\n";

const header = (name: Buffer, side: "a" | "b") => gitName(Buffer.concat([Buffer.from(`${side}/`), name]));

const headerOf = ({ from, path }: FileChange) => `diff --git ${header(from ?? path, "a")} ${header(path, "b")}`;

/** The lines above a file's hunks, with every fact that git's own header has. */
export function titleOf(change: FileChange): string {
  const { status, path, from, similarity, oldMode, newMode, newId, added } = change;
  const name = shortPath(path);
  const lines: string[] = [];
  if (from) lines.push(`${status === "C" ? "copied" : "renamed"}, ${similarity}% the same`);
  if (status === "U") lines.push("in conflict: compared with our side");
  const isKept = !NONE.test(oldMode) && !NONE.test(newMode);
  if (isKept && oldMode !== newMode && status !== "U") lines.push(`mode ${oldMode}, now ${newMode}`);
  if (added === undefined && status !== "U") {
    lines.push(`binary${bytesText(change)}${NONE.test(newId) && status !== "D" ? "; now in the work tree only" : ""}`);
  }
  const before = status === "A" ? "/dev/null" : `a/${shortPath(from ?? path)}`;
  const after = status === "D" ? "/dev/null" : `b/${name}`;
  return `--- ${before}\n+++ ${after}\n${lines.map((line) => `(${line})\n`).join("")}`;
}

/** A line as a person sees it, cut where it is long; the cut says how much is missing. */
export function shorten(bytes: Buffer, length = bytes.length): string {
  const text = decodeText(bytes);
  if (text.length <= SHOWN && length <= bytes.length) return text;
  const start = [...text.slice(0, SHOWN)].slice(0, -1).join("");
  return `${start}… (${length.toLocaleString("en")} bytes, shortened)`;
}
