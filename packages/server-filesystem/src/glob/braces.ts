import { PatternError } from "./pattern-error.ts";

/** Most patterns that a pattern with braces may expand to, and most characters in all of them. */
const MOST = 1000;
const MOST_CHARACTERS = 20_000;

/**
 * Expands a pattern with `{a,b}`. As in shells, braces without a comma are literal. @throws PatternError when braces
 * are unclosed, contain a range, or expand to too many patterns
 */
export function expandBraces(pattern: string): readonly string[] {
  if (!pattern.includes("{")) return [pattern];
  return sequence(pattern, 0, 0).found;
}

interface Expanded {
  readonly found: readonly string[];
  readonly end: number;
}

/** Deeper than anybody nests braces. */
const MOST_DEEP = 20;

/** Reads to the end, or within braces to the end of an alternative. */
function sequence(pattern: string, start: number, depth: number): Expanded {
  let found: readonly string[] = [""];
  let at = start;
  while (at < pattern.length) {
    const sign = pattern[at] ?? "";
    if (depth > 0 && (sign === "," || sign === "}")) break;
    if (sign === "{") {
      const inner = alternatives(pattern, at, depth + 1);
      found = limited(found.flatMap((head) => inner.found.map((tail) => head + tail)));
      at = inner.end;
      continue;
    }
    const length = literalLength(pattern, at);
    const text = pattern.slice(at, at + length);
    found = found.map((head) => head + text);
    at += length;
  }
  return { found: limited(found), end: at };
}

function alternatives(pattern: string, open: number, depth: number): Expanded {
  if (depth > MOST_DEEP) throw new PatternError(`its braces are nested more than ${MOST_DEEP} deep`);
  const all: (readonly string[])[] = [];
  let at = open;
  do {
    const { found, end } = sequence(pattern, at + 1, depth);
    all.push(found);
    at = end;
  } while (pattern[at] === ",");
  if (pattern[at] !== "}") {
    throw new PatternError(`the { at character ${open + 1} is never closed with }. Write \\{ for the character itself`);
  }
  const [only] = all;
  if (all.length > 1 || !only) return { found: limited(all.flat()), end: at + 1 };
  if (/^-?\w+\.\.-?\w+$/.test(only[0] ?? "")) {
    throw new PatternError("ranges in braces are not supported: write {1,2,3} instead of {1..3}");
  }
  return { found: only.map((text) => `\\{${text}\\}`), end: at + 1 };
}

/** An escaped character, a set, or one code unit. */
function literalLength(pattern: string, at: number): number {
  if (pattern[at] === "\\") return 2;
  if (pattern[at] !== "[") return 1;
  const set = /^\[[!^]?\]?(?:\\.|[^\]\\])*\]/s.exec(pattern.slice(at));
  return set?.[0].length ?? 1;
}

function limited(found: readonly string[]): readonly string[] {
  let characters = 0;
  for (const text of found) characters += text.length;
  if (found.length <= MOST && characters <= MOST_CHARACTERS) return found;
  throw new PatternError(`its braces stand for more than ${MOST} patterns or ${MOST_CHARACTERS} characters`);
}
