import { foldName } from "../note-path.ts";
import { plainText } from "./headings.ts";
import type { Link } from "./links.ts";
import type { Heading } from "./outline.ts";

/** `text ^id` at the end of a line names a block. */
const BLOCK = /(?:^|[ \t])\^([a-zA-Z\d-]+)[ \t]*\r?$/gm;

/**
 * What links can name in a note, one per line: `2 goals` for a heading of level 2, `^id` for a block. @param prose the
 * note as returned by `proseOf`
 */
export function anchorsOf(headings: readonly Heading[], prose: string): string {
  const named = headings.flatMap(({ level, text }) =>
    [...new Set([headingKey(text), headingKey(plainText(text))])].map((key) => `${level} ${key}`),
  );
  const blocks = prose.includes("^") ? [...prose.matchAll(BLOCK)].map(([, id = ""]) => `^${id.toLowerCase()}`) : [];
  return [...named, ...blocks].join("\n");
}

/** Whether a note with these anchors contains the heading and the block that a link names. */
export function hasAnchor(
  anchors: string,
  { kind, heading, block }: Pick<Link, "kind" | "heading" | "block">,
): boolean {
  const lines = anchors.split("\n");
  if (block !== undefined && !lines.includes(`^${block.toLowerCase()}`)) return false;
  return heading === undefined || hasHeading(lines, heading, kind === "markdown" ? slugKey : headingKey);
}

/** `A#B` is a heading B below a heading A, not necessarily directly. */
function hasHeading(lines: readonly string[], heading: string, keyOf: (text: string) => string): boolean {
  const [last = "", ...outer] = heading.split("#").map(keyOf).filter(Boolean).reverse();
  if (last === "") return true;
  const open: { readonly level: number; readonly key: string }[] = [];
  for (const line of lines) {
    const [, level = 0, words = ""] = /^([1-6]) (.*)$/.exec(line) ?? [];
    const key = keyOf(words);
    while ((open.at(-1)?.level ?? 0) >= Number(level) && open.length > 0) open.pop();
    if (key === last) {
      let wanted = 0;
      for (const above of [...open].reverse()) if (above.key === outer[wanted]) wanted += 1;
      if (wanted === outer.length) return true;
    }
    open.push({ level: Number(level), key });
  }
  return false;
}

/** Links ignore differences in case, blanks and characters that a link cannot contain. */
const headingKey = (text: string): string =>
  foldName(text)
    .replace(/[\s!"#$%&()*+,.:;<=>?@^`{|}~/[\]\\]+/g, " ")
    .trim();

/** Markdown links may also name a heading as web pages do: `#my-goals` for "My goals". */
const slugKey = (text: string): string => headingKey(text).replace(/[^\p{L}\p{M}\p{N}]+/gu, "");
