import type { Kind } from "@org/beneath";
import type { Line } from "./in-file/line-finder.ts";

/** What a job has of an entry; the size and the time are missing where the name leads nowhere. */
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
  /** Lines that match: those that are wanted here, or 1 where no more is wanted than that there are any. */
  readonly matches: number;
}

/** A line of a file, to go on from. */
export interface LinePosition {
  readonly path: string;
  readonly line: number;
}
