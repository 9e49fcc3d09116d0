import { isAscii } from "node:buffer";
import { PatternError } from "../../glob/pattern-error.ts";
import { spellingHint } from "./spelling.ts";
import { withinLines } from "./within-lines.ts";

export interface Query {
  readonly query: string;
  readonly regex: boolean;
  readonly caseSensitive: boolean;
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Matcher {
  /** Whether it expects text in NFC, so that é is found in either form. */
  readonly composes: boolean;
  /** Whether UTF-8 bytes may contain a match; false is certain. */
  mayMatch(bytes: Buffer): boolean;
  /** The first match at or after `from` in a text of whole lines ending with \n; `from` must be the start of a line. */
  find(text: string, from: number): Span | undefined;
}

const MAX_LENGTH = 4000;

/** @throws PatternError */
export function createMatcher({ query, regex, caseSensitive }: Query): Matcher {
  if (query === "") throw new PatternError("it is empty");
  if (query.length > MAX_LENGTH) throw new PatternError(`it is longer than ${MAX_LENGTH} characters`);
  if (!regex && /[\r\n]/.test(query)) throw new PatternError("it contains a line break, but matches never span lines");
  const composed = query.normalize("NFC");
  if (!regex && caseSensitive) return literal(composed);
  // The expression's own case-insensitive mode knows all scripts.
  const source = regex ? composed : composed.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&").replaceAll("\\-", "\\x2d");
  const fold = caseSensitive ? "" : "i";
  // Within one line, a dot matches any character.
  const single = compile(source, `gs${fold}`);
  const rewritten = regex ? withinLines(source) : source;
  return rewritten === undefined ? byLine(single) : whole(compile(rewritten, `gm${fold}`), single);
}

function literal(query: string): Matcher {
  // Normalization costs a pass over all text that is not ASCII, so it is done only for queries that can be written in
  // two ways.
  const composes = query !== query.normalize("NFD");
  const bytes = Buffer.from(query);
  return {
    composes,
    mayMatch: (text) => text.indexOf(bytes) !== -1 || (composes && !isAscii(text)),
    find(text, from) {
      const start = text.indexOf(query, from);
      return start === -1 ? undefined : { start, end: start + query.length };
    },
  };
}

/** In Unicode mode if possible, and otherwise in the older mode, which allows more (`\-`, `\_`). */
function compile(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, `${flags}u`);
  } catch {
    // Tried below without the flag; that error message is the better one.
  }
  try {
    return new RegExp(source, flags);
  } catch (error) {
    const message = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, "") : "";
    const hint = spellingHint(source);
    const reason = message.replace(/[\n\r]/g, " ").slice(-200);
    throw new PatternError(`it is not a JavaScript regular expression: ${reason}${hint ? `. ${hint}` : ""}`);
  }
}

const always = () => true;
const spanOf = (match: RegExpExecArray, offset = 0): Span => {
  const start = offset + match.index;
  return { start, end: start + match[0].length };
};

/**
 * @param single the same for one line, where `^` and `$` would also match beside JavaScript's other line terminators
 */
function whole(expression: RegExp, single: RegExp): Matcher {
  const hasEdges = /[$^]/.test(expression.source);
  const lines = byLine(single);
  let known = "";
  let isPlain = true;
  return {
    composes: true,
    mayMatch: always,
    find(text, from) {
      if (hasEdges && text !== known) {
        known = text;
        isPlain = !/[\r\u2028\u2029]/.test(text);
      }
      if (!isPlain) return lines.find(text, from);
      expression.lastIndex = from;
      const match = expression.exec(text);
      return match ? spanOf(match) : undefined;
    },
  };
}

function byLine(expression: RegExp): Matcher {
  return {
    composes: true,
    mayMatch: always,
    find(text, from) {
      for (let start = from; start < text.length; ) {
        const found = text.indexOf("\n", start);
        const end = found === -1 ? text.length : found;
        expression.lastIndex = 0;
        const match = expression.exec(text.slice(start, end));
        if (match) return spanOf(match, start);
        start = end + 1;
      }
      return undefined;
    },
  };
}
