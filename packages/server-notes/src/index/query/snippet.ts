import { scan } from "../text/tokens.ts";
import type { Wanted } from "./meaning.ts";

/** Characters of a snippet, without the dots where the text continues. */
const LENGTH = 240;
/** How many matches back the search for a dense stretch looks. */
const REMEMBERED = 32;

interface Hit {
  readonly term: number;
  readonly start: number;
  readonly end: number;
}

/** A note's text for snippets, in the form of `composed`. */
export interface NoteText {
  readonly frontMatter: string;
  readonly body: string;
}

/**
 * The part of a note that contains most of the terms, the earliest if there are several, as one line with the hits in
 * the middle; the line of front matter that contains them; or the note's beginning when they are only in its title.
 */
export function snippetOf({ frontMatter, body }: NoteText, wanted: readonly Wanted[]): string {
  const best = densest(hitsIn(body, wanted));
  const line = best ? undefined : densest(hitsIn(frontMatter, wanted));
  if (line) {
    const begin = frontMatter.lastIndexOf("\n", line.start) + 1;
    const end = frontMatter.indexOf("\n", line.end);
    return around(frontMatter.slice(begin, end === -1 ? undefined : end), {
      start: line.start - begin,
      end: line.end - begin,
    });
  }
  return around(body, best);
}

function around(text: string, best: { readonly start: number; readonly end: number } | undefined): string {
  const middle = best ? (best.start + best.end) / 2 : LENGTH / 2;
  const start = Math.max(0, Math.min(middle - LENGTH / 2, best?.start ?? 0, text.length - LENGTH));
  return cut(text, Math.floor(start), Math.floor(start) + LENGTH);
}

/** Whether all wanted terms occur close together: far apart, they may occur by chance. */
export function holdsTogether({ frontMatter, body }: NoteText, wanted: readonly Wanted[]): boolean {
  return [body, frontMatter].some((text) => densest(hitsIn(text, wanted))?.terms === wanted.length);
}

/** Where the terms occur, in the order of the text. */
function hitsIn(text: string, wanted: readonly Wanted[]): Hit[] {
  const hits: Hit[] = [];
  const terms = wanted.flatMap(({ forms }, meant) => forms.map((form) => ({ ...form, meant })));
  /** How far each term has matched, and where it began: a term is a run of tokens. */
  const begun = terms.map(() => new Map<number, number>());
  scan(text, (token, start, end) => {
    for (const [term, { tokens, isPrefix, meant }] of terms.entries()) {
      const before = begun[term] ?? new Map<number, number>();
      const now = new Map<number, number>();
      for (const [done, from] of [[0, start] as const, ...before]) {
        const wanted = tokens[done];
        const isLast = done === tokens.length - 1;
        if (wanted === undefined || !(isLast && isPrefix ? token.startsWith(wanted) : token === wanted)) continue;
        if (isLast) hits.push({ term: meant, start: from, end });
        else now.set(done + 1, from);
      }
      begun[term] = now;
    }
  });
  return hits;
}

/** The stretch, no longer than a snippet, with the most different terms; the first of equals. */
function densest(hits: readonly Hit[]): { start: number; end: number; terms: number } | undefined {
  let best: { start: number; end: number; terms: number } | undefined;
  for (const [index, last] of hits.entries()) {
    const near = hits
      .slice(Math.max(0, index - REMEMBERED), index + 1)
      .filter(({ start }) => last.end - start <= LENGTH * 0.8);
    const terms = new Set(near.map(({ term }) => term)).size;
    if (best && best.terms >= terms) continue;
    // For a repeated word, the later occurrence makes the stretch shorter.
    const latest = new Map(near.map((hit) => [hit.term, hit]));
    best = { start: Math.min(...[...latest.values()].map(({ start }) => start)), end: last.end, terms };
  }
  return best;
}

/** One line, cut between words where there are any, with dots where the text continues. */
function cut(text: string, from: number, to: number): string {
  const begin = from === 0 ? 0 : afterSpace(text, from);
  const end = to >= text.length ? text.length : beforeSpace(text, to);
  const line = text
    .slice(begin, end)
    .replace(/[\p{C}\p{Z}]+/gu, " ")
    .trim();
  return `${begin > 0 ? "… " : ""}${line}${end < text.length ? " …" : ""}`;
}

/** A longer word is cut: the text may have no spaces at all. */
const SLACK = 24;

function afterSpace(text: string, from: number): number {
  const at = text.slice(from, from + SLACK).search(/\s/);
  return at === -1 ? from : from + at + 1;
}

function beforeSpace(text: string, to: number): number {
  const tail = text.slice(to - SLACK, to);
  const at = tail.search(/\s\S*$/);
  return at === -1 ? to : to - SLACK + at;
}
