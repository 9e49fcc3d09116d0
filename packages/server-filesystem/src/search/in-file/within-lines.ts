import { PatternError } from "../../glob/pattern-error.ts";

/** The expression rewritten for many lines, or undefined when it must be tried on each line separately. */
export type Rewritten = string | undefined;

/** Classes that contain the line break, and their form without it. */
const WITHOUT_BREAK: Readonly<Record<string, string>> = { s: "[^\\S\\n]", W: "[^\\w\\n]", D: "[^\\d\\n]" };
/** Escapes that cannot match a line break, inside a set or outside; digits are back references. */
const HARMLESS = /^[dwSbB1-9tfv^$\\.*+?()[\]{}|/-]/;

/**
 * Rewrites an expression so that nothing in it can match a line break, and a dot matches everything else. In a text of
 * many lines it then finds exactly what it would find in each line, all at once and much faster. @throws PatternError
 * for an explicit line break: matches never span lines
 */
export function withinLines(source: string): Rewritten {
  // Inline flags such as `(?s:.)` may let a dot match a line break.
  if (/\(\?[a-z-]+:/.test(source)) return undefined;
  let rewritten = "";
  for (let at = 0; at < source.length; ) {
    const sign = source[at] ?? "";
    if (sign === "[") {
      const set = rewriteSet(source, at);
      if (!set) return undefined;
      rewritten += set.text;
      at = set.end;
    } else if (sign === "\\") {
      const next = source[at + 1] ?? "";
      if (next === "n") throw new PatternError("it asks for a line break (\\n), but matches never span lines");
      const without = WITHOUT_BREAK[next];
      if (without === undefined && !HARMLESS.test(next)) return undefined;
      rewritten += without ?? `\\${next}`;
      at += 2;
    } else if (sign === "\n") {
      throw new PatternError("it contains a line break, but matches never span lines");
    } else {
      rewritten += sign === "." ? "[^\\n]" : sign;
      at += 1;
    }
  }
  return rewritten;
}

/**
 * A set of characters, starting at its bracket. @returns undefined when it may contain a line break, as `[\s\S]` does
 */
function rewriteSet(source: string, start: number): { readonly text: string; readonly end: number } | undefined {
  const negated = source[start + 1] === "^";
  let at = start + (negated ? 2 : 1);
  for (; at < source.length && source[at] !== "]"; at += 1) {
    const sign = source[at] ?? "";
    if (sign === "\\") {
      at += 1;
      // A negated set excludes the line break explicitly, whatever else it contains.
      if (!negated && !HARMLESS.test(source[at] ?? "")) return undefined;
      if (!negated && /[tfv]/.test(source[at] ?? "")) return undefined;
    } else if (sign < " " && !negated) return undefined;
  }
  const text = source.slice(start, at + 1);
  return { text: negated ? `[^\\n${text.slice(2)}` : text, end: at + 1 };
}
