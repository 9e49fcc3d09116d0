import { Document, isMap, isScalar, isSeq, type YAMLSeq } from "yaml";
import { foldTag, frontMatterTags } from "../tags/tags.ts";
import { applySplices, lineEndOf, type Splice } from "../text.ts";
import { findFrontMatter, parseFrontMatter, readFrontMatter } from "./front-matter.ts";
import { broken, lineEndAfter, rangeOf, setFrontMatter, verifyEdit } from "./front-matter-edit.ts";

/** The new name of a tag; undefined to keep its own. */
type Rename = (tag: string) => string | undefined;

/**
 * Renames tags in the front matter. Only the tags' own characters change: comments, quotes and other tags stay as
 * written. An item is removed, with its comment, if its new name is already in the list. @returns the whole text, and
 * how many tags were renamed @throws ToolError unsupported when a tag cannot be renamed by itself, such as one behind
 * an alias
 */
export function renameFrontMatterTags(text: string, rename: Rename): { readonly text: string; readonly count: number } {
  const found = findFrontMatter(text);
  const { document } = found ? parseFrontMatter(found.source) : {};
  if (!found || !document || !isMap(document.contents)) return { text, count: 0 };
  const { source, start, end } = found;
  const { values } = readFrontMatter(source);
  const splices: Splice[] = [];
  const changes: Record<string, unknown> = {};
  let count = 0;
  for (const [key, old] of Object.entries(values)) {
    if (!/^tags?$/i.test(key) || frontMatterTags({ [key]: old }).every((tag) => rename(tag) === undefined)) continue;
    const node: unknown = document.get(key, true);
    const renamed = Array.isArray(old) ? renameItems(source, node, old, rename) : renameWords(source, node, rename);
    if (renamed.count === 0) throw broken(`${key} is written in an unusual way`);
    splices.push(...renamed.splices);
    changes[key] = renamed.value;
    count += renamed.count;
  }
  if (count === 0) return { text, count };
  const fresh = applySplices(source, splices);
  verifyEdit(source, fresh, changes);
  return { text: text.slice(0, start) + fresh + text.slice(end), count };
}

interface Renamed {
  readonly splices: readonly Splice[];
  /** The value that the key must have afterwards. */
  readonly value: unknown;
  readonly count: number;
}

/** One text with commas or blanks between the tags. */
function renameWords(source: string, node: unknown, rename: Rename): Renamed {
  if (!isScalar(node) || typeof node.value !== "string") return { splices: [], value: undefined, count: 0 };
  let count = 0;
  const value = node.value.replace(/[^,\s]+/g, (word) => {
    const fresh = renameWord(word, rename);
    if (fresh !== undefined) count += 1;
    return fresh ?? word;
  });
  return { splices: [rewrite(source, node, value)], value, count };
}

function renameWord(word: string, rename: Rename): string | undefined {
  const hash = word.startsWith("#") ? "#" : "";
  const fresh = rename(word.slice(hash.length));
  return fresh === undefined ? undefined : hash + fresh;
}

/** A list. */
function renameItems(source: string, node: unknown, old: readonly unknown[], rename: Rename): Renamed {
  if (!isSeq(node)) throw broken("its tags are an alias of something else");
  const fresh = old.map((item) => (typeof item === "string" ? renameWord(item.trim(), rename) : undefined));
  const seen = new Set(old.filter((_, at) => fresh[at] === undefined).map((item) => foldTag(String(item))));
  const gone = new Set<number>();
  const splices: Splice[] = [];
  for (const [at, item] of fresh.entries()) {
    if (item === undefined) continue;
    if (seen.has(foldTag(item))) gone.add(at);
    else splices.push(rewrite(source, node.items[at], item));
    seen.add(foldTag(item));
  }
  return {
    splices: [...splices, ...removals(source, node, gone)],
    value: old.map((item, at) => fresh[at] ?? item).filter((_, at) => !gone.has(at)),
    count: fresh.filter((item) => item !== undefined).length,
  };
}

/** The text in its original quotes, if any; a plain text is quoted where YAML would not read it as text. */
function rewrite(source: string, node: unknown, value: string): Splice {
  const [start, end] = rangeOf(node) ?? [];
  if (!isScalar(node) || start === undefined || end === undefined) throw broken("its tags are aliases");
  const written = source.slice(start, end);
  const [quote = ""] = /^["']/.exec(written) ?? [];
  if (quote !== "" && written === quote + node.value + quote) return { start, end, text: quote + value + quote };
  return { start, end, text: plain(value) + (/\r?\n$/.exec(written)?.[0] ?? "") };
}

const plain = (value: string) =>
  new Document(value, { version: "1.2", compat: "yaml-1.1" }).toString({ lineWidth: 0, blockQuote: false }).trimEnd();

/** Removes items from a list: the lines of a block list, the commas of one in brackets. */
function removals(source: string, { items, flow }: YAMLSeq, gone: ReadonlySet<number>): Splice[] {
  const places = items.map((item) => {
    const [start = 0, end = 0] = rangeOf(item) ?? [];
    return { start, end };
  });
  return places.flatMap((place, at): Splice[] => {
    if (!gone.has(at)) return [];
    if (!flow) {
      const start = source.lastIndexOf("\n", place.start) + 1;
      if (!/^[ \t]*-[ \t]+$/.test(source.slice(start, place.start))) throw broken("its tags are written unusually");
      return [{ start, end: lineEndAfter(source, place.end), text: "" }];
    }
    const next = places[at + 1];
    const isTail = places.every((_, other) => other < at || gone.has(other));
    const before = places.findLast((_, other) => other < at && !gone.has(other));
    const cut =
      next && !isTail ? { start: place.start, end: next.start } : { start: places[at - 1]?.end, end: place.end };
    if (cut.start === undefined || (!before && isTail)) throw broken("its tags are written unusually");
    return [{ start: cut.start, end: cut.end, text: "" }];
  });
}

/**
 * Adds tags to the front matter, except those it already has. A list keeps its items as written. @throws ToolError
 * unsupported when the front matter cannot be changed safely
 */
export function addFrontMatterTags(text: string, tags: readonly string[]): string {
  const found = findFrontMatter(text);
  const { values } = found ? readFrontMatter(found.source) : { values: {} };
  const seen = new Set(frontMatterTags(values).map(foldTag));
  const added = tags.filter((tag) => !seen.has(foldTag(tag)) && seen.add(foldTag(tag)));
  if (added.length === 0) return text;
  const { document } = found ? parseFrontMatter(found.source) : {};
  const old = values.tags;
  if (!found || !document || old === undefined) return setFrontMatter(text, { tags: added });
  const node: unknown = document.get("tags", true);
  if (!Array.isArray(old) || !isSeq(node) || node.items.length === 0)
    return setFrontMatter(text, { tags: [...writtenTags(found.source, node), ...added] });
  const { source, start, end } = found;
  const fresh = applySplices(source, [addition(source, node, added)]);
  verifyEdit(source, fresh, { tags: [...old, ...added] });
  return text.slice(0, start) + fresh + text.slice(end);
}

/** The tags of one text as written: a plain 007 is the tag 007. */
function writtenTags(source: string, node: unknown): string[] {
  if (!isScalar(node) || node.value === null) return [];
  const [start, end] = rangeOf(node) ?? [];
  return frontMatterTags({ tags: typeof node.value === "string" ? node.value : source.slice(start, end) });
}

function addition(source: string, { items, flow }: YAMLSeq, added: readonly string[]): Splice {
  const last = rangeOf(items.at(-1));
  if (!last) throw broken("its tags are written unusually");
  const [start = 0, end = 0] = last;
  if (flow) return { start: end, end, text: added.map((tag) => `, ${plain(tag)}`).join("") };
  const [mark] = /^[ \t]*-[ \t]+/.exec(source.slice(source.lastIndexOf("\n", start - 1) + 1)) ?? [];
  if (mark === undefined) throw broken("its tags are written unusually");
  const at = lineEndAfter(source, end);
  const lines = added.map((tag) => mark + plain(tag) + lineEndOf(source));
  return { start: at, end: at, text: lines.join("") };
}
