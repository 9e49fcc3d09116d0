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
  const parts: string[] = [];
  let done = 0;
  for (let at = 0; at < marks.length; at++) {
    const [open, close] = [marks[at], closing(marks, at)];
    const last = close === undefined ? undefined : marks[close];
    if (!open || close === undefined || !last) continue;
    const end = last.index + last.mark.length;
    parts.push(prose.slice(done, open.index), blank(prose, open.index, end));
    done = end;
    at = close;
  }
  return parts.join("") + prose.slice(done);
}

/** Code ends with as many backticks as it began with, and no span goes on behind the end of its paragraph. */
function closing(marks: readonly { readonly mark: string }[], at: number): number | undefined {
  const open = marks[at]?.mark ?? "";
  if (open === "-->" || open === "\n") return undefined;
  const wanted = open === "<!--" ? "-->" : open;
  for (let next = at + 1; next < marks.length; next++) {
    const mark = marks[next]?.mark;
    if (mark === wanted) return next;
    if (mark === "\n") return undefined;
  }
  return undefined;
}
