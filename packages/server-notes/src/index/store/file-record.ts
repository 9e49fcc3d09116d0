import type { Link } from "../../markdown/links.ts";

/** Of a longer note, this many bytes from its beginning are read for the index. */
export const SEARCHED_BYTES = 1_000_000;

/** What the index keeps of a file. */
export interface FileRecord {
  readonly path: string;
  /** What is kept, "" to have the file read again. */
  readonly stamp: string;
  /** What the file's state was. */
  readonly seen: string;
  readonly size: number;
  readonly modified: number;
  readonly created: number;
  /** Missing for an attachment. */
  readonly note?: NoteRecord;
}

export interface NoteRecord {
  readonly etag: string;
  readonly title: string;
  readonly tags: readonly { readonly key: string; readonly tag: string }[];
  readonly links: readonly Link[];
  /** What links can name in it, see `anchorsOf`. */
  readonly anchors: string;
  /** What the search table is given. */
  readonly columns: readonly [title: string, headings: string, tags: string, body: string];
}
