/** Whether one name matches one part of a pattern. */
export type Segment = (name: string) => boolean;

/** A set of characters: `[a-z]`. */
export interface CharacterClass {
  readonly negated: boolean;
  /** Code points, first and last. */
  readonly ranges: readonly (readonly [first: number, last: number])[];
}

export const ANY = "any";
export const STAR = "star";
/** A token of one part of a pattern: a code point, any character, any characters, or one of a set. */
export type Token = number | typeof ANY | typeof STAR | CharacterClass;

/**
 * Compiles one part of a pattern, between two slashes. When the rest does not match, only the last star takes one more
 * character: each character is tried at most once against each token, so the time cannot explode. @param fold whether
 * names are in lower case and case is ignored
 */
export function compileSegment(tokens: readonly Token[], fold: boolean): Segment {
  const [first, ...rest] = tokens;
  if (first === STAR && rest.length === 0) return (name) => name !== "";
  if (isText(tokens)) return same(textOf(tokens));
  if (first === STAR && isText(rest)) return endsWith(textOf(rest));
  const body = tokens.slice(0, -1);
  if (tokens.at(-1) === STAR && isText(body)) return startsWith(textOf(body));
  return (name) => matches(tokens, name, fold);
}

const isText = (tokens: readonly Token[]): tokens is readonly number[] =>
  tokens.every((token) => typeof token === "number");
const textOf = (points: readonly number[]) => String.fromCodePoint(...points);
const same =
  (text: string): Segment =>
  (name) =>
    name === text;
const endsWith =
  (text: string): Segment =>
  (name) =>
    name.endsWith(text);
const startsWith =
  (text: string): Segment =>
  (name) =>
    name.startsWith(text);

function matches(tokens: readonly Token[], name: string, fold: boolean): boolean {
  let at = 0;
  let token = 0;
  /** Where to resume when the rest does not match: after the last star, one character further. */
  let star = -1;
  let taken = 0;
  while (at < name.length) {
    const point = name.codePointAt(at) ?? 0;
    const expected = tokens[token];
    if (expected === STAR) {
      star = token;
      taken = at;
      token += 1;
    } else if (expected !== undefined && fits(expected, point, fold)) {
      at += widthOf(point);
      token += 1;
    } else if (star !== -1) {
      taken += widthOf(name.codePointAt(taken) ?? 0);
      at = taken;
      token = star + 1;
    } else {
      return false;
    }
  }
  while (tokens[token] === STAR) token += 1;
  return token === tokens.length;
}

const widthOf = (point: number) => (point > 0xffff ? 2 : 1);

function fits(token: Exclude<Token, typeof STAR>, point: number, fold: boolean): boolean {
  if (token === ANY) return true;
  if (typeof token === "number") return token === point;
  const within = holds(token, point) || (fold && holds(token, upper(point)));
  return within !== token.negated;
}

const holds = ({ ranges }: CharacterClass, point: number) =>
  ranges.some(([first, last]) => first <= point && point <= last);

const upper = (point: number) => String.fromCodePoint(point).toUpperCase().codePointAt(0) ?? point;
