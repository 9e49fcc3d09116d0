import type { Link } from "../../markdown/links.ts";

/** Longer notes are indexed up to this many bytes. */
export const SEARCHED_BYTES = 1_000_000;

/** A file's data in the index. */
export interface FileRecord {
  readonly path: string;
  /** The stamp to store; "" to have the file read again. */
  readonly stamp: string;
  /** The stamp of the file as it was seen. */
  readonly seen: string;
  readonly size: number;
  readonly modified: number;
  readonly created: number;
  /** Undefined for an attachment. */
  readonly note?: NoteRecord;
}

export interface NoteRecord {
  readonly etag: string;
  readonly title: string;
  readonly tags: readonly { readonly key: string; readonly tag: string }[];
  readonly links: readonly Link[];
  /** What links can name in it, see `anchorsOf`. */
  readonly anchors: string;
  /** The columns of the search table. */
  readonly columns: readonly [title: string, headings: string, tags: string, body: string];
}
