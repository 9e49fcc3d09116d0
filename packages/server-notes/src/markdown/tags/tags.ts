import type { Values } from "../front-matter/front-matter.ts";
import type { LocatedLink } from "../links.ts";
import { applySplices } from "../text.ts";
import { type Emphasis, emphasisIn } from "./underscores.ts";

/** A tag in the body, without its `#`, and its position. */
export interface LocatedTag {
  readonly tag: string;
  readonly start: number;
  readonly end: number;
}

const NAME = String.raw`[\p{L}\p{M}\p{N}_\-/\p{Extended_Pictographic}\u200D\uFE0F]`;
/** What a tag may follow. After a letter, a slash or an ampersand, # is part of a word, an address or an entity. */
const BEFORE = /^[\s([{"'“‘«,;>*~|]$/;
const AFTER = new RegExp(`${NAME}+`, "uy");
const WHOLE = new RegExp(`^${NAME}+$`, "u");

/** Whether a name, without `#`, can be a tag: not only digits, and no empty level. */
export const isTag = (name: string): boolean =>
  WHOLE.test(name) && /[^\d/]/.test(name) && !/^\/|\/\/|\/$/.test(name) && name.length <= 200;

/** Tags are compared without `#`, a trailing `/`, and case. */
export const foldTag = (tag: string): string =>
  tag.replace(/^#/, "").replace(/\/+$/, "").normalize("NFC").toLowerCase();

/** @param prose a text as returned by `proseOf` @param links the links in it, whose headings look like tags */
export function tagsIn(prose: string, links: readonly LocatedLink[]): LocatedTag[] {
  const found: LocatedTag[] = [];
  if (!prose.includes("#")) return found;
  const linkEnds = new Set(links.map(({ end }) => end));
  // Only underscores next to a tag matter, and few notes have any.
  const emphasis = /_#|#\S*_/.test(prose) ? emphasisIn(withoutLinks(prose, links)) : () => undefined;
  let next = 0;
  /** Where the previous tag ends: another may follow without a blank. */
  let tagEnd = -1;
  for (let at = prose.indexOf("#"); at !== -1; at = prose.indexOf("#", at + 1)) {
    while ((links[next]?.end ?? Number.POSITIVE_INFINITY) <= at) next += 1;
    if ((links[next]?.start ?? Number.POSITIVE_INFINITY) <= at) continue;
    const before = prose[at - 1] ?? "";
    const around = emphasis(at, tagEnd);
    const begins = at === 0 || at === tagEnd || BEFORE.test(before) || linkEnds.has(at) || around?.isEdge === true;
    if (!begins) continue;
    const written = nameAt(prose, at + 1, around);
    const tag = written.replace(/\/$/, "");
    if (!isTag(tag)) continue;
    found.push({ tag, start: at + 1, end: at + 1 + tag.length });
    tagEnd = at + 1 + written.length;
  }
  return found;
}

const withoutLinks = (prose: string, links: readonly LocatedLink[]) =>
  applySplices(
    prose,
    links.map(({ start, end }) => ({ start, end, text: " ".repeat(end - start) })),
  );

/** The characters of a tag, without an underscore that ends the emphasis around it. */
function nameAt(prose: string, start: number, around: Emphasis | undefined): string {
  AFTER.lastIndex = start;
  const name = AFTER.exec(prose)?.[0] ?? "";
  return around && around.end < start + name.length ? name.slice(0, Math.max(0, around.end - start)) : name;
}

/** `tags` and `tag` of the front matter: a list, or one text with commas or spaces between them. */
export function frontMatterTags(values: Values): string[] {
  const entries = Object.entries(values).filter(([key]) => /^tags?$/i.test(key));
  const texts = entries.flatMap(([, value]): unknown[] => {
    if (typeof value === "string") return value.split(/[,\s]+/);
    return Array.isArray(value) ? value : [value];
  });
  return texts
    .filter((text) => typeof text === "string" || typeof text === "number")
    .map((text) => String(text).trim().replace(/^#/, "").replace(/\/+$/, ""))
    .filter((text) => text !== "" && WHOLE.test(text) && text.length <= 200);
}

/** The tags of a note without duplicates, each in the spelling of its first use. */
export function distinctTags(tags: readonly string[]): string[] {
  const seen = new Map<string, string>();
  for (const tag of tags) if (!seen.has(foldTag(tag))) seen.set(foldTag(tag), tag);
  return [...seen.values()];
}
