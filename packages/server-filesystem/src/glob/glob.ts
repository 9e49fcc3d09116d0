import { expandBraces } from "./braces.ts";
import { nfc } from "./nfc.ts";
import { GLOBSTAR, type GlobPart, parseParts } from "./parse-glob.ts";
import { PatternError } from "./pattern-error.ts";
import { compileSegment, type Segment, STAR, type Token } from "./segment.ts";

// How a pattern is compiled:
// 1. braces.ts expands {a,b} into patterns without braces.
// 2. parse-glob.ts splits each at its slashes into tokens; segment.ts compiles the tokens of one name.
// 3. This file matches the names of a path with the segments, ** included. Neither level backtracks further than to its
// last star, so time is at most proportional to path times pattern.
// 4. cover.ts answers the same for all directories that contain a path, in one pass, for --deny.
// 5. ignore.ts gives lines of .gitignore files git's meaning; ignore-files.ts reads those files.
// 6. Patterns and names are compared in NFC (nfc.ts), because macOS and keyboards write é in different ways.
// A wrong pattern is a PatternError that says how to write it; threads know no ToolError.

/**
 * Whether a path matches. `directory` says whether it is a directory; if that is unknown, patterns for directories
 * match it too.
 */
export type Glob = (path: string, directory?: boolean) => boolean;

export interface GlobOptions {
  readonly ignoreCase?: boolean | undefined;
}

const MAX_LENGTH = 1000;

/**
 * Compiles a glob: `*` and `?` within a name (leading dots included), `**` for any number of directories, `[a-z]`,
 * `[!a]`, `{a,b}`, and a backslash before literal characters. Without a slash it is matched against the name, at any
 * depth; with one, against the path relative to the searched directory. `/a` matches only at the top, `a/` only a
 * directory. Time is at most proportional to the product of the lengths of path and pattern. @throws PatternError
 */
export function compileGlob(pattern: string, { ignoreCase = false }: GlobOptions = {}): Glob {
  const globs = alternativesOf(pattern).map((each) => compileOne(each, ignoreCase));
  const [only] = globs;
  const any: Glob =
    globs.length === 1 && only ? only : (path, directory) => globs.some((glob) => glob(path, directory));
  return ignoreCase
    ? (path, directory) => any(nfc(path).toLowerCase(), directory)
    : (path, directory) => any(nfc(path), directory);
}

/** Expands a pattern into patterns without braces. @throws PatternError */
export function alternativesOf(pattern: string): readonly string[] {
  const composed = nfc(pattern);
  if (pattern.length > MAX_LENGTH) throw new PatternError(`it is longer than ${MAX_LENGTH} characters`);
  if (pattern === "") throw new PatternError("it is empty");
  if (pattern.includes("\0")) throw new PatternError("it contains a NUL character, which no name has");
  // Other tools read these as patterns; silently matching nothing would help nobody.
  if (/(?:^|[^\\])[+@!?*]\(/.test(pattern)) {
    throw new PatternError("+(…) and the like are not supported: write {a,b}, or \\( for the character itself");
  }
  if (pattern.startsWith("!")) throw new PatternError("it begins with !. Write \\! for the character itself");
  return expandBraces(composed);
}

function compileOne(pattern: string, fold: boolean): Glob {
  const { parts, directories, isName } = partsOf(pattern, fold);
  const match = isName ? compileName(parts, fold) : compileParts(parts, fold);
  return directories ? (path, directory) => directory !== false && match(path) : match;
}

/** The parts between the slashes of a pattern without braces. @throws PatternError */
export function partsOf(pattern: string, fold: boolean) {
  const relative = pattern.replace(/^(?:\.\/)+/, "");
  const directories = /[^\\]\/$|^\/$/.test(relative);
  const body = directories ? relative.replace(/\/+$/, "") : relative;
  const parts = fold ? parseParts(body).map(folded) : parseParts(body);
  if (parts.length === 0) throw new PatternError("it names nothing");
  return { parts, directories, isName: !body.includes("/") };
}

/** Characters in lower case; sets stay unchanged, since `[A-z]` would become another set. */
const folded = (part: GlobPart): GlobPart => (part === GLOBSTAR ? part : part.flatMap(lower));

function lower(token: Token): readonly Token[] {
  if (typeof token !== "number") return [token];
  return Array.from(String.fromCodePoint(token).toLowerCase(), (sign) => sign.codePointAt(0) ?? 0);
}

/** Compiles a single part, matched against the last name of a path. */
export function compileName(parts: readonly GlobPart[], fold: boolean): (path: string) => boolean {
  const [part = []] = parts;
  const segment = compileSegment(part === GLOBSTAR ? [STAR] : part, fold);
  return (path) => segment(path.slice(path.lastIndexOf("/") + 1));
}

/** Compiles the parts between slashes, matched from the beginning of the path. */
export function compileParts(parts: readonly GlobPart[], fold: boolean): (path: string) => boolean {
  const segments = segmentsOf(parts, fold);
  return (path) => matchSegments(segments, path.split("/"));
}

export type SegmentList = readonly (Segment | typeof GLOBSTAR)[];

export function segmentsOf(parts: readonly GlobPart[], fold: boolean): SegmentList {
  const segments = parts.map((part) => (part === GLOBSTAR ? GLOBSTAR : compileSegment(part, fold)));
  // At the end, `**` means the contents of the directory, not the directory itself.
  return segments.at(-1) === GLOBSTAR ? [...segments, () => true] : segments;
}

/** As within a name, backtracking only extends the last `**` by one directory. */
function matchSegments(segments: SegmentList, names: readonly string[]): boolean {
  let at = 0;
  let segment = 0;
  let globstar = -1;
  let taken = 0;
  while (at < names.length) {
    const expected = segments[segment];
    if (expected === GLOBSTAR) {
      globstar = segment;
      taken = at;
      segment += 1;
    } else if (expected?.(names[at] ?? "")) {
      at += 1;
      segment += 1;
    } else if (globstar !== -1) {
      taken += 1;
      at = taken;
      segment = globstar + 1;
    } else {
      return false;
    }
  }
  while (segments[segment] === GLOBSTAR) segment += 1;
  return segment === segments.length;
}

/** Exclusions: like globs, except that `a/**` also excludes `a`. */
export function compileExclude(patterns: readonly string[], options: GlobOptions = {}): Glob {
  const all = patterns.flatMap((pattern) => {
    const whole = /^(.*[^/\\])\/\*\*\/?$/.exec(pattern)?.[1];
    const globs = [compileGlob(pattern, options)];
    // A single name would match at any depth, but the pattern is anchored where the search begins.
    if (whole) globs.push(compileGlob(whole.includes("/") ? whole : `/${whole}`, options));
    return globs;
  });
  return (path, directory) => all.some((glob) => glob(path, directory));
}

/** Inclusions: like globs, plus the contents of matching directories, the counterpart of excluding them. */
export function compileInclude(patterns: readonly string[]): Glob {
  const chosen = compileExclude(patterns);
  // Paths arrive directory by directory.
  let known = "";
  let isKnownChosen = false;
  function isIn(directory: string): boolean {
    if (directory === "") return false;
    if (directory !== known) {
      isKnownChosen = chosen(directory, true) || isIn(directory.slice(0, Math.max(0, directory.lastIndexOf("/"))));
      known = directory;
    }
    return isKnownChosen;
  }
  return (path, directory) => chosen(path, directory) || isIn(path.slice(0, Math.max(0, path.lastIndexOf("/"))));
}
