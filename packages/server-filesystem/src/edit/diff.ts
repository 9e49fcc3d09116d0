import { countBreaks, countLines, isSplit } from "../text/page.ts";
import { showBroken } from "../text/utf8.ts";
import { changedLines, type LineChange } from "./line-changes.ts";

/** A difference in the format of `diff -u`. */
export interface UnifiedDiff {
  /** Empty when the texts are equal; otherwise as many whole hunks as fit. */
  readonly text: string;
  readonly hunks: number;
  /** Hunks shown in full; a partial first hunk does not count. */
  readonly shown: number;
  readonly added: number;
  readonly removed: number;
  /** Whether long lines are cut around their changes. */
  readonly hasCutLines: boolean;
}

/** Lines shown around a change. */
const CONTEXT = 3;
/** Most lines that are compared one by one; beyond that, all differing lines count as replaced. */
const MOST_LINES = 3_000_000;
/** Length above which a line is cut, and the characters shown on each side of a change in it. */
const LONG = 2000;
const AROUND = 200;

/** Compares two texts line by line. @param name shown for both in the header @param room characters */
export function unifiedDiff(before: string, after: string, name: string, room: number): UnifiedDiff {
  if (before === after) return { text: "", hunks: 0, shown: 0, added: 0, removed: 0, hasCutLines: false };
  const head = `--- ${headName(name)}\n+++ ${headName(name)}\n`;
  const { start, rest } = commonLines(before, after);
  const skipped = countBreaks(before.slice(0, start));
  const a = before.slice(start, before.length - rest);
  const b = after.slice(start, after.length - rest);
  const left = room - head.length;
  const isLarge = countBreaks(a) + countBreaks(b) > MOST_LINES;
  const difference = isLarge ? allReplaced(a, b, skipped, left) : hunksOf(linesOf(a), linesOf(b), skipped, left);
  return { ...difference, text: showBroken(head + difference.text) };
}

/** Characters in common at both ends, in whole lines, not counting those shown around a change. */
function commonLines(before: string, after: string): { readonly start: number; readonly rest: number } {
  const most = Math.min(before.length, after.length);
  let same = 0;
  while (same < most && before.charCodeAt(same) === after.charCodeAt(same)) same += 1;
  let start = same;
  // The differing line, and the context above it.
  for (let line = 0; line <= CONTEXT && start > 0; line += 1)
    start = start < 2 ? 0 : before.lastIndexOf("\n", start - 2) + 1;
  let rest = 0;
  const last = most - same;
  while (rest < last && before.charCodeAt(before.length - 1 - rest) === after.charCodeAt(after.length - 1 - rest)) {
    rest += 1;
  }
  // The rest of the differing line, and the context below it.
  let from = before.length - rest;
  for (let line = 0; line <= CONTEXT && from < before.length; line += 1) {
    const end = before.indexOf("\n", from);
    from = end === -1 ? before.length : end + 1;
  }
  return { start, rest: before.length - from };
}

function hunksOf(a: readonly string[], b: readonly string[], skipped: number, room: number): UnifiedDiff {
  const changes = changedLines(a, b);
  const hunks = grouped(changes);
  const parts: string[] = [];
  let left = room;
  let hasCutLines = false;
  for (const hunk of hunks) {
    const { text, isCut } = writeHunk(a, b, hunk, skipped, left);
    if (text.length > left) {
      if (parts.length === 0) parts.push(text.slice(0, Math.max(0, room)));
      break;
    }
    parts.push(text);
    left -= text.length;
    hasCutLines ||= isCut;
  }
  const isPart = left === room;
  const added = changes.reduce((sum, { b: start, bEnd }) => sum + bEnd - start, 0);
  const removed = changes.reduce((sum, { a: start, aEnd }) => sum + aEnd - start, 0);
  const shown = isPart ? 0 : parts.length;
  return { text: parts.join(""), hunks: hunks.length, shown, added, removed, hasCutLines };
}

function allReplaced(a: string, b: string, skipped: number, room: number): UnifiedDiff {
  const removed = countLines(a);
  const added = countLines(b);
  const start = `@@ -${range(skipped, skipped + removed)} +${range(skipped, skipped + added)} @@\n`;
  const lines = linesOf(a.slice(0, room)).map((line) => `-${line}`);
  const text = (start + lines.join("")).slice(0, room);
  return { text, hunks: 1, shown: 0, added, removed, hasCutLines: false };
}

/** Lines with their line breaks: a last line without one differs from one with. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** Quotes a name so that nothing in it can be taken for diff syntax. */
const headName = (name: string) => (/[\p{C}"\\]/u.test(name) ? JSON.stringify(name) : name);

/** Groups changes that are so close that their contexts touch. */
function grouped(changes: readonly LineChange[]): LineChange[][] {
  const groups: LineChange[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const change of changes) {
    const last = groups.at(-1);
    if (last && change.a - end <= 2 * CONTEXT) last.push(change);
    else groups.push([change]);
    end = change.aEnd;
  }
  return groups;
}

/** @returns the hunk, or just enough of it to exceed the room */
function writeHunk(
  a: readonly string[],
  b: readonly string[],
  changes: readonly LineChange[],
  skipped: number,
  room: number,
): { readonly text: string; readonly isCut: boolean } {
  const first = changes[0] ?? { a: 0, aEnd: 0, b: 0, bEnd: 0 };
  const last = changes.at(-1) ?? first;
  const start = Math.max(0, first.a - CONTEXT);
  const end = Math.min(a.length, last.aEnd + CONTEXT);
  const startB = first.b - (first.a - start);
  const endB = last.bEnd + (end - last.aEnd);
  const head = `@@ -${range(skipped + start, skipped + end)} +${range(skipped + startB, skipped + endB)} @@\n`;
  const lines: string[] = [head];
  let size = head.length;
  let isCut = false;
  /** @param other the corresponding line on the other side */
  const write = (sign: string, list: readonly string[], from: number, to: number, other: (at: number) => string) => {
    for (let at = from; at < to && size <= room; at += 1) {
      const line = list[at] ?? "";
      const shown = line.length > LONG ? aroundChange(line, other(at)) : line;
      isCut ||= shown !== line;
      const written = `${sign}${shown}${line.endsWith("\n") ? "" : "\n\\ No newline at end of file\n"}`;
      lines.push(written);
      size += written.length;
    }
  };
  let at = start;
  for (const change of changes) {
    write(" ", a, at, change.a, (line) => a[line] ?? "");
    write("-", a, change.a, change.aEnd, (line) => b[change.b + line - change.a] ?? "");
    write("+", b, change.b, change.bEnd, (line) => a[change.a + line - change.b] ?? "");
    at = change.aEnd;
  }
  write(" ", a, at, end, (line) => a[line] ?? "");
  return { text: lines.join(""), isCut };
}

/** A long line cut around its difference from another; for equal lines, the beginning. */
function aroundChange(line: string, other: string): string {
  const most = Math.min(line.length, other.length);
  let same = 0;
  while (same < most && line[same] === other[same]) same += 1;
  let rest = 0;
  while (rest < most - same && line.at(-1 - rest) === other.at(-1 - rest)) rest += 1;
  const isEqual = line === other;
  const from = isEqual ? 0 : Math.max(0, same - AROUND);
  const to = isEqual ? AROUND : Math.min(line.length - rest + AROUND, from + LONG);
  const start = isSplit(line, from) ? from - 1 : from;
  const end = Math.min(line.length, isSplit(line, to) ? to + 1 : to);
  const lineEnd = line.endsWith("\n") && end < line.length ? "\n" : "";
  return `${start > 0 ? "…" : ""}${line.slice(start, end)}${end < line.length ? "…" : ""}${lineEnd}`;
}

/** `7,3`; `7` for one line; for no lines, the line before. */
function range(start: number, end: number): string {
  const count = end - start;
  if (count === 0) return `${start},0`;
  return count === 1 ? `${start + 1}` : `${start + 1},${count}`;
}
