/** For each line of the first text, the line of the second one that it is kept as, or -1. */
export type Kept = Int32Array;

/** Edits up to which the smallest difference of a part is looked for. */
const MOST_EDITS = 400;

interface Part {
  readonly a: number;
  readonly aEnd: number;
  readonly b: number;
  readonly bEnd: number;
}

/**
 * Compares two lists of lines: the smallest difference where it is small, else one around the lines that are unique
 * in both. Time grows with the lines, and not with the difference.
 */
export function compareLines(before: readonly string[], after: readonly string[]): Kept {
  const numbers = new Map<string, number>();
  const a = numbered(before, numbers);
  const b = numbered(after, numbers);
  const kept = new Int32Array(a.length).fill(-1);
  const todo: Part[] = [{ a: 0, aEnd: a.length, b: 0, bEnd: b.length }];
  for (let whole = todo.pop(); whole; whole = todo.pop()) {
    const part = withoutSame(a, b, whole, kept);
    if (part.a === part.aEnd || part.b === part.bEnd) continue;
    if (compareSmall(a, b, part, kept)) continue;
    todo.push(...splitAtUnique(a, b, part, kept));
  }
  return kept;
}

function numbered(lines: readonly string[], numbers: Map<string, number>): Int32Array {
  return Int32Array.from(lines, (line) => {
    const number = numbers.get(line) ?? numbers.size;
    if (number === numbers.size) numbers.set(line, number);
    return number;
  });
}

/** Keeps what both begin and end with. @returns what is between */
function withoutSame(a: Int32Array, b: Int32Array, part: Part, kept: Kept): Part {
  let { a: x, aEnd, b: y, bEnd } = part;
  while (x < aEnd && y < bEnd && a[x] === b[y]) kept[x++] = y++;
  while (x < aEnd && y < bEnd && a[aEnd - 1] === b[bEnd - 1]) kept[--aEnd] = --bEnd;
  return { a: x, aEnd, b: y, bEnd };
}

/** Myers' greedy search. @returns whether the difference was small enough */
function compareSmall(a: Int32Array, b: Int32Array, part: Part, kept: Kept): boolean {
  const rows = part.aEnd - part.a;
  const columns = part.bEnd - part.b;
  const most = Math.min(MOST_EDITS, rows + columns);
  const middle = most + 1;
  const reach = new Int32Array(2 * most + 3);
  const steps: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits += 1) {
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const at = middle + diagonal;
      const isDown = diagonal === -edits || (diagonal !== edits && get(reach, at - 1) < get(reach, at + 1));
      let x = isDown ? get(reach, at + 1) : get(reach, at - 1) + 1;
      while (x < rows && x - diagonal < columns && a[part.a + x] === b[part.b + x - diagonal]) x += 1;
      reach[at] = x;
      if (x < rows || x - diagonal < columns) continue;
      steps.push(reach.slice(middle - edits - 1, middle + edits + 2));
      trace(steps, part, { rows, columns }, kept);
      return true;
    }
    steps.push(reach.slice(middle - edits - 1, middle + edits + 2));
  }
  return false;
}

const get = (list: Int32Array, at: number) => list[at] ?? 0;

/** Goes back from the end, and keeps the lines of each diagonal run. */
function trace(steps: readonly Int32Array[], part: Part, size: { rows: number; columns: number }, kept: Kept): void {
  let x = size.rows;
  let y = size.columns;
  for (let edits = steps.length - 1; edits > 0; edits -= 1) {
    const before = steps[edits - 1] ?? new Int32Array();
    // Each step's list begins one diagonal before its first.
    const reached = (diagonal: number) => get(before, diagonal + edits);
    const diagonal = x - y;
    const isDown = diagonal === -edits || (diagonal !== edits && reached(diagonal - 1) < reached(diagonal + 1));
    const previous = isDown ? diagonal + 1 : diagonal - 1;
    const fromX = reached(previous);
    const startX = isDown ? fromX : fromX + 1;
    while (x > startX) {
      x -= 1;
      y -= 1;
      kept[part.a + x] = part.b + y;
    }
    x = fromX;
    y = fromX - previous;
  }
  while (x > 0 && y > 0) {
    x -= 1;
    y -= 1;
    kept[part.a + x] = part.b + y;
  }
}

/** Keeps lines that are unique in both, as many as are in one order. @returns the parts between them */
function splitAtUnique(a: Int32Array, b: Int32Array, part: Part, kept: Kept): Part[] {
  const pairs = longestRise(uniquePairs(a, b, part));
  const parts: Part[] = [];
  let [x, y] = [part.a, part.b];
  for (const [atA, atB] of pairs) {
    kept[atA] = atB;
    if (atA > x && atB > y) parts.push({ a: x, aEnd: atA, b: y, bEnd: atB });
    [x, y] = [atA + 1, atB + 1];
  }
  if (pairs.length > 0) parts.push({ a: x, aEnd: part.aEnd, b: y, bEnd: part.bEnd });
  return parts;
}

type Pair = readonly [a: number, b: number];

function uniquePairs(a: Int32Array, b: Int32Array, part: Part): Pair[] {
  const REPEATED = -1;
  const inB = new Map<number, number>();
  for (let at = part.b; at < part.bEnd; at += 1) inB.set(get(b, at), inB.has(get(b, at)) ? REPEATED : at);
  const inA = new Map<number, number>();
  for (let at = part.a; at < part.aEnd; at += 1) inA.set(get(a, at), inA.has(get(a, at)) ? REPEATED : at);
  const pairs: Pair[] = [];
  for (const [line, at] of inA) {
    const other = inB.get(line);
    if (at !== REPEATED && other !== undefined && other !== REPEATED) pairs.push([at, other]);
  }
  return pairs;
}

/** The longest part of a list in which the second numbers rise too. */
function longestRise(pairs: readonly Pair[]): Pair[] {
  const ends: number[] = [];
  const previous = new Int32Array(pairs.length).fill(-1);
  for (const [index, [, b]] of pairs.entries()) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[ends[middle] ?? 0]?.[1] ?? 0) < b) low = middle + 1;
      else high = middle;
    }
    previous[index] = ends[low - 1] ?? -1;
    ends[low] = index;
  }
  const rise: Pair[] = [];
  for (let at = ends.at(-1) ?? -1; at !== -1; at = get(previous, at)) {
    const pair = pairs[at];
    if (pair) rise.push(pair);
  }
  return rise.reverse();
}
