import { compareLines, type Kept } from "./diff.ts";
import { countBreaks } from "./draft.ts";

/** A difference as `diff -u` writes it. */
export interface UnifiedDiff {
  /** Empty when the texts are equal. Whole hunks, as many as fit. */
  readonly text: string;
  readonly hunks: number;
  /** Hunks that are shown; a part of the first counts as none. */
  readonly shown: number;
  readonly added: number;
  readonly removed: number;
}

/** Lines around a change that are shown with it. */
const CONTEXT = 3;

/** Lines that are compared one by one; where more differ, all of them count as replaced. */
const MOST_LINES = 1_000_000;

/**
 * Compares two texts line by line.
 * @param name what the head calls both of them
 * @param room characters
 */
export function unifiedDiff(before: string, after: string, name: string, room: number): UnifiedDiff {
  if (before === after) return { text: "", hunks: 0, shown: 0, added: 0, removed: 0 };
  const head = `--- ${headName(name)}\n+++ ${headName(name)}\n`;
  const { start, behind } = commonLines(before, after);
  const skipped = countBreaks(before.slice(0, start));
  const a = before.slice(start, before.length - behind);
  const b = after.slice(start, after.length - behind);
  const left = room - head.length;
  if (countBreaks(a) + countBreaks(b) > MOST_LINES) return allReplaced(a, b, { head, skipped, room: left });
  const difference = hunksOf(linesOf(a), linesOf(b), skipped, left);
  return { ...difference, text: head + difference.text };
}

/** Characters at both ends that are the same, in whole lines, without those that are shown around a change. */
function commonLines(before: string, after: string): { readonly start: number; readonly behind: number } {
  const most = Math.min(before.length, after.length);
  let same = 0;
  while (same < most && before.charCodeAt(same) === after.charCodeAt(same)) same += 1;
  let start = same;
  // The line that differs, and the context above it.
  for (let line = 0; line <= CONTEXT && start > 0; line += 1)
    start = start < 2 ? 0 : before.lastIndexOf("\n", start - 2) + 1;
  let behind = 0;
  const last = most - same;
  while (
    behind < last &&
    before.charCodeAt(before.length - 1 - behind) === after.charCodeAt(after.length - 1 - behind)
  ) {
    behind += 1;
  }
  // The rest of the line that differs, and the context below it.
  let from = before.length - behind;
  for (let line = 0; line <= CONTEXT && from < before.length; line += 1) {
    const end = before.indexOf("\n", from);
    from = end === -1 ? before.length : end + 1;
  }
  return { start, behind: before.length - from };
}

function hunksOf(a: readonly string[], b: readonly string[], skipped: number, room: number): UnifiedDiff {
  const changes = changesOf(compareLines(a, b), b.length);
  const parts: string[] = [];
  let size = 0;
  const hunks = grouped(changes);
  for (const hunk of hunks) {
    const text = writeHunk(a, b, hunk, skipped, room - size);
    if (text === undefined) break;
    parts.push(text);
    size += text.length;
  }
  const shown = parts.length;
  const [first] = hunks;
  if (shown === 0 && first) parts.push((writeHunk(a, b, first, skipped) ?? "").slice(0, Math.max(0, room)));
  const added = changes.reduce((sum, { b: start, bEnd }) => sum + bEnd - start, 0);
  const removed = changes.reduce((sum, { a: start, aEnd }) => sum + aEnd - start, 0);
  return { text: parts.join(""), hunks: hunks.length, shown, added, removed };
}

interface Around {
  readonly head: string;
  readonly skipped: number;
  readonly room: number;
}

function allReplaced(a: string, b: string, { head, skipped, room }: Around): UnifiedDiff {
  const removed = countLines(a);
  const added = countLines(b);
  const start = `@@ -${range(skipped, skipped + removed)} +${range(skipped, skipped + added)} @@\n`;
  const lines = linesOf(a.slice(0, room)).map((line) => `-${line}`);
  const text = head + (start + lines.join("")).slice(0, room);
  return { text, hunks: 1, shown: 0, added, removed };
}

const countLines = (text: string) => countBreaks(text) + (text === "" || text.endsWith("\n") ? 0 : 1);

/** Lines with their ends: a last one without differs from one with. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** A name that is no part of the diff's own signs, whatever is in it. */
const headName = (name: string) => (/[\p{C}"\\]/u.test(name) ? JSON.stringify(name) : name);

/** Lines from `a` to before `aEnd` are replaced by those from `b` to before `bEnd`. */
interface Change {
  readonly a: number;
  readonly aEnd: number;
  readonly b: number;
  readonly bEnd: number;
}

function changesOf(kept: Kept, length: number): Change[] {
  const changes: Change[] = [];
  let [a, b] = [0, 0];
  const close = (aEnd: number, bEnd: number) => {
    if (aEnd > a || bEnd > b) changes.push({ a, aEnd, b, bEnd });
    [a, b] = [aEnd + 1, bEnd + 1];
  };
  for (const [at, other] of kept.entries()) if (other !== -1) close(at, other);
  close(kept.length, length);
  return changes;
}

/** Changes that are so near to each other that their context touches. */
function grouped(changes: readonly Change[]): Change[][] {
  const groups: Change[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const change of changes) {
    const last = groups.at(-1);
    if (last && change.a - end <= 2 * CONTEXT) last.push(change);
    else groups.push([change]);
    end = change.aEnd;
  }
  return groups;
}

/** @returns undefined when it has more characters than there is room for */
function writeHunk(
  a: readonly string[],
  b: readonly string[],
  changes: readonly Change[],
  skipped: number,
  room = Number.POSITIVE_INFINITY,
): string | undefined {
  const [first] = changes;
  const last = changes.at(-1);
  if (!first || !last) return "";
  const start = Math.max(0, first.a - CONTEXT);
  const end = Math.min(a.length, last.aEnd + CONTEXT);
  const startB = first.b - (first.a - start);
  const endB = last.bEnd + (end - last.aEnd);
  const lines: string[] = [
    `@@ -${range(skipped + start, skipped + end)} +${range(skipped + startB, skipped + endB)} @@\n`,
  ];
  let size = 0;
  const write = (sign: string, list: readonly string[], from: number, to: number) => {
    for (let at = from; at < to && size <= room; at += 1) {
      const line = list[at] ?? "";
      lines.push(`${sign}${line}${line.endsWith("\n") ? "" : "\n\\ No newline at end of file\n"}`);
      size += line.length + 1;
    }
  };
  let at = start;
  for (const change of changes) {
    write(" ", a, at, change.a);
    write("-", a, change.a, change.aEnd);
    write("+", b, change.b, change.bEnd);
    at = change.aEnd;
  }
  write(" ", a, at, end);
  const text = lines.join("");
  return text.length > room ? undefined : text;
}

/** `7,3`; `7` for one line; for none, the line before. */
function range(start: number, end: number): string {
  const count = end - start;
  if (count === 0) return `${start},0`;
  return count === 1 ? `${start + 1}` : `${start + 1},${count}`;
}
