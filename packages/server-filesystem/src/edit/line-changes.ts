import { diffArrays } from "diff";

/** Lines from `a` to before `aEnd` are replaced by those from `b` to before `bEnd`. */
export interface LineChange {
  readonly a: number;
  readonly aEnd: number;
  readonly b: number;
  readonly bEnd: number;
}

/** Lines of each side that are compared at a time. */
const WINDOW = 1000;
/** Lines that may differ in a window before all count as replaced: the time is quadratic in this number. */
const MOST_EDITS = 400;

/**
 * Compares two lists of lines in time linear in their length, whatever the difference; small differences are found
 * exactly.
 */
export function changedLines(before: readonly string[], after: readonly string[]): LineChange[] {
  const changes: LineChange[] = [];
  let [a, b] = [0, 0];
  const close = (aEnd: number, bEnd: number) => {
    if (aEnd > a || bEnd > b) changes.push({ a, aEnd, b, bEnd });
    [a, b] = [aEnd + 1, bEnd + 1];
  };
  keptLines(before, after, close);
  close(before.length, after.length);
  return changes;
}

/** @param keep called with each line of the first list that stays, and its line in the second */
function keptLines(before: readonly string[], after: readonly string[], keep: (a: number, b: number) => void): void {
  // A line on only one side cannot match. Once such lines are removed, most comparisons are trivial.
  const numbers = new Map<string, number>();
  for (const line of before) if (!numbers.has(line)) numbers.set(line, numbers.size);
  const b = numbered(after, numbers);
  const shared = new Set(b.map(({ number }) => number));
  const a = numbered(before, numbers).filter(({ number }) => shared.has(number));
  for (let [x, y] = [0, 0]; x < a.length && y < b.length; ) {
    const [left, right] = [a[x], b[y]];
    if (left && right && left.number === right.number) {
      keep(left.at, right.at);
      [x, y] = [x + 1, y + 1];
      continue;
    }
    const matches = matchesIn(a.slice(x, x + WINDOW), b.slice(y, y + WINDOW));
    for (const [i, j] of matches) keep(a[x + i]?.at ?? 0, b[y + j]?.at ?? 0);
    // Lines after the last match may match lines past the window.
    const [i, j] = matches.at(-1) ?? [WINDOW - 1, WINDOW - 1];
    [x, y] = [x + i + 1, y + j + 1];
  }
}

interface Numbered {
  readonly at: number;
  /** The same number for equal lines. */
  readonly number: number;
}

function numbered(lines: readonly string[], numbers: ReadonlyMap<string, number>): Numbered[] {
  const known: Numbered[] = [];
  for (const [at, line] of lines.entries()) {
    const number = numbers.get(line);
    if (number !== undefined) known.push({ at, number });
  }
  return known;
}

function matchesIn(a: readonly Numbered[], b: readonly Numbered[]): (readonly [number, number])[] {
  const numbersOf = (lines: readonly Numbered[]) => lines.map(({ number }) => number);
  const parts = diffArrays(numbersOf(a), numbersOf(b), { maxEditLength: MOST_EDITS });
  const matches: (readonly [number, number])[] = [];
  let [i, j] = [0, 0];
  for (const { count, added, removed } of parts ?? []) {
    if (!added && !removed) for (let at = 0; at < count; at += 1) matches.push([i + at, j + at]);
    if (!added) i += count;
    if (!removed) j += count;
  }
  return matches;
}
