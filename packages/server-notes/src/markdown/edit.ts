import { ToolError } from "@org/server-kit";
import { findSection } from "./headings.ts";
import { outlineOf } from "./outline.ts";
import { lineEndOf, withLineEnds, withoutMark } from "./text.ts";

/** Appends to the note, or to a section including its subsections. */
export function append(text: string, content: string, section?: string): string {
  if (section === undefined) return insertAt(text, endOfText(text, 0, text.length), content);
  const { heading, end } = findSection(text, outlineOf(text), section);
  return insertAt(text, endOfText(text, heading.end, end), content);
}

/** Inserts at the beginning: after the front matter, or directly below a section's heading. */
export function prepend(text: string, content: string, section?: string): string {
  if (section !== undefined) return insertAfterHeading(text, content, section);
  const { bodyStart } = outlineOf(text);
  return insertAt(text, skipBlank(text, bodyStart), content);
}

/** Inserts directly below a heading, before the existing content. */
export function insertAfterHeading(text: string, content: string, section: string): string {
  const { heading, end } = findSection(text, outlineOf(text), section);
  return insertAt(text, Math.min(skipBlank(text, heading.end), end), content);
}

/** Replaces the content below a heading, subsections included; the heading and the blank lines around it stay. */
export function replaceSection(text: string, content: string, section: string): string {
  const { heading, end } = findSection(text, outlineOf(text), section);
  const lineEnd = lineEndOf(text);
  const old = text.slice(heading.end, end);
  const tail = text.slice(end);
  const head = text.slice(0, heading.end);
  const open = head.endsWith("\n") ? head : head + lineEnd;
  const fresh = trimBlank(withoutHeading(withLineEnds(withoutMark(content), lineEnd), heading.level, heading.text));
  const gap = tail === "" ? "" : lineEnd;
  if (fresh === "") return open + gap + tail;
  if (old.trim() === "") return `${open}${lineEnd}${fresh}${lineEnd}${gap}${tail}`;
  const above = old.slice(0, skipBlank(old, 0));
  const below = old.slice(old.trimEnd().length).replace(/^[ \t]+/, "");
  return open + above + fresh + below + tail;
}

/** Models often repeat the heading of the section that they write; it must not appear twice. */
function withoutHeading(content: string, level: number, heading: string): string {
  const trimmed = content.slice(skipBlank(content, 0));
  const [first] = outlineOf(trimmed).headings;
  const repeats = first?.start === 0 && first.level === level && first.text === heading;
  return repeats ? trimmed.slice(first.end) : content;
}

const trimBlank = (text: string) => text.slice(skipBlank(text, 0)).trimEnd();

/** Where the text between two offsets ends, after the line end of its last line that is not blank. */
function endOfText(text: string, start: number, end: number): number {
  const kept = text.slice(start, end).trimEnd().length;
  if (kept === 0) return start;
  const newline = text.indexOf("\n", start + kept);
  return newline === -1 || newline >= end ? end : newline + 1;
}

/** Line by line: a single pattern for all of them overflows the stack on megabytes of blank lines. */
function skipBlank(text: string, start: number): number {
  const blankLine = /[ \t]*\r?\n/y;
  blankLine.lastIndex = start;
  let end = start;
  while (blankLine.test(text)) end = blankLine.lastIndex;
  return end;
}

const BLANK_LINE = /(?:^|\n)[ \t]*\r?\n$/;
const ITEM = /^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]/;
const ROW = /^[ \t]*\|/;
const HEADING = /^ {0,3}#{1,6}[ \t]/;

/** Inserts whole lines between the text before and after, with a blank line between blocks of different kinds. */
function insertAt(text: string, at: number, content: string): string {
  if (content.trim() === "") throw new ToolError("invalid_input", "content is empty. Pass the Markdown to add.");
  const lineEnd = lineEndOf(text);
  const added = trimBlank(withLineEnds(withoutMark(content), lineEnd));
  const [head, tail] = [text.slice(0, at), text.slice(at)];
  const open = head === "" || head.endsWith("\n") ? head : head + lineEnd;
  const above = open.trimEnd().slice(open.trimEnd().lastIndexOf("\n") + 1);
  const [below = ""] = tail.split(/\r?\n/, 1);
  const isStart = at === outlineOf(text).bodyStart;
  const tight = isStart || BLANK_LINE.test(open) || continues(above, added) || HEADING.test(above);
  const lastLine = added.slice(added.lastIndexOf("\n") + 1);
  const gap = below.trim() === "" || continues(lastLine, below) ? "" : lineEnd;
  return `${open}${tight ? "" : lineEnd}${added}${lineEnd}${gap}${tail}`;
}

/** Whether a line continues the list or table of the line before. */
function continues(line: string, next: string): boolean {
  return (ITEM.test(line) && ITEM.test(next)) || (ROW.test(line) && ROW.test(next));
}
