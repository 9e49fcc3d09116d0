import { stemOf } from "../note-path.ts";
import { anchorsOf } from "./anchors.ts";
import { findFrontMatter, readFrontMatter, type Values } from "./front-matter/front-matter.ts";
import { frontMatterLinks } from "./front-matter/front-matter-links.ts";
import { plainText } from "./headings.ts";
import { type Link, linksIn } from "./links.ts";
import { type Heading, type Outline, outlineOf } from "./outline.ts";
import { proseOf } from "./prose.ts";
import { distinctTags, frontMatterTags, tagsIn } from "./tags/tags.ts";

/** What a note says about itself. */
export interface Facts {
  /** The front matter's title, else the level-1 heading that opens the body, else the file's name. */
  readonly title: string;
  /** From front matter and body, without duplicates and without `#`. */
  readonly tags: readonly string[];
  /** To other files of the folder, and to headings and blocks of the note itself, in the order of the text. */
  readonly links: readonly Link[];
  /** What links can name in it, see `anchorsOf`. */
  readonly anchors: string;
  readonly headings: readonly Heading[];
  readonly frontmatter: Values;
  /** What is wrong with the front matter, in words for the reader. */
  readonly problem?: string;
}

const LONGEST_TITLE = 300;

/**
 * Reads a note. Never throws, whatever the text contains. @param text with or without byte order mark @param path of
 * the note, used for the title if it has no other
 */
export function facts(text: string, path: string): Facts {
  const plain = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const found = findFrontMatter(plain);
  const { values, problem } = found ? readFrontMatter(found.source) : { values: {} };
  const outline = outlineOf(plain);
  const prose = proseOf(plain, outline);
  const links = linksIn(prose);
  const tags = distinctTags([...frontMatterTags(values), ...tagsIn(prose, links).map(({ tag }) => tag)]);
  const frontmatter: Values = values;
  return {
    title: titleOf(plain, outline, frontmatter) ?? stemOf(path),
    tags,
    links: [...frontMatterLinks(values), ...links].filter(leadsSomewhere).map(withoutPlace),
    anchors: anchorsOf(outline.headings, prose),
    headings: outline.headings,
    frontmatter,
    ...(problem !== undefined && { problem }),
  };
}

function titleOf(text: string, { bodyStart, headings: [first] }: Outline, { title }: Values): string | undefined {
  const named = typeof title === "string" || typeof title === "number" ? oneLine(String(title)) : "";
  if (named) return named;
  const opens = first?.level === 1 && text.slice(bodyStart, first.start).trim() === "";
  return opens ? oneLine(plainText(first.text)) || undefined : undefined;
}

const oneLine = (text: string) =>
  text
    .replace(/[\p{Cc}\p{Z}]+/gu, " ")
    .trim()
    .slice(0, LONGEST_TITLE);

const leadsSomewhere = ({ target, heading, block }: Link) =>
  target !== "" || heading !== undefined || block !== undefined;

function withoutPlace({ kind, target, heading, block, alias }: Link): Link {
  return {
    kind,
    target,
    ...(heading !== undefined && { heading }),
    ...(block !== undefined && { block }),
    ...(alias !== undefined && { alias }),
  };
}
