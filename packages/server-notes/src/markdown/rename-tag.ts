import { findFrontMatter, readFrontMatter } from "./front-matter.ts";
import { setFrontMatter } from "./front-matter-edit.ts";
import { linksIn } from "./links.ts";
import { outlineOf } from "./outline.ts";
import { proseOf } from "./prose.ts";
import { distinctTags, foldTag, tagsIn } from "./tags.ts";
import { applySplices } from "./text.ts";

/** @returns the text with the tag renamed, and those below it (`from/x`), and how often that was */
export function renameTag(text: string, from: string, to: string): { readonly text: string; readonly count: number } {
  const prose = proseOf(text, outlineOf(text));
  const splices = tagsIn(prose, linksIn(prose)).flatMap(({ tag, start, end }) => {
    const fresh = renamed(tag, from, to);
    return fresh === undefined ? [] : [{ start, end, text: fresh }];
  });
  const head = renameInFrontMatter(text, from, to);
  const body = applySplices(text, splices).slice(findFrontMatter(text)?.bodyStart ?? 0);
  return { text: head.text + body, count: splices.length + head.count };
}

/** @returns the new name, or undefined for another tag */
export function renamed(tag: string, from: string, to: string): string | undefined {
  const [folded, wanted] = [foldTag(tag), foldTag(from)];
  if (folded === wanted) return to;
  return folded.startsWith(`${wanted}/`) ? to + tag.slice(wanted.length) : undefined;
}

/** The front matter's part of the text, up to where the body begins. */
function renameInFrontMatter(text: string, from: string, to: string): { text: string; count: number } {
  const found = findFrontMatter(text);
  const head = text.slice(0, found?.bodyStart ?? 0);
  if (!found) return { text: head, count: 0 };
  const { values } = readFrontMatter(found.source);
  let count = 0;
  const rename = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      const items = value.map(rename);
      const isPlain = items.every((item) => typeof item === "string");
      return isPlain ? distinctTags(items.map(String)) : items;
    }
    if (typeof value !== "string") return value;
    return value.replace(/[^,\s]+/g, (word) => {
      const hash = word.startsWith("#") ? "#" : "";
      const fresh = renamed(word.slice(hash.length), from, to);
      if (fresh !== undefined) count += 1;
      return fresh === undefined ? word : hash + fresh;
    });
  };
  const tags = Object.entries(values).filter(([key]) => /^tags?$/i.test(key));
  const changes = Object.fromEntries(
    tags.flatMap(([key, value]): [string, unknown][] => {
      const before = count;
      const fresh = rename(value);
      return count > before ? [[key, fresh]] : [];
    }),
  );
  return { text: count === 0 ? head : setFrontMatter(head, changes), count };
}
