import { isScalar, type Scalar, visit } from "yaml";
import { type LocatedLink, wikiLinksIn } from "../links.ts";
import { applySplices, type Splice } from "../text.ts";
import { findFrontMatter, parseFrontMatter, readFrontMatter, type Values } from "./front-matter.ts";
import { broken, rangeOf } from "./front-matter-edit.ts";

/** The `[[wiki]]` links in the texts of the front matter, including lists and nested keys. */
export function frontMatterLinks(values: Values): LocatedLink[] {
  const found: LocatedLink[] = [];
  eachText(values, (text) => {
    if (text.includes("[[")) found.push(...wikiLinksIn(text));
    return text;
  });
  return found;
}

/** A copy in which every text is changed; keys stay. */
function eachText(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => eachText(item, change));
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, eachText(item, change)]));
}

/** Returns the replacement of a link in a text, if there is one. */
export type Rewrite = (text: string, link: LocatedLink) => Splice | undefined;

/**
 * Rewrites links in the front matter. Each text keeps its quotes, and everything that is not a link its spelling.
 * @returns the whole note, and how many links were rewritten @throws ToolError unsupported when a text cannot be
 * changed by itself, such as one that an alias repeats in pieces
 */
export function rewriteFrontMatterLinks(
  text: string,
  rewrite: Rewrite,
): { readonly text: string; readonly count: number } {
  const found = findFrontMatter(text);
  // An escape may stand for a bracket.
  if (!found || !/\[\[|\\/.test(found.source)) return { text, count: 0 };
  const { source, start, end } = found;
  const { document } = parseFrontMatter(source);
  const { values } = readFrontMatter(source);
  if (!document) return { text, count: 0 };
  const renew = (value: string) => {
    const splices = wikiLinksIn(value).flatMap((link) => rewrite(value, link) ?? []);
    return { value: applySplices(value, splices), count: splices.length };
  };
  const nodes: { node: Scalar; old: string; fresh: string }[] = [];
  let count = 0;
  visit(document, {
    Scalar(key, node) {
      if (key === "key" || typeof node.value !== "string" || !node.value.includes("[[")) return;
      const renewed = renew(node.value);
      count += renewed.count;
      if (renewed.count > 0) nodes.push({ node, old: node.value, fresh: renewed.value });
    },
  });
  if (count === 0) return { text, count };
  const wanted = JSON.stringify(eachText(values, (value) => renew(value).value));
  for (const way of [inPlace, whole]) {
    const edited = applySplices(
      source,
      nodes.map(({ node, old, fresh }) => way(source, node, old, fresh)),
    );
    const after = readFrontMatter(edited);
    if (after.problem === undefined && JSON.stringify(after.values) === wanted)
      return { text: text.slice(0, start) + edited + text.slice(end), count };
  }
  throw broken("its links are written in an unusual way");
}

const ESCAPE: Readonly<Record<string, (text: string) => string>> = {
  QUOTE_SINGLE: (text) => text.replaceAll("'", "''"),
  QUOTE_DOUBLE: (text) => JSON.stringify(text).slice(1, -1),
};

/** Changes only the links, if they are written literally. */
function inPlace(source: string, node: Scalar, old: string, fresh: string): Splice {
  const place = placeOf(node);
  const spell = ESCAPE[node.type ?? ""] ?? ((text: string) => text);
  const after = wikiLinksIn(fresh);
  let written = source.slice(place.start, place.end);
  let done = 0;
  for (const [at, link] of wikiLinksIn(old).entries()) {
    const [from, to] = [spell(old.slice(link.start, link.end)), after[at]];
    const found = written.indexOf(from, done);
    if (found === -1 || !to) continue;
    const replacement = spell(fresh.slice(to.start, to.end));
    written = written.slice(0, found) + replacement + written.slice(found + from.length);
    done = found + replacement.length;
  }
  return { ...place, text: written };
}

/** Rewrites the whole text, if escapes spell a link differently, or its new name needs quotes. */
function whole(source: string, node: Scalar, _old: string, fresh: string): Splice {
  const place = placeOf(node);
  const isSingle = node.type === "QUOTE_SINGLE";
  const lineEnd = /\r?\n$/.exec(source.slice(place.start, place.end))?.[0] ?? "";
  return { ...place, text: (isSingle ? `'${fresh.replaceAll("'", "''")}'` : JSON.stringify(fresh)) + lineEnd };
}

function placeOf(node: unknown): { readonly start: number; readonly end: number } {
  const [start, end] = rangeOf(node) ?? [];
  if (!isScalar(node) || start === undefined || end === undefined) throw broken("its links are aliases");
  return { start, end };
}
