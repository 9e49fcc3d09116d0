/** The lines of a text that fit in an answer. */
export interface Page {
  readonly text: string;
  /** A cut line counts. */
  readonly lines: number;
  /** Characters shown of a line that does not fit, and which ones. */
  readonly cut?: { readonly shown: number; readonly side: "start" | "end" };
}

/** Characters that fit in an answer, and those that each line needs besides its text. */
export interface Room {
  readonly characters: number;
  readonly perLine: number;
}

/** The lines of a text from a position, with their line breaks: at most `limit`, and no more than fit. */
export function firstLines(text: string, from: number, limit: number, { characters, perLine }: Room): Page {
  let end = from;
  let lines = 0;
  while (lines < limit && end < text.length) {
    const found = text.indexOf("\n", end);
    const next = found === -1 ? text.length : found + 1;
    if (next - from + (lines + 1) * perLine > characters) break;
    end = next;
    lines += 1;
  }
  if (lines > 0 || from >= text.length) return { text: text.slice(from, end), lines };
  const most = Math.max(1, characters - perLine);
  const shown = isSplit(text, from + most) ? most - 1 : most;
  return { text: text.slice(from, from + shown), lines: 1, cut: { shown, side: "start" } };
}

/** The last lines of a text. @param isWhole whether the text begins at the start of a line */
export function lastLines(text: string, limit: number, { characters, perLine }: Room, isWhole: boolean): Page {
  let start = text.length;
  let lines = 0;
  while (lines < limit && start > 0) {
    // The line break before the last one, which ends the last line itself.
    const found = start < 2 ? -1 : text.lastIndexOf("\n", start - 2);
    if (found === -1 && !isWhole) break;
    if (text.length - (found + 1) + (lines + 1) * perLine > characters) break;
    start = found + 1;
    lines += 1;
  }
  if (lines > 0 || text === "") return { text: text.slice(start), lines };
  const from = Math.max(0, text.length - Math.max(1, characters - perLine));
  const shown = text.length - (isSplit(text, from) ? from + 1 : from);
  return { text: text.slice(text.length - shown), lines: 1, cut: { shown, side: "end" } };
}

/** Whether this position would split a surrogate pair. */
export const isSplit = (text: string, at: number): boolean => at > 0 && (text.codePointAt(at - 1) ?? 0) > 0xffff;

export function countBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

/** Counts a last line without a line break, but no empty line after the last line break. */
export const countLines = (text: string): number => countBreaks(text) + (text === "" || text.endsWith("\n") ? 0 : 1);

/** Where a line begins, counted from 1; undefined when there are fewer. */
export function lineStart(text: string, line: number): number | undefined {
  let start = 0;
  for (let passed = 1; passed < line; passed += 1) {
    const found = text.indexOf("\n", start);
    if (found === -1) return undefined;
    start = found + 1;
  }
  return line > 1 && start >= text.length ? undefined : start;
}
