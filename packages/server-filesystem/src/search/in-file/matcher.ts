import { PatternError } from "../../glob/pattern-error.ts";
import { withinLines } from "./expression.ts";

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
  /** Whether there can be a match in UTF-8 bytes; false is sure. */
  mayMatch(bytes: Buffer): boolean;
  /** The first match in a text of whole lines at or behind `from`, which is where a line begins. */
  find(text: string, from: number): Span | undefined;
}

const MAX_LENGTH = 4000;

/** @throws PatternError */
export function createMatcher({ query, regex, caseSensitive }: Query): Matcher {
  if (query === "") throw new PatternError("it is empty");
  if (query.length > MAX_LENGTH) throw new PatternError(`it is longer than ${MAX_LENGTH} characters`);
  if (!regex && /[\r\n]/.test(query)) throw new PatternError("it holds a line break, but a match lies within one line");
  if (!regex && caseSensitive) return literal(query);
  // Case is folded by the expression's own rules, which know all scripts.
  const source = regex ? query : query.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&").replaceAll("\\-", "\\x2d");
  const flags = caseSensitive ? "gm" : "gim";
  const original = compile(source, flags);
  const rewritten = regex ? withinLines(source) : source;
  return rewritten === undefined ? byLine(original) : whole(compile(rewritten, flags));
}

function literal(query: string): Matcher {
  const bytes = Buffer.from(query);
  return {
    mayMatch: (text) => text.indexOf(bytes) !== -1,
    find(text, from) {
      const start = text.indexOf(query, from);
      return start === -1 ? undefined : { start, end: start + query.length };
    },
  };
}

/** As Unicode has it where that can be, and as it always was for what Unicode's stricter rules refuse (`\-`, `\_`). */
function compile(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, `${flags}u`);
  } catch {
    // Tried without below, whose message is the one to tell.
  }
  try {
    return new RegExp(source, flags);
  } catch (error) {
    const told = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, "") : "";
    throw new PatternError(`it is no JavaScript regular expression: ${told.replace(/[\n\r]/g, " ").slice(-200)}`);
  }
}

const always = () => true;

function whole(expression: RegExp): Matcher {
  return {
    mayMatch: always,
    find(text, from) {
      expression.lastIndex = from;
      const match = expression.exec(text);
      return match ? { start: match.index, end: match.index + match[0].length } : undefined;
    },
  };
}

function byLine(expression: RegExp): Matcher {
  return {
    mayMatch: always,
    find(text, from) {
      for (let start = from; start < text.length; ) {
        const found = text.indexOf("\n", start);
        const end = found === -1 ? text.length : found;
        expression.lastIndex = 0;
        const match = expression.exec(text.slice(start, end));
        if (match) return { start: start + match.index, end: start + match.index + match[0].length };
        start = end + 1;
      }
      return undefined;
    },
  };
}
