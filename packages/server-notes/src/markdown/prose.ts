import type { Outline } from "./outline.ts";

/**
 * The text with everything blanked out that cannot contain links or tags: front matter, code, math, HTML, comments. Its
 * length stays the same, so that positions match.
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

/** `[[target]]`: a single bracket inside is part of the target. */
export const WIKI_LINK = String.raw`\[\[(?!\[)((?:[^[\]\n]|\[(?!\[)|\](?!\]))+)\]\]`;

const ATTRIBUTE = String.raw`\s+[^\s"'=<>\x60]+(?:\s*=\s*(?:"[^"]{0,1000}"|'[^']{0,1000}'|[^\s"'=<>\x60]+))?`;
/** An HTML tag. Angle brackets after ]( and ]: contain the target of a Markdown link instead. */
const TAG = String.raw`(?<!\]\([ \t]{0,9}|\]:[ \t]{0,9})<\/?[a-zA-Z][a-zA-Z\d-]*(?:${ATTRIBUTE}){0,99}\s*\/?>`;
/** What may begin a span, in order of position. Escaped characters and links are skipped as a whole. */
const OPENING = new RegExp(String.raw`\\[!-\/:-@[-\x60{-~]|\x60+|\$\$?|<!--|${TAG}|${WIKI_LINK}`, "g");
const CLOSING = /`+|\$\$?|-->|\n(?=[ \t\r]*\n)/g;

/** Blanks out `code`, $math$, <!-- comments --> and <tags> within paragraphs. */
function withoutSpans(prose: string): string {
  if (!/[`$]|<[!/a-z]/i.test(prose)) return prose;
  const closing = closings(prose);
  const parts: string[] = [];
  let done = 0;
  OPENING.lastIndex = 0;
  for (let match = OPENING.exec(prose); match; match = OPENING.exec(prose)) {
    const [mark] = match;
    if (mark.startsWith("\\") || mark.startsWith("[")) continue;
    const isTag = mark.startsWith("<") && mark !== "<!--";
    const end = isTag ? OPENING.lastIndex : closing(mark, OPENING.lastIndex);
    if (end === undefined) continue;
    parts.push(prose.slice(done, match.index), blank(prose, match.index, end));
    done = end;
    OPENING.lastIndex = end;
  }
  return parts.join("") + prose.slice(done);
}

/**
 * Finds the end of a span that begins with a mark. Code ends with as many backticks as it began with, and no span
 * extends past its paragraph. Calls must follow the order of the text, so that all of them together take one pass.
 */
function closings(prose: string): (mark: string, from: number) => number | undefined {
  const places = new Map<string, { readonly ends: number[]; next: number }>();
  for (const match of prose.matchAll(CLOSING)) {
    const [mark] = match;
    if (mark === "$" && !closesMath(prose, match.index)) continue;
    const known = places.get(mark);
    if (known) known.ends.push(match.index + mark.length);
    else places.set(mark, { ends: [match.index + mark.length], next: 0 });
  }
  const after = (mark: string, from: number): number | undefined => {
    const known = places.get(mark);
    if (!known) return undefined;
    while ((known.ends[known.next] ?? Number.POSITIVE_INFINITY) < from + mark.length) known.next += 1;
    return known.ends[known.next];
  };
  return (mark, from) => {
    // "costs $ 5" does not begin math.
    if (mark === "$" && /^\s?$/.test(prose[from] ?? "")) return undefined;
    const end = after(mark === "<!--" ? "-->" : mark, from);
    const paragraph = after("\n", from) ?? Number.POSITIVE_INFINITY;
    return end === undefined || end > paragraph ? undefined : end;
  };
}

/** "$5 and $6" is money: the second sign follows a blank, or precedes a digit. */
const closesMath = (prose: string, at: number) => !/\s|\\/.test(prose[at - 1] ?? "") && !/\d/.test(prose[at + 1] ?? "");
