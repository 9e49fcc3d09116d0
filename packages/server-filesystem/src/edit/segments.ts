import { applyChanges, type Change, countBreaks, type Draft } from "./draft.ts";
import { findAll } from "./find.ts";

/**
 * A draft in parts, in order, none of them empty unless it is the only one: an edit makes one part new, where it would
 * copy ten megabytes for each of a thousand edits.
 */
export type Segments = readonly Draft[];

/** Characters of a segment, up to the end of a line. */
const SIZE = 1 << 18;

export function split(draft: Draft): Segments {
  const { text, ends } = draft;
  if (text.length <= 2 * SIZE) return [draft];
  const segments: Draft[] = [];
  let line = 0;
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf("\n", start + SIZE - 1);
    const end = found === -1 ? text.length : found + 1;
    const part = text.slice(start, end);
    const lines = typeof ends === "boolean" ? 0 : countBreaks(part);
    segments.push({ text: part, ends: typeof ends === "boolean" ? ends : ends.slice(line, line + lines) });
    line += lines;
    start = end;
  }
  return segments;
}

export function join(segments: Segments): Draft {
  const [first = { text: "", ends: false }] = segments;
  if (segments.length <= 1) return first;
  const text = segments.map((segment) => segment.text).join("");
  if (typeof first.ends === "boolean") return { text, ends: first.ends };
  const lists = segments.map(({ ends }) => (typeof ends === "boolean" ? new Uint8Array() : ends));
  return { text, ends: Uint8Array.from(Buffer.concat(lists)) };
}

/** Every place of a pattern in the whole text, as findAll finds them. */
export function* findInSegments(segments: Segments, pattern: string): Generator<number> {
  // Around each seam as much is looked at again as the pattern is long.
  const parts = pattern.length > SIZE / 4 ? [join(segments)] : segments;
  const most = pattern.length - 1;
  let offset = 0;
  let before = "";
  for (const { text } of parts) {
    if (before !== "") {
      for (const at of findAll(before + text.slice(0, most), pattern)) yield offset - before.length + at;
    }
    for (const at of findAll(text, pattern)) yield offset + at;
    offset += text.length;
    const last = text.length >= most ? text : before + text;
    before = last.slice(last.length - Math.min(most, last.length));
  }
}

/** @param change in places of the whole text */
export function applyChange(segments: Segments, change: Change): Segments {
  let first = 0;
  let offset = 0;
  const lengthAt = (index: number) => segments[index]?.text.length ?? 0;
  while (first < segments.length - 1 && offset + lengthAt(first) <= change.start) offset += lengthAt(first++);
  let last = first;
  for (let end = offset + lengthAt(first); end < change.end && last < segments.length - 1; ) end += lengthAt(++last);
  // How a new line ends, its neighbours tell.
  while (first > 0 && !segments[first]?.text.includes("\n")) offset -= lengthAt(--first);
  const part = join(segments.slice(first, last + 1));
  const { start, end, text } = change;
  const changed = split(applyChanges(part, [{ start: start - offset, end: end - offset, text }]));
  const others = [...segments.slice(0, first), ...segments.slice(last + 1)];
  if (others.length > 0 && changed.every((segment) => segment.text === "")) return others;
  return [...segments.slice(0, first), ...changed, ...segments.slice(last + 1)];
}
