import { countBreaks } from "../text/page.ts";

/** A text whose lines all end with "\n", and their line ends in the file. */
export interface Draft {
  readonly text: string;
  /** For the whole file, or for each line where they differ: true, or 1, means "\r\n". */
  readonly ends: boolean | Uint8Array;
}

/** Separates a text from its line ends, so that searches can ignore them. */
export function toDraft(text: string): Draft {
  if (!text.includes("\r\n")) return { text, ends: false };
  const plain = text.replaceAll("\r\n", "\n");
  if (!/(?<!\r)\n/.test(text)) return { text: plain, ends: true };
  const ends = new Uint8Array(countBreaks(plain));
  let line = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) {
    ends[line++] = text[at - 1] === "\r" ? 1 : 0;
  }
  return { text: plain, ends };
}

/** Joins a text with the original line ends. */
export function fromDraft({ text, ends }: Draft): string {
  if (ends === false) return text;
  if (ends === true) return text.replaceAll("\n", "\r\n");
  let line = 0;
  return text.replace(/\n/g, () => (ends[line++] === 1 ? "\r\n" : "\n"));
}

/** A range of a draft's text, from `start` to before `end`, and its replacement. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * @param changes in order and without overlaps; new lines take the line ends of those that they replace or stand among
 */
export function splice({ text: old, ends }: Draft, changes: readonly Splice[]): Draft {
  const parts: string[] = [];
  let done = 0;
  for (const { start, end, text } of changes) {
    parts.push(old.slice(done, start), text);
    done = end;
  }
  parts.push(old.slice(done));
  const text = parts.join("");
  return { text, ends: typeof ends === "boolean" ? ends : endsAfter(old, ends, changes) };
}

function endsAfter(old: string, ends: Uint8Array, changes: readonly Splice[]): Uint8Array {
  const breaks = changes.map(
    ({ start, end, text }) => [countBreaks(old.slice(start, end)), countBreaks(text)] as const,
  );
  const after = new Uint8Array(breaks.reduce((sum, [replaced, wanted]) => sum + wanted - replaced, ends.length));
  let from = 0;
  let to = 0;
  let done = 0;
  for (const [index, { start, end }] of changes.entries()) {
    const [replaced, wanted] = breaks[index] ?? [0, 0];
    const kept = ends.subarray(from, from + countBreaks(old.slice(done, start)));
    after.set(kept, to);
    from += kept.length;
    to += kept.length;
    // For lines beyond those replaced: the end of the last of them, else of the line itself, else of the one before.
    const last = (replaced > 0 ? ends[from + replaced - 1] : (ends[from] ?? ends[from - 1])) ?? 0;
    for (let at = 0; at < wanted; at += 1) after[to + at] = at < replaced ? (ends[from + at] ?? last) : last;
    from += replaced;
    to += wanted;
    done = end;
  }
  after.set(ends.subarray(from), to);
  return after;
}
