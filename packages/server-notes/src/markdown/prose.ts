import type { Outline } from "./outline.ts";

/**
 * The text with everything blanked in which nothing is a link or a tag: front matter, code, HTML blocks, comments.
 * It has the length of the text, so that positions are the same in both.
 */
export function proseOf(text: string, { bodyStart, opaque }: Outline): string {
  const parts = [blank(text, 0, bodyStart)];
  let done = bodyStart;
  for (const [start, end] of opaque) {
    parts.push(text.slice(done, start), blank(text, start, end));
    done = end;
  }
  return withoutSpans(parts.join("") + text.slice(done));
}

const blank = (text: string, start: number, end: number) => text.slice(start, end).replace(/[^\n]/g, " ");

/** Blanks `code` and <!-- comments --> inside of paragraphs. */
function withoutSpans(prose: string): string {
  if (!prose.includes("`") && !prose.includes("<!--")) return prose;
  const marks = [...prose.matchAll(/(?<!\\)`+|<!--|-->|\n(?=[ \t\r]*\n)/g)].map(({ 0: mark, index }) => ({
    mark,
    index,
  }));
  const ends = closings(marks);
  const parts: string[] = [];
  let done = 0;
  for (let at = 0; at < marks.length; at++) {
    const [open, close] = [marks[at], ends[at]];
    const last = close === undefined ? undefined : marks[close];
    if (!open || close === undefined || !last) continue;
    const end = last.index + last.mark.length;
    parts.push(prose.slice(done, open.index), blank(prose, open.index, end));
    done = end;
    at = close;
  }
  return parts.join("") + prose.slice(done);
}

/**
 * For each mark the index of the one that closes it, if any. Code ends with as many backticks as it began with, and no
 * span goes on behind the end of its paragraph. From the end, so that a text of opening marks alone takes one pass.
 */
function closings(marks: readonly { readonly mark: string }[]): readonly (number | undefined)[] {
  const ends: (number | undefined)[] = [];
  const following = new Map<string, number>();
  for (let at = marks.length - 1; at >= 0; at--) {
    const mark = marks[at]?.mark ?? "";
    if (mark === "\n") following.clear();
    else if (mark !== "-->") ends[at] = following.get(mark === "<!--" ? "-->" : mark);
    if (mark !== "\n") following.set(mark, at);
  }
  return ends;
}
