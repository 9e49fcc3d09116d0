import { beginsBlock, HEADING, listItem, type OpenBlock, openBlock, RULE } from "./blocks.ts";
import { bodyStartOf } from "./front-matter/front-matter.ts";
import { lineAt } from "./text.ts";

/** A heading, and the position of its own lines in the text. */
export interface Heading {
  readonly level: number;
  /** As written, without its marks. */
  readonly text: string;
  /** Number of its first line, from 1. */
  readonly line: number;
  readonly start: number;
  /** After the line end of its last line. */
  readonly end: number;
}

/** The blocks of a note, as far as sections, links and tags need them. */
export interface Outline {
  readonly bodyStart: number;
  readonly headings: readonly Heading[];
  /** Ranges of whole lines in which nothing is Markdown: code, math, HTML, comments. Ascending. */
  readonly opaque: readonly (readonly [start: number, end: number])[];
}

const QUOTE = /^(?: {0,3}> ?)+/;
const UNDERLINE = /^ {0,3}(=+|-+)[ \t]*$/;
/** The first characters of lines that may be more than text. */
const SPECIAL = /[-+*_#`~$<=\d]/;

/** The block structure around the current line. */
interface State {
  block: OpenBlock | undefined;
  /** Number of quotes around the line. */
  depth: number;
  /** Columns at which the contents of the open list items begin, outermost first. */
  readonly items: number[];
  /** The plain paragraph that a line of dashes or equals signs would turn into a heading. */
  paragraph: { readonly start: number; readonly line: number } | undefined;
  /** Whether the line before is paragraph text, which an indented line continues. */
  isText: boolean;
  afterBlank: boolean;
}

/** A line: raw text, its offsets and number. */
interface Line {
  readonly raw: string;
  readonly start: number;
  readonly end: number;
  readonly number: number;
}

/** Reads the relevant blocks of CommonMark, in one pass over the lines. */
export function outlineOf(text: string): Outline {
  const bodyStart = bodyStartOf(text);
  const headings: Heading[] = [];
  const opaque: [number, number][] = [];
  const state: State = {
    block: undefined,
    depth: 0,
    items: [],
    paragraph: undefined,
    isText: false,
    afterBlank: true,
  };
  let number = lineAt(text, bodyStart) - 1;
  for (let start = bodyStart; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline + 1;
    number += 1;
    const raw = withoutEnd(text, start, end);
    const found = setextHeading(raw, state, text, start, end) ?? readLine({ raw, start, end, number }, state);
    if (found === "opaque") opaque.push([start, end]);
    else if (found !== "text") headings.push(found);
    state.afterBlank = raw.trim() === "";
    start = end;
  }
  return { bodyStart, headings, opaque };
}

function withoutEnd(text: string, start: number, end: number): string {
  if (text[end - 1] !== "\n") return text.slice(start, end);
  return text.slice(start, end - 1 > start && text[end - 2] === "\r" ? end - 2 : end - 1);
}

function readLine(line: Line, state: State): Heading | "opaque" | "text" {
  const { inner, depth } = unquoted(line.raw, state.block?.depth ?? Number.POSITIVE_INFINITY);
  const { columns, at } = indentOf(inner);
  const isBlank = at === inner.length;
  if (state.block && goesOn(state.block, { inner, depth, columns, isBlank }, state)) return "opaque";
  if (depth !== state.depth) leaveContainers(state, depth);
  if (isBlank) {
    state.isText = false;
    state.paragraph = undefined;
    return "text";
  }
  leaveItems(state, columns, inner);
  const base = state.items.at(-1) ?? 0;
  if (columns - base >= 4) return state.isText ? "text" : "opaque";
  if (!SPECIAL.test(inner[at] ?? "")) return plainText(line, state);
  return readContent(line, inner.slice(at), columns, state);
}

/** Continues the open block, and closes it at its end. @returns whether the line belongs to it */
function goesOn(
  block: OpenBlock,
  line: { inner: string; depth: number; columns: number; isBlank: boolean },
  state: State,
): boolean {
  const { inner, depth, columns, isBlank } = line;
  if (depth === block.depth && (isBlank || columns >= block.column)) {
    if (block.isEnd(inner, columns - block.column)) state.block = undefined;
    return true;
  }
  // As in Obsidian, a line outside the quote or item continues the block until there is a blank line.
  if (!isBlank && !state.afterBlank && !beginsBlock(inner.trimStart())) return true;
  state.block = undefined;
  return false;
}

function leaveContainers(state: State, depth: number): void {
  state.depth = depth;
  state.items.length = 0;
  state.paragraph = undefined;
  state.isText = false;
}

function leaveItems(state: State, columns: number, inner: string): void {
  if (columns >= (state.items.at(-1) ?? 0)) return;
  // A line of text continues the item's paragraph, whatever its indentation.
  if (state.isText && !beginsBlock(inner.trimStart())) return;
  while (columns < (state.items.at(-1) ?? 0)) state.items.pop();
  state.isText = false;
}

/** Reads the content of a line after quotes and indentation: list marks, then what begins there. */
function readContent(line: Line, content: string, column: number, state: State): Heading | "opaque" | "text" {
  let rest = content;
  for (let nested = 0; nested < MOST_NESTED; nested += 1) {
    const item = RULE.test(rest) ? undefined : listItem(rest, column, state.isText && state.items.length === 0);
    if (!item) break;
    state.items.push(item.column);
    state.isText = false;
    state.paragraph = undefined;
    if (item.isCode) return "opaque";
    rest = rest.slice(item.length);
    column = item.column;
  }
  const block = openBlock(rest, state);
  if (block) {
    state.block = block === "line" ? undefined : block;
    state.paragraph = undefined;
    state.isText = false;
    return "opaque";
  }
  const [, marks, words = ""] = HEADING.exec(rest) ?? [];
  if (marks === undefined && !RULE.test(rest)) return plainText(line, state, rest !== "");
  state.isText = false;
  state.paragraph = undefined;
  // A heading inside a quote or list item does not begin a section.
  if (marks === undefined || state.depth > 0 || state.items.length > 0) return "text";
  const { number, start, end } = line;
  return { level: marks.length, text: withoutClosing(words.trim()), line: number, start, end };
}

/** Each list mark in a line opens an item; nobody nests more. */
const MOST_NESTED = 32;

function plainText(line: Line, state: State, isText = true): "text" {
  state.isText = isText;
  if (state.depth > 0 || state.items.length > 0) state.paragraph = undefined;
  else state.paragraph ??= { start: line.start, line: line.number };
  return "text";
}

function unquoted(raw: string, most: number): { readonly inner: string; readonly depth: number } {
  if (most === 0 || !raw.includes(">")) return { inner: raw, depth: 0 };
  const [marks = ""] = QUOTE.exec(raw) ?? [];
  let depth = 0;
  let at = 0;
  for (let mark = marks.indexOf(">"); mark !== -1 && depth < most; mark = marks.indexOf(">", mark + 1)) {
    depth += 1;
    at = mark + (marks[mark + 1] === " " ? 2 : 1);
  }
  return { inner: raw.slice(at), depth };
}

/** The indentation of a line: in columns, with tab stops every four, and in characters. */
function indentOf(text: string): { readonly columns: number; readonly at: number } {
  let columns = 0;
  let at = 0;
  for (; at < text.length; at += 1) {
    if (text[at] === " ") columns += 1;
    else if (text[at] === "\t") columns += 4 - (columns % 4);
    else break;
  }
  return { columns, at };
}

/** `## Goals ##` may be closed; the closing marks are alone or follow a blank. */
export function withoutClosing(text: string): string {
  let end = text.length;
  while (text[end - 1] === "#") end -= 1;
  const isClosed = end < text.length && (end === 0 || text[end - 1] === " " || text[end - 1] === "\t");
  return isClosed ? text.slice(0, end).trimEnd() : text;
}

function setextHeading(raw: string, state: State, text: string, at: number, end: number): Heading | undefined {
  const { paragraph } = state;
  if (!paragraph || state.block) return undefined;
  const [, marks] = UNDERLINE.exec(raw) ?? [];
  if (marks === undefined) return undefined;
  state.paragraph = undefined;
  state.isText = false;
  const words = text.slice(paragraph.start, at).trim().replace(/\s+/g, " ");
  return { level: marks.startsWith("=") ? 1 : 2, text: words, line: paragraph.line, start: paragraph.start, end };
}
