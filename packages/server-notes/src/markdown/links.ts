import { WIKI_LINK } from "./prose.ts";

/** A link to another file of the folder. */
export interface Link {
  /** `[[wiki]]`, `[Markdown](path)` (images and references too), or an embedded `![[file]]`. */
  readonly kind: "wiki" | "markdown" | "embed";
  /** Decoded, without heading and block; empty for a link into the note itself. */
  readonly target: string;
  readonly heading?: string;
  readonly block?: string;
  readonly alias?: string;
}

/** A link and its position in the text. */
export interface LocatedLink extends Link {
  readonly start: number;
  readonly end: number;
  /** The position of the written target, without `#heading`, alias, title and `<angle brackets>`. */
  readonly targetStart: number;
  readonly targetEnd: number;
  /** Whether a Markdown link's target is in angle brackets. */
  readonly isAngled: boolean;
}

const UNESCAPED = String.raw`(?<!(?<!\\)(?:\\\\){0,9}\\)`;
const WIKI = new RegExp(`${UNESCAPED}(!?)${WIKI_LINK}`, "g");
const DESTINATION = String.raw`(<(?:\\.|[^<>\n\\])*>|(?:\\.|\((?:\\.|[^\s()\\])*\)|[^\s()<>\\])+)`;
const TITLE = String.raw`(?:[ \t\r\n]+(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\((?:\\.|[^()\\])*\)))?`;
const INLINE = new RegExp(String.raw`(?<!\\)\]\([ \t]*${DESTINATION}${TITLE}[ \t]*\)`, "g");
const DEFINITION = new RegExp(String.raw`^ {0,3}\[(?!\^)(?:\\.|[^[\]\n\\])+\]:[ \t]*${DESTINATION}`, "gm");
const EXTERNAL = /^(?:[a-z][a-z\d+.-]*:|\/\/)/i;

/** @param prose a text as returned by `proseOf`; links into the note itself are included, with an empty target */
export function linksIn(prose: string): LocatedLink[] {
  const inline = prose.includes("](") ? [...prose.matchAll(INLINE)] : [];
  const found = inline.flatMap(markdownLink);
  if (prose.includes("[[")) {
    // [[Words]](path) is a Markdown link whose text is in brackets.
    const labelEnds = new Set(inline.map(({ index }) => index));
    found.push(...wikiLinksIn(prose).filter(({ end }) => !labelEnds.has(end - 1)));
  }
  if (prose.includes("]:")) for (const match of prose.matchAll(DEFINITION)) found.push(...markdownLink(match));
  let done = 0;
  return found
    .sort((a, b) => a.start - b.start)
    .filter(({ start, end }) => {
      const isInside = start < done;
      if (!isInside) done = end;
      return !isInside;
    });
}

/** Only `[[wiki]]` links and embeds. */
export const wikiLinksIn = (text: string): LocatedLink[] => [...text.matchAll(WIKI)].map(wikiLink);

function wikiLink(match: RegExpExecArray): LocatedLink {
  const [whole, bang = "", inner = ""] = match;
  // In a table the bar is written \|.
  const [address = ""] = inner.split(/\\?\|/, 1);
  const bar = inner.indexOf("|", address.length);
  const [written = ""] = address.split("#", 1);
  const target = written.trim();
  const targetStart = match.index + bang.length + 2 + (written.length - written.trimStart().length);
  return {
    kind: bang ? "embed" : "wiki",
    target,
    ...fragment(address.slice(written.length)),
    ...(bar !== -1 && { alias: inner.slice(bar + 1).trim() }),
    start: match.index,
    end: match.index + whole.length,
    targetStart,
    targetEnd: targetStart + target.length,
    isAngled: false,
  };
}

function markdownLink(match: RegExpExecArray): LocatedLink[] {
  const [whole, destination = ""] = match;
  const isAngled = destination.startsWith("<");
  const address = isAngled ? destination.slice(1, -1) : destination;
  if (EXTERNAL.test(address)) return [];
  const [written = ""] = address.split("#", 1);
  const targetStart = match.index + whole.indexOf(destination, whole.indexOf("]") + 2) + (isAngled ? 1 : 0);
  return [
    {
      kind: "markdown",
      target: decodeTarget(written),
      ...fragment(decodeTarget(address.slice(written.length))),
      start: match.index,
      end: match.index + whole.length,
      targetStart,
      targetEnd: targetStart + written.length,
      isAngled,
    },
  ];
}

/** `#heading`, `#heading#below`, `#^block` or `#heading^block`. */
function fragment(text: string): { heading?: string; block?: string } {
  const [, heading = "", block = ""] = /^#([^^]*)(?:\^(.*))?$/s.exec(text) ?? [];
  const words = heading.replace(/#$/, "").trim();
  return { ...(words && { heading: words }), ...(block && { block: block.trim() }) };
}

/** Backslashes escape punctuation, percent signs bytes; anything else is literal. */
function decodeTarget(written: string): string {
  const plain = written.replace(/\\([!-/:-@[-`{-~])/g, "$1");
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}
