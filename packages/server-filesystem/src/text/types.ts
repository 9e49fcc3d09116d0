import type { Page } from "./page.ts";

/** Which lines to read: the last ones, or some from a line on, and from a character of it on. Both count from 1. */
export type LineRange =
  | { readonly tail: number }
  | { readonly offset: number; readonly column: number; readonly limit: number };

/** What to read of a file, and how much of it an answer holds. */
export interface ReadRequest {
  readonly lines: LineRange;
  /** Characters. */
  readonly room: number;
  /** Whether the number of each line is to be shown with it, which takes room. */
  readonly isNumbered?: boolean;
  /** A label, when the client knows the encoding. */
  readonly encoding?: string | undefined;
  /** Bytes of a file that is taken into memory whole. */
  readonly maxRead: number;
}

/** Lines of a file, and what there is to say of them. */
export interface Reading extends Page {
  readonly etag: string;
  readonly encoding: string;
  /** Whether the file begins with a byte order mark, which the text leaves out. */
  readonly isMarked: boolean;
  /** Bytes of the file. */
  readonly size: number;
  /** Number of the first line; undefined where nobody counted. */
  readonly first?: number;
  /** The first character shown of the first line. */
  readonly column: number;
  /** Lines of the file, where they were counted. */
  readonly total?: number;
  /** Whether lines follow that are not shown. */
  readonly hasMore: boolean;
  /** Characters of the line that is cut, where they were counted. */
  readonly cutLength?: number;
  /** Places shown as U+FFFD that are not characters of the encoding. */
  readonly broken: number;
  /** Whether the file ends in the middle of a character, which is left out. */
  readonly endsInHalf: boolean;
}
