import { DATA_ROW, ERROR, NOTICE } from "./messages.ts";
import type { Shortened } from "./types.ts";

/** Messages up to this many bytes are kept whole; larger ones are cut if the statement has a budget. */
export const SMALL = 16 << 10;
/** The most values whose full length is remembered; rows beyond the budget are never shown. */
const MOST_SHORTENED = 10_000;

/** Limits how much is kept of the values that a server sends. Without a budget, everything is kept. */
export interface Budget {
  /** Bytes left for the rows of this statement; further rows are kept without values. */
  left: number;
  /** Limit of one value in bytes. */
  readonly value: number;
  rows: number;
  readonly shortened: Shortened[];
}

/** Collects a message that arrives in pieces, or that is not kept whole. */
export interface Cutter {
  take(part: Buffer): void;
  /** The part of its body that is kept, in the same format. */
  end(): Buffer;
}

/** Counts a message of this length, and returns its cutter; undefined when it may be kept whole. */
export function cutterFor(type: number, length: number, budget: Budget | undefined): Cutter | undefined {
  if (!budget) return undefined;
  if (type === DATA_ROW) budget.rows++;
  if (length > Math.min(SMALL, budget.left)) {
    if (type === DATA_ROW) return budget.left > 0 ? rowCutter(budget) : NO_VALUES;
    if (type === ERROR || type === NOTICE) return errorCutter();
  }
  if (type === DATA_ROW) budget.left -= length;
  return undefined;
}

export function whole(): Cutter {
  const kept: Buffer[] = [];
  return {
    // Copied, since a socket overwrites its buffer with the next read.
    take: (part) => void kept.push(Buffer.from(part)),
    end: () => Buffer.concat(kept),
  };
}

const NO_COLUMNS = Buffer.alloc(2);
/** For rows after the budget is used up, which are only counted. */
const NO_VALUES: Cutter = { take() {}, end: () => NO_COLUMNS };

/** Keeps the beginning of each value of a row. */
function rowCutter(budget: Budget): Cutter {
  const kept: Buffer[] = [];
  let pending = Buffer.alloc(0);
  let columns = -1;
  let column = -1;
  /** Bytes of the current value that are still to come, and how many of them to keep. */
  let [rest, keep] = [0, 0];
  /** Reads a number of 2 or 4 bytes, which may arrive in two parts. */
  const number = (part: Buffer, width: number): [number | undefined, Buffer] => {
    const have = Buffer.concat([pending, part.subarray(0, width - pending.length)]);
    const after = part.subarray(have.length - pending.length);
    pending = have.length < width ? have : Buffer.alloc(0);
    return [have.length < width ? undefined : width === 2 ? have.readUInt16BE() : have.readInt32BE(), after];
  };
  return {
    take(part) {
      let left = part;
      while (left.length > 0) {
        if (rest > 0) {
          const value = left.subarray(0, rest);
          const wanted = value.subarray(0, keep);
          // Copied, since a slice would keep its whole chunk in memory.
          if (wanted.length > 0) kept.push(Buffer.from(wanted));
          keep -= wanted.length;
          rest -= value.length;
          left = left.subarray(value.length);
          continue;
        }
        const [found, after] = number(left, columns < 0 ? 2 : 4);
        left = after;
        if (found === undefined) return;
        const bytes = Buffer.alloc(columns < 0 ? 2 : 4);
        if (columns < 0) {
          columns = found;
          bytes.writeUInt16BE(found);
        } else {
          column++;
          rest = Math.max(found, 0);
          keep = Math.min(rest, budget.value, budget.left);
          budget.left -= keep;
          bytes.writeInt32BE(found < 0 ? found : keep);
          if (keep < rest && budget.shortened.length < MOST_SHORTENED)
            budget.shortened.push({ row: budget.rows - 1, column, bytes: rest });
        }
        kept.push(bytes);
      }
    },
    end: () => Buffer.concat(kept),
  };
}

/** Keeps the beginning of an error, which may quote a value of any size. Its fields end with a zero byte. */
function errorCutter(): Cutter {
  const kept: Buffer[] = [];
  let room = SMALL;
  return {
    take(part) {
      const wanted = part.subarray(0, room);
      room -= wanted.length;
      if (wanted.length > 0) kept.push(Buffer.from(wanted));
    },
    end: () => Buffer.concat([...kept, Buffer.from([0, 0])]),
  };
}
