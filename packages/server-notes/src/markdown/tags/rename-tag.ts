import { bodyStartOf } from "../front-matter/front-matter.ts";
import { renameFrontMatterTags } from "../front-matter/front-matter-tags.ts";
import { linksIn } from "../links.ts";
import { outlineOf } from "../outline.ts";
import { proseOf } from "../prose.ts";
import { applySplices } from "../text.ts";
import { foldTag, tagsIn } from "./tags.ts";

/** @returns the text with the tag and those below it (`from/x`) renamed, and the number of renamed tags */
export function renameTag(text: string, from: string, to: string): { readonly text: string; readonly count: number } {
  const prose = proseOf(text, outlineOf(text));
  const splices = tagsIn(prose, linksIn(prose)).flatMap(({ tag, start, end }) => {
    const fresh = renamed(tag, from, to);
    return fresh === undefined ? [] : [{ start, end, text: fresh }];
  });
  const bodyStart = bodyStartOf(text);
  const head = renameFrontMatterTags(text.slice(0, bodyStart), (tag) => renamed(tag, from, to));
  return { text: head.text + applySplices(text, splices).slice(bodyStart), count: splices.length + head.count };
}

/** @returns the new name, or undefined for another tag */
export function renamed(tag: string, from: string, to: string): string | undefined {
  const [folded, wanted] = [foldTag(tag), foldTag(from)];
  if (folded === wanted) return to;
  return folded.startsWith(`${wanted}/`) ? to + tag.slice(wanted.length) : undefined;
}
