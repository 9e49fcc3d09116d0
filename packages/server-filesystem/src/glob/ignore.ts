import { compileName, compileParts } from "./glob.ts";
import { nfc } from "./nfc.ts";
import { parseParts } from "./parse-glob.ts";
import { PatternError } from "./pattern-error.ts";

interface Rule {
  readonly negated: boolean;
  readonly directories: boolean;
  /** Takes the path relative to the directory of the file. */
  readonly match: (path: string) => boolean;
}

/** The rules of a directory's files, and of the directories above. */
export interface IgnoreRules {
  readonly above: IgnoreRules | undefined;
  /** The directory, followed by a slash unless it is the root. */
  readonly base: string;
  readonly rules: readonly Rule[];
}

/**
 * Adds the rules of a directory, which come before those above. @param directory relative to the root, like the paths
 * passed to `isIgnored`
 */
export function addRules(
  above: IgnoreRules | undefined,
  directory: string,
  texts: readonly string[],
): IgnoreRules | undefined {
  const rules = texts.flatMap((text) => text.replace(/^\uFEFF/, "").split("\n")).flatMap(parseRule);
  // The last rule that matches decides.
  return rules.length === 0
    ? above
    : { above, base: directory === "" ? "" : `${nfc(directory)}/`, rules: rules.reverse() };
}

/** Whether a path is ignored. Do not ask about paths in an ignored directory: they cannot be included again. */
export function isIgnored(rules: IgnoreRules | undefined, path: string, directory: boolean): boolean {
  const composed = nfc(path);
  for (let level = rules; level; level = level.above) {
    const below = composed.slice(level.base.length);
    for (const rule of level.rules) {
      if ((directory || !rule.directories) && rule.match(below)) return !rule.negated;
    }
  }
  return false;
}

function parseRule(line: string): readonly Rule[] {
  const text = withoutBlanks(nfc(line).replace(/\r$/, ""));
  if (text === "" || text.startsWith("#")) return [];
  const negated = text.startsWith("!");
  const body = negated ? text.slice(1) : text;
  const directories = body.endsWith("/");
  const pattern = directories ? body.slice(0, -1) : body;
  try {
    const parts = parseParts(pattern);
    if (parts.length === 0) return [];
    // Without a slash, except at its end, a pattern is a name at any depth.
    const match = pattern.includes("/") ? compileParts(parts, false) : compileName(parts, false);
    return [{ negated, directories, match }];
  } catch (error) {
    // In git, too, an invalid pattern matches nothing.
    if (error instanceof PatternError) return [];
    throw error;
  }
}

/** Without trailing blanks, except those after a backslash. */
function withoutBlanks(line: string): string {
  let end = line.length;
  while (line[end - 1] === " " && !isEscaped(line, end - 1)) end -= 1;
  return line.slice(0, end);
}

function isEscaped(line: string, at: number): boolean {
  let backslashes = 0;
  while (line[at - 1 - backslashes] === "\\") backslashes += 1;
  return backslashes % 2 === 1;
}
