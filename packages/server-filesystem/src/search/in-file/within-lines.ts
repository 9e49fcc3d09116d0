import { PatternError } from "../../glob/pattern-error.ts";

/** What an expression is as one over many lines, or undefined when it must be tried with each line by itself. */
export type Rewritten = string | undefined;

/** Classes that hold the line break, and what they are without it. */
const WITHOUT_BREAK: Readonly<Record<string, string>> = { s: "[^\\S\\n]", W: "[^\\w\\n]", D: "[^\\d\\n]" };
/** Escapes that mean no line break, inside a set or outside; digits are references. */
const HARMLESS = /^[dwSbB1-9tfv^$\\.*+?()[\]{}|/-]/;

/**
 * Rewrites an expression so that nothing in it can match a line break, and a dot everything else. It then finds in a
 * text of many lines exactly what it finds in each line, at once and much faster.
 * @throws PatternError for a line break that is asked for: matches never span lines
 */
export function withinLines(source: string): Rewritten {
  // Flags for a part of it, `(?s:.)`, may turn a dot into a line break.
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

/** A set of characters, from its bracket on. @returns undefined when it may hold a line break, as `[\s\S]` does */
function rewriteSet(source: string, start: number): { readonly text: string; readonly end: number } | undefined {
  const negated = source[start + 1] === "^";
  let at = start + (negated ? 2 : 1);
  for (; at < source.length && source[at] !== "]"; at += 1) {
    const sign = source[at] ?? "";
    if (sign === "\\") {
      at += 1;
      // A negated set leaves the line break out by name, whatever else it holds.
      if (!negated && !HARMLESS.test(source[at] ?? "")) return undefined;
      if (!negated && /[tfv]/.test(source[at] ?? "")) return undefined;
    } else if (sign < " " && !negated) return undefined;
  }
  const text = source.slice(start, at + 1);
  return { text: negated ? `[^\\n${text.slice(2)}` : text, end: at + 1 };
}
