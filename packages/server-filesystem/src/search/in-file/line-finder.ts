import type { Matcher, Span } from "./matcher.ts";

/** A matching line, or one around it. */
export interface Line {
  /** Counted from 1. */
  readonly number: number;
  readonly text: string;
  readonly isMatch: boolean;
}

export interface LineFinder {
  /** Searches the next lines of the file. @returns whether to continue */
  feed(text: string): boolean;
  /** Skips lines without a match; only allowed while none of them is needed as context. */
  skip(bytes: Buffer): void;
  /** Whether only the context of the next match is still needed. */
  readonly idle: boolean;
  readonly lines: readonly Line[];
  readonly matches: number;
  /** The line of the first match that did not fit. */
  readonly next: number | undefined;
  /** The line number of the first line of the next text. */
  readonly number: number;
}

/** What is wanted of a file: its matching lines, whether it has any, or how many. */
export type MatchOutput = "lines" | "files" | "counts";

export interface LineOptions {
  readonly wanted: MatchOutput;
  /** Lines shown around each match. */
  readonly context: number;
  /** The first line that may match. */
  readonly from: number;
  /** Matches whose lines are kept. */
  readonly limit: number;
}

/** Characters of a line that are shown. */
const SHOWN = 400;
/** Of these, the characters before the match. */
const BEFORE = 100;

/** Finds the matching lines in a file that arrives in pieces of whole lines. */
export function createLineFinder(matcher: Matcher, options: LineOptions): LineFinder {
  const { wanted, context, from, limit } = options;
  const lines: Line[] = [];
  let matches = 0;
  let next: number | undefined;
  /** The number of the first line of the text. */
  let number = 1;
  /** The last lines of the previous text, as context for a match at the start of this one. */
  let tail: readonly string[] = [];
  /** The lines of the current text as they are in the file, where the text was normalized; the first has `number`. */
  let originals: readonly string[] | undefined;
  let lastShown = 0;
  /** Lines still to be shown after the last match. */
  let behind = 0;

  function show(at: number, text: string, span?: Span): void {
    const original = originals?.[at - number] ?? text;
    // In a normalized line, positions differ slightly from the original, which is longer.
    const scale = original.length / Math.max(1, text.length);
    const place = span && { start: Math.round(span.start * scale), end: Math.round(span.end * scale) };
    lines.push({ number: at, text: cut(original, place), isMatch: span !== undefined });
    lastShown = at;
  }

  /** Shows lines from `start`, before `end`, that follow a match. @returns where it stopped */
  function showBehind(text: string, start: number, at: number, end: number): void {
    let [position, line] = [start, at];
    for (; behind > 0 && position < end; behind -= 1) {
      const stop = endOf(text, position);
      show(line, text.slice(position, stop));
      position = stop + 1;
      line += 1;
    }
  }

  function showBefore(text: string, start: number, at: number): void {
    const found: string[] = [];
    let position = start;
    while (found.length < context && position > 0 && at - found.length - 1 > lastShown) {
      const begin = position === 1 ? 0 : text.lastIndexOf("\n", position - 2) + 1;
      found.push(text.slice(begin, position - 1));
      position = begin;
    }
    const earlier = tail.toReversed();
    for (let index = 0; position === 0 && found.length < context && at - found.length - 1 > lastShown; index += 1) {
      const line = earlier[index];
      if (line === undefined) break;
      found.push(line);
    }
    for (const [index, line] of found.reverse().entries()) show(at - found.length + index, line);
  }

  return {
    lines,
    get matches() {
      return matches;
    },
    get next() {
      return next;
    },
    get number() {
      return number;
    },
    get idle() {
      return behind === 0;
    },
    skip(bytes) {
      for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) number += 1;
      if (context > 0) tail = [...tail, ...linesAtEnd(bytes, context)].slice(-context);
    },
    feed(given) {
      // A line is matched and shown without its line end: \r before \n is not part of it.
      const asWritten = given.includes("\r\n") ? given.replaceAll("\r\n", "\n") : given;
      const text = matcher.composes ? composed(asWritten) : asWritten;
      originals = text === asWritten ? undefined : asWritten.split("\n");
      let position = 0;
      let line = number;
      for (;;) {
        const span = position < text.length ? matcher.find(text, position) : undefined;
        // A line break at the end does not begin another line.
        if (!span || (span.start === text.length && text.endsWith("\n"))) break;
        const start = span.start === 0 ? 0 : text.lastIndexOf("\n", span.start - 1) + 1;
        const at = line + breaksBetween(text, position, start);
        const stop = endOf(text, span.start);
        if (at >= from && wanted !== "lines") {
          matches += 1;
          if (wanted === "files") return false;
        } else if (at >= from) {
          showBehind(text, position, line, start);
          if (matches === limit) {
            next = at;
            return false;
          }
          showBefore(text, start, at);
          show(at, text.slice(start, stop), { start: span.start - start, end: span.end - start });
          matches += 1;
          behind = context;
        }
        position = stop + 1;
        line = at + 1;
      }
      showBehind(text, position, line, text.length);
      number = line + (position < text.length ? breaksBetween(text, position, text.length) : 0);
      if (context > 0 && text !== "")
        tail = [...tail, ...asWritten.replace(/\n$/, "").split("\n").slice(-context)].slice(-context);
      originals = undefined;
      return true;
    },
  };
}

const endOf = (text: string, position: number) => {
  const end = text.indexOf("\n", position);
  return end === -1 ? text.length : end;
};

function breaksBetween(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", start); at !== -1 && at < end; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

function linesAtEnd(bytes: Buffer, count: number): readonly string[] {
  if (bytes.length === 0) return [];
  // The line break before the lines; -1 when there is none.
  let before = bytes.length - 1;
  for (let found = 0; found < count && before >= 0; found += 1) {
    before = before === 0 ? -1 : bytes.lastIndexOf(10, before - 1);
  }
  const text = bytes.toString("utf8", before + 1);
  return text
    .replace(/\r?\n$/, "")
    .split(/\r?\n/)
    .slice(-count);
}

/** In NFC, which text below U+0300 always is. */
const composed = (text: string): string => (/[\u0300-\uffff]/.test(text) ? text.normalize("NFC") : text);

/** Cuts a long line, such as minified code, around the match. */
function cut(text: string, span: Span = { start: 0, end: 0 }): string {
  if (text.length <= SHOWN) return text;
  const start = between(text, Math.max(0, Math.min(span.start - BEFORE, text.length - SHOWN)));
  const end = between(text, Math.min(text.length, start + SHOWN));
  return `${start > 0 ? "…" : ""}${text.slice(start, end)}${end < text.length ? "…" : ""}`;
}

/** Moves a position that would split a surrogate pair. */
const between = (text: string, at: number) => (/[\uDC00-\uDFFF]/.test(text[at] ?? "") ? at - 1 : at);
