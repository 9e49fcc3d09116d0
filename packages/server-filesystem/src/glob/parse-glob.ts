import { PatternError } from "./pattern-error.ts";
import { ANY, type CharacterClass, STAR, type Token } from "./segment.ts";

/** `**` between slashes: any number of directories. */
export const GLOBSTAR = "globstar";
export type GlobPart = typeof GLOBSTAR | readonly Token[];

const POSIX: Readonly<Record<string, CharacterClass["ranges"]>> = {
  alnum: [
    [48, 57],
    [65, 90],
    [97, 122],
  ],
  alpha: [
    [65, 90],
    [97, 122],
  ],
  blank: [
    [9, 9],
    [32, 32],
  ],
  cntrl: [
    [0, 31],
    [127, 127],
  ],
  digit: [[48, 57]],
  graph: [[33, 126]],
  lower: [[97, 122]],
  print: [[32, 126]],
  punct: [
    [33, 47],
    [58, 64],
    [91, 96],
    [123, 126],
  ],
  space: [
    [9, 13],
    [32, 32],
  ],
  upper: [[65, 90]],
  xdigit: [
    [48, 57],
    [65, 70],
    [97, 102],
  ],
};

/** Splits a pattern without braces at its slashes. @throws PatternError for a set that does not end */
export function parseParts(pattern: string): GlobPart[] {
  const parts: GlobPart[] = [];
  let tokens: Token[] = [];
  let at = 0;
  const endPart = () => {
    if (tokens.length === 2 && tokens.every((token) => token === STAR)) parts.push(GLOBSTAR);
    // Several stars in a row mean the same as one, and would only be slower.
    else if (tokens.length > 0)
      parts.push(tokens.filter((token, index) => token !== STAR || tokens[index - 1] !== STAR));
    tokens = [];
  };
  while (at < pattern.length) {
    const point = pattern.codePointAt(at) ?? 0;
    const sign = String.fromCodePoint(point);
    at += sign.length;
    if (sign === "/") endPart();
    else if (sign === "*") tokens.push(STAR);
    else if (sign === "?") tokens.push(ANY);
    else if (sign === "[") {
      const { set, end } = parseClass(pattern, at);
      tokens.push(set);
      at = end;
    } else if (sign === "\\") {
      const escaped = pattern.codePointAt(at);
      if (escaped === undefined) throw new PatternError("it ends in a backslash, which escapes nothing");
      tokens.push(escaped);
      at += String.fromCodePoint(escaped).length;
    } else tokens.push(point);
  }
  endPart();
  return parts;
}

/** @param start after the opening bracket */
function parseClass(pattern: string, start: number): { readonly set: CharacterClass; readonly end: number } {
  const ranges: (readonly [number, number])[] = [];
  const negated = pattern[start] === "!" || pattern[start] === "^";
  let at = negated ? start + 1 : start;
  const first = at;
  const next = () => {
    if (pattern[at] === "\\") at += 1;
    const point = pattern.codePointAt(at);
    if (point === undefined) throw unclosed(start);
    at += String.fromCodePoint(point).length;
    return point;
  };
  // A closing bracket that comes first is a character of the set.
  while (pattern[at] !== "]" || at === first) {
    const named = /^\[:([a-z]+):\]/.exec(pattern.slice(at, at + 12));
    const posix = POSIX[named?.[1] ?? ""];
    if (named && posix) {
      ranges.push(...posix);
      at += named[0].length;
      continue;
    }
    const from = next();
    if (pattern[at] !== "-" || pattern[at + 1] === "]" || at + 1 >= pattern.length) {
      ranges.push([from, from]);
      continue;
    }
    at += 1;
    ranges.push([from, next()]);
  }
  return { set: { negated, ranges }, end: at + 1 };
}

const unclosed = (start: number) =>
  new PatternError(`the [ at character ${start} is never closed with ]. Write \\[ for the character itself`);
