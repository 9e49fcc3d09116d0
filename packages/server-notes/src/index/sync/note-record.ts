import { etagOf } from "../../etag.ts";
import { facts } from "../../markdown/facts.ts";
import { isNotePath, stemOf } from "../../note-path.ts";
import { type FileRecord, type NoteRecord, SEARCHED_BYTES } from "../store/file-record.ts";
import { composed, foldText, searchableText } from "../text/tokens.ts";
import { type FileState, stampOf } from "./stamp.ts";

/** A change within this time of another may leave the file's times unchanged: the clocks of file systems tick. */
const TICK_MS = 50;
const COARSE_TICK_MS = 2_500;

/** Whether the file may change once more and look the same, which would never be noticed. */
function mayChangeUnseen({ mtimeMs }: FileState, now: number): boolean {
  // Some file systems keep times in steps of one or two seconds.
  return Math.abs(now - mtimeMs) < (mtimeMs % 1000 === 0 ? COARSE_TICK_MS : TICK_MS);
}

/** @param now milliseconds since 1970, after the file was read @param bytes of a note; an attachment has only a name */
export function recordOf(path: string, stat: FileState, now: number, bytes?: Uint8Array): FileRecord {
  const { size, mtimeMs: modified, birthtimeMs } = stat;
  const seen = stampOf(stat);
  // An unknown birth time reads as the epoch, or as later than the last change.
  const created = birthtimeMs > 0 ? Math.min(birthtimeMs, modified) : modified;
  const file = { path, seen, size, modified, created };
  if (bytes === undefined || !isNotePath(path)) return { ...file, stamp: seen };
  return { ...file, stamp: mayChangeUnseen(stat, now) ? "" : seen, note: noteOf(path, bytes) };
}

/** Bytes that are not UTF-8 are indexed as far as possible; reading the note reports them. */
function noteOf(path: string, bytes: Uint8Array): NoteRecord {
  const written = utf8.decode(bytes.subarray(0, SEARCHED_BYTES));
  const { title, tags, links, anchors, headings } = facts(written, path);
  const text = composed(written.replaceAll("\0", " "));
  const stem = stemOf(path);
  return {
    etag: etagOf(bytes),
    title,
    tags: tags.map((tag) => ({ key: foldText(tag), tag })),
    links,
    anchors,
    columns: [
      searchableText(composed(title === stem ? title : `${title} ${stem}`)),
      searchableText(composed(headings.map((heading) => heading.text).join("\n"))),
      searchableText(composed(tags.join("\n"))),
      searchableText(text),
    ],
  };
}

const utf8 = new TextDecoder("utf-8");
