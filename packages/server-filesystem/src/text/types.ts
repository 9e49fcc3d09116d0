import type { Page } from "./page.ts";

/** Which lines to read: the last ones, or those from a line and a character in it. Both count from 1. */
export type LineRange =
  | { readonly tail: number }
  | { readonly offset: number; readonly column: number; readonly limit: number };

/** What to read of a file, and how much fits in an answer. */
export interface ReadRequest {
  readonly lines: LineRange;
  /** Characters. */
  readonly room: number;
  /** Whether line numbers are shown, which take room. */
  readonly isNumbered?: boolean;
  /** A label, when the client knows the encoding. */
  readonly encoding?: string | undefined;
  /** Most bytes of a file that is read into memory. */
  readonly maxRead: number;
}

/** Lines of a file, and the facts about them. */
export interface Reading extends Page {
  readonly etag: string;
  readonly encoding: string;
  /** Whether the file begins with a byte order mark, which the text leaves out. */
  readonly isMarked: boolean;
  /** Bytes of the file. */
  readonly size: number;
  /** Number of the first line; undefined if lines were not counted. */
  readonly first?: number;
  /** The first character shown of the first line. */
  readonly column: number;
  /** Number of lines in the file, if counted. */
  readonly total?: number;
  /** Whether more lines follow. */
  readonly hasMore: boolean;
  /** Characters of the line that is cut, if counted. */
  readonly cutLength?: number;
  /** Invalid places, shown as U+FFFD. */
  readonly broken: number;
  /** Whether the file ends in the middle of a character, which is left out. */
  readonly endsInHalf: boolean;
}
