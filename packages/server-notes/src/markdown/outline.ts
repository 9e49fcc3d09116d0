import { bodyStartOf } from "./front-matter.ts";
import { lineAt } from "./text.ts";

/** A heading, and where its own lines stand in the text. */
export interface Heading {
  readonly level: number;
  /** As it is written, without its marks. */
  readonly text: string;
  /** Of its first line, from 1. */
  readonly line: number;
  readonly start: number;
  /** After the line end of its last line. */
  readonly end: number;
}

/** The blocks of a note, as far as sections, links and tags need them. */
export interface Outline {
  readonly bodyStart: number;
  readonly headings: readonly Heading[];
  /** Ranges of whole lines in which nothing is Markdown: code, HTML, comments. Ascending. */
  readonly opaque: readonly (readonly [start: number, end: number])[];
}

const QUOTE = /^(?: {0,3}> ?)+/;
const ITEM = /^[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|$)/;
const FENCE = /^[ \t]*(`{3,}(?=[^`]*$)|~{3,})/;
const ATX = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/;
const UNDERLINE = /^ {0,3}(=+|-+)[ \t]*$/;
const RULE = /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/;
const RAW_HTML = /^ {0,3}<(script|pre|style|textarea)(?=[\s>]|$)/i;
const BLOCK_HTML =
  /^ {0,3}<\/?(?:address|article|aside|base|blockquote|body|center|col|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|nav|ol|option|p|section|summary|table|tbody|td|tfoot|th|thead|title|tr|ul)(?=[\s/>]|$)/i;

/** What the scan is inside of. */
interface State {
  fence: { readonly mark: string; readonly quoted: boolean; readonly inItem: boolean } | undefined;
  /** HTML until a line that matches. */
  html: RegExp | undefined;
  /** The plain paragraph that a line of dashes or equals signs would turn into a heading. */
  paragraph: { readonly start: number; readonly line: number } | undefined;
  inList: boolean;
  afterBlank: boolean;
}

/** Reads the blocks of CommonMark that matter here, in one pass over the lines. */
export function outlineOf(text: string): Outline {
  const bodyStart = bodyStartOf(text);
  const headings: Heading[] = [];
  const opaque: [number, number][] = [];
  const state: State = { fence: undefined, html: undefined, paragraph: undefined, inList: false, afterBlank: true };
  let line = lineAt(text, bodyStart) - 1;
  for (let start = bodyStart; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline + 1;
    line += 1;
    const raw = withoutEnd(text, start, end);
    const setext = setextHeading(raw, state, text, start, end);
    if (setext) headings.push(setext);
    else if (isOpaque(raw, state)) opaque.push([start, end]);
    else {
      const atx = atxHeading(raw, state);
      if (atx) headings.push({ level: atx.level, text: atx.text, line, start, end });
      else follow(raw, state, start, line);
    }
    state.afterBlank = raw.trim() === "";
    start = end;
  }
  return { bodyStart, headings, opaque };
}

function withoutEnd(text: string, start: number, end: number): string {
  if (text[end - 1] !== "\n") return text.slice(start, end);
  return text.slice(start, end - 1 > start && text[end - 2] === "\r" ? end - 2 : end - 1);
}

/** Whether the line belongs to code, HTML or a comment; follows where these begin and end. */
function isOpaque(raw: string, state: State): boolean {
  const inner = raw.includes(">") ? raw.replace(QUOTE, "") : raw;
  const quoted = inner.length !== raw.length;
  if (state.fence) {
    const { fence } = state;
    // A quote or a list item that ends takes the code inside of it along.
    const isLeft = (fence.quoted && !quoted) || (fence.inItem && /^[^ \t]/.test(inner));
    const closes = inner.trim().startsWith(fence.mark) && /^(`+|~+)$/.test(inner.trim());
    if (closes || isLeft) state.fence = undefined;
    if (!isLeft) return true;
  }
  if (state.html) {
    if (state.html.test(raw)) state.html = undefined;
    return true;
  }
  const content = inner.replace(ITEM, "");
  const [, mark] = /```|~~~/.test(content) ? (FENCE.exec(content) ?? []) : [];
  if (mark !== undefined && (state.inList || content !== inner || !/^(?: {4}|\t)/.test(inner))) {
    if (content !== inner) state.inList = true;
    state.fence = { mark, quoted, inItem: content !== inner || (state.inList && /^(?: {2}|\t)/.test(inner)) };
    state.paragraph = undefined;
    return true;
  }
  const isIndented = /^(?: {4}|\t)\s*\S/.test(inner);
  if (isIndented && !state.inList && !state.paragraph) return true;
  return beginsHtml(raw, state);
}

function beginsHtml(raw: string, state: State): boolean {
  if (!raw.includes("<")) return false;
  const [, tag] = RAW_HTML.exec(raw) ?? [];
  const until = /^ {0,3}<!--/.test(raw)
    ? /-->/
    : tag !== undefined
      ? new RegExp(`</${tag}>`, "i")
      : BLOCK_HTML.test(raw)
        ? /^\s*$/
        : undefined;
  if (!until) return false;
  if (!until.test(raw)) state.html = until;
  state.paragraph = undefined;
  return true;
}

function atxHeading(raw: string, state: State): Pick<Heading, "level" | "text"> | undefined {
  const [, marks, rest = ""] = raw.includes("#") ? (ATX.exec(raw) ?? []) : [];
  // Indented inside of a list item it is that item's, and begins no section.
  if (marks === undefined || (state.inList && raw.startsWith(" "))) return undefined;
  state.inList = false;
  state.paragraph = undefined;
  return { level: marks.length, text: withoutClosing(rest.trim()) };
}

/** `## Goals ##` may be closed; the closing marks stand alone or after a blank. */
export function withoutClosing(text: string): string {
  let end = text.length;
  while (text[end - 1] === "#") end -= 1;
  const isClosed = end < text.length && (end === 0 || text[end - 1] === " " || text[end - 1] === "\t");
  return isClosed ? text.slice(0, end).trimEnd() : text;
}

function setextHeading(raw: string, state: State, text: string, at: number, end: number): Heading | undefined {
  const { paragraph } = state;
  if (!paragraph || state.fence || state.html) return undefined;
  const [, marks] = UNDERLINE.exec(raw) ?? [];
  if (marks === undefined) return undefined;
  state.paragraph = undefined;
  const words = text.slice(paragraph.start, at).trim().replace(/\s+/g, " ");
  return { level: marks.startsWith("=") ? 1 : 2, text: words, line: paragraph.line, start: paragraph.start, end };
}

/** Follows lists and paragraphs, which decide what the next line means. */
function follow(raw: string, state: State, start: number, line: number): void {
  const begins = raw.trim() !== "" && !RULE.test(raw) && !QUOTE.test(raw);
  if (ITEM.test(raw) && !RULE.test(raw)) state.inList = true;
  else if (begins && state.afterBlank && !/^[ \t]/.test(raw)) state.inList = false;
  if (!begins || state.inList) state.paragraph = undefined;
  else state.paragraph ??= { start, line };
}
