import type { Kind } from "@org/beneath";
import type { Line } from "./in-file/line-finder.ts";

/** An entry found by a job; size and time are missing if the name leads nowhere. */
export interface Found {
  /** Relative to the start. */
  readonly path: string;
  readonly kind: Kind;
  readonly addressable: boolean;
  readonly size?: number;
  readonly mtimeMs?: number;
}

export interface FileMatches {
  /** Relative to the start, "" for the start itself. */
  readonly path: string;
  readonly lines: readonly Line[];
  /** Matching lines: their number, or 1 when only their existence is wanted. */
  readonly matches: number;
}

/** A line of a file to continue from. */
export interface LinePosition {
  readonly path: string;
  readonly line: number;
}
