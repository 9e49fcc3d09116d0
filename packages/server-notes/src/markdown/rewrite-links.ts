import { folderOf, foldName, nameOf, stemOf } from "../note-path.ts";
import { bodyStartOf } from "./front-matter/front-matter.ts";
import { type Rewrite, rewriteFrontMatterLinks } from "./front-matter/front-matter-links.ts";
import { type LocatedLink, linksIn } from "./links.ts";
import { outlineOf } from "./outline.ts";
import { proseOf } from "./prose.ts";
import { type FileLookup, resolveLink } from "./resolve-link.ts";
import { applySplices, type Splice } from "./text.ts";

/** A file that was moved, and the files that exist before and after. */
export interface Move {
  readonly from: string;
  readonly to: string;
  readonly before: FileLookup;
  readonly after: FileLookup;
}

/** Whether a move can concern a note at all: a quick check that spares most notes a full reading of their links. */
export function mayRewrite(text: string, path: string, { from, to }: Move): boolean {
  if (path === from) return true;
  if (!text.includes("[")) return false;
  // Escapes may spell the name differently.
  const folded = foldName(text);
  return /\\|%[\da-f]{2}/i.test(text) || [from, to].some((moved) => folded.includes(foldName(stemOf(moved))));
}

/**
 * Rewrites the links of one note so that after the move each leads to the same file as before. That covers links to the
 * moved file, relative links of a moved note, and links by name that would now lead to another file. Broken links stay.
 * @param path of the note before the move
 */
export function rewriteLinks(
  text: string,
  path: string,
  move: Move,
): { readonly text: string; readonly count: number } {
  if (!text.includes("[")) return { text, count: 0 };
  const renew: Rewrite = (where, link) => renewed(where, link, path, move);
  const prose = proseOf(text, outlineOf(text));
  const splices = linksIn(prose).flatMap((link) => renew(text, link) ?? []);
  const bodyStart = bodyStartOf(text);
  const head = rewriteFrontMatterLinks(text.slice(0, bodyStart), renew);
  const body = applySplices(text, splices).slice(bodyStart);
  return { text: head.text + body, count: head.count + splices.length };
}

/** The new form of a link, if it would lead elsewhere. */
function renewed(text: string, link: LocatedLink, path: string, move: Move): Splice | undefined {
  if (link.target === "") return undefined;
  const target = resolveLink(link, path, move.before);
  if (target === undefined) return undefined;
  const now = path === move.from ? move.to : path;
  const wanted = target === move.from ? move.to : target;
  return resolveLink(link, now, move.after) === wanted ? undefined : rewritten(text, link, now, wanted, move.after);
}

function rewritten(text: string, link: LocatedLink, from: string, to: string, files: FileLookup): Splice {
  const place = { start: link.targetStart, end: link.targetEnd };
  if (link.kind === "markdown") {
    const written = text.slice(link.targetStart, link.targetEnd);
    return { ...place, text: markdownTarget(written, link, from, to, files) };
  }
  const target = wikiTarget(link, from, to, files);
  if (!/[#^|\n]|^\[|\[\[|\]\]|\]$/.test(target)) return { ...place, text: target };
  // Some paths cannot be named in a wiki link, but can in a Markdown link.
  const label = link.alias ?? nameOf(to).replace(/\.md$/i, "");
  const fragment = (link.heading ? `#${encode(link.heading)}` : "") + (link.block ? `#^${link.block}` : "");
  const written = `${link.kind === "embed" ? "!" : ""}[${label.replace(/[[\]]/g, "\\$&")}](${encode(relative(from, to))}${fragment})`;
  return { start: link.start, end: link.end, text: written };
}

/** The name alone if it was alone and is still unambiguous, else the path. */
function wikiTarget(link: LocatedLink, from: string, to: string, files: FileLookup): string {
  const short = (path: string) => (/\.md$/i.test(link.target) ? path : path.replace(/\.md$/i, ""));
  const names = link.target.includes("/") ? [to] : [nameOf(to), to];
  const found = names.map(short).find((target) => resolveLink({ kind: link.kind, target }, from, files) === to);
  return found ?? `/${short(to)}`;
}

function markdownTarget(written: string, link: LocatedLink, from: string, to: string, files: FileLookup): string {
  const isBare = !/\.(?:md|markdown)$/i.test(link.target) && /\.md$/i.test(to);
  const path = isBare ? to.replace(/\.md$/i, "") : to;
  const near = relative(from, path);
  const candidates = written.startsWith("/")
    ? [`/${path}`]
    : [written.startsWith("./") ? `./${near}`.replace("./../", "../") : near];
  const resolves = (target: string) => resolveLink({ kind: "markdown", target }, from, files) === to;
  const target = candidates.find(resolves) ?? `/${to}`;
  return link.isAngled ? target.replace(/[<>\\%#]/g, (sign) => `%${hex(sign)}`) : encode(target);
}

/** The path of `to` relative to a note at `from`. */
function relative(from: string, to: string): string {
  const here = folderOf(from).split("/").filter(Boolean);
  const there = to.split("/");
  let shared = 0;
  while (shared < here.length && shared < there.length - 1 && here[shared] === there[shared]) shared += 1;
  return [...here.slice(shared).map(() => ".."), ...there.slice(shared)].join("/");
}

/**
 * As Obsidian does: letters of any script stay readable; characters that would end or change the address are escaped.
 */
const encode = (path: string) => path.replace(/[\s<>()%#?\\"'`[\]{}|^]/g, (sign) => `%${hex(sign)}`);

const hex = (sign: string) =>
  Buffer.from(sign)
    .toString("hex")
    .toUpperCase()
    .replace(/(..)(?=.)/g, "$1%");
