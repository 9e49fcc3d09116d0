/** Lines of a text that fit into an answer. */
export interface Page {
  readonly text: string;
  /** A line that is cut counts. */
  readonly lines: number;
  /** Characters that are shown of a line that does not fit, and which of them. */
  readonly cut?: { readonly shown: number; readonly side: "start" | "end" };
}

/** The first lines of a text, with their line breaks: at most `limit`, and `room` characters. */
export function firstLines(text: string, limit: number, room: number): Page {
  let end = 0;
  let lines = 0;
  while (lines < limit && end < text.length) {
    const found = text.indexOf("\n", end);
    const next = found === -1 ? text.length : found + 1;
    if (next > room) break;
    end = next;
    lines += 1;
  }
  if (lines > 0 || text === "") return { text: text.slice(0, end), lines };
  const shown = isSplit(text, room) ? room - 1 : room;
  return { text: text.slice(0, shown), lines: 1, cut: { shown, side: "start" } };
}

/**
 * The last lines of a text.
 * @param isWhole whether the text begins with the beginning of a line
 */
export function lastLines(text: string, limit: number, room: number, isWhole: boolean): Page {
  let start = text.length;
  let lines = 0;
  while (lines < limit && start > 0) {
    // The line break before the last one: that one ends the line itself.
    const found = start < 2 ? -1 : text.lastIndexOf("\n", start - 2);
    if (found === -1 && !isWhole) break;
    if (text.length - (found + 1) > room) break;
    start = found + 1;
    lines += 1;
  }
  if (lines > 0 || text === "") return { text: text.slice(start), lines };
  const from = Math.max(0, text.length - room);
  const shown = text.length - (isSplit(text, from) ? from + 1 : from);
  return { text: text.slice(text.length - shown), lines: 1, cut: { shown, side: "end" } };
}

/** Whether a character of two code units would be cut in the middle. */
const isSplit = (text: string, at: number) => at > 0 && (text.codePointAt(at - 1) ?? 0) > 0xffff;
