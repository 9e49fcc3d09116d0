/** What underscores around a position mean for the tag there. */
export interface Emphasis {
  /** Whether the position directly follows an underscore that begins or ends emphasis. */
  readonly isEdge: boolean;
  /** Where the underscores begin that end the emphasis around the position; infinity when there are none. */
  readonly end: number;
}

/** Emphasis spans few words; searching a whole chapter for its end would be repeated for every underscore. */
const LONGEST = 1000;

/**
 * `_#tag_` is a tag in emphasis, `#tag_` is a tag that ends with an underscore. Pairs are found as in Obsidian, even
 * inside words: underscores end at the next ones that are no longer and not followed by a letter or digit, unless both
 * have a blank inside. Calls must follow the order of the text.
 * @param text in which links are blanked out
 * @returns a function of a position, and of the end of the tag before it, whose underscores do not begin emphasis
 */
export function emphasisIn(text: string): (at: number, tagEnd: number) => Emphasis | undefined {
  let read = 0;
  let pair: Pair | undefined;
  return (at, tagEnd) => {
    if (pair && pair.end < at) {
      read = pair.end;
      pair = undefined;
    }
    read = Math.max(read, tagEnd, at - LONGEST);
    while (!pair && read < at) {
      const open = text.indexOf("_", read);
      if (open === -1 || open >= at) break;
      read = runEnd(text, open);
      const found = text[open - 1] === "\\" ? undefined : pairFrom(text, open, read);
      if (found && found.end < at) read = found.end;
      else pair = found;
    }
    if (!pair) return undefined;
    const isOver = pair.end === at;
    return { isEdge: isOver || pair.openEnd === at, end: isOver ? Number.POSITIVE_INFINITY : pair.close };
  };
}

interface Pair {
  readonly openEnd: number;
  readonly close: number;
  readonly end: number;
}

function pairFrom(text: string, open: number, openEnd: number): Pair | undefined {
  const last = Math.min(text.length, openEnd + LONGEST);
  for (let close = text.indexOf("_", openEnd); close !== -1 && close < last; ) {
    const end = runEnd(text, close);
    const inside = text.slice(openEnd, close);
    if (/\n[ \t\r]*\n/.test(inside) || /^\s(?:.*\s)?$/s.test(inside)) return undefined;
    const fits = end - close <= openEnd - open && !inside.endsWith("\\");
    if (fits && !/[a-z\d]/i.test(text[end] ?? "")) return { openEnd, close, end };
    close = text.indexOf("_", end);
  }
  return undefined;
}

function runEnd(text: string, start: number): number {
  let end = start;
  while (text[end] === "_") end += 1;
  return end;
}
