import { quote, ToolError } from "@org/server-kit";
import { nearest } from "../nearest.ts";
import type { Heading, Outline } from "./outline.ts";

/** A heading and what belongs to it: all up to the next heading of the same or a higher level. */
export interface Section {
  readonly heading: Heading;
  readonly end: number;
}

/** Characters of a heading that are looked at: the patterns below would take their time over a megabyte. */
const LONGEST = 1000;

/** A heading as it is seen: without HTML, emphasis, and with a link's words only. */
export function plainText(text: string): string {
  return text
    .slice(0, LONGEST)
    .replace(/<!--.*?-->|<\/?[a-z][^<>]*>/gi, "")
    .replace(/!?\[\[(?:[^[\]|]*\|)?([^[\]|]*)\]\]/g, "$1")
    .replace(/!?\[([^[\]]*)\]\([^()]*\)/g, "$1")
    .replace(/\\([!-/:-@[-`{-~])/g, "$1")
    .replace(/(\*\*|__|\*|_|~~|==|`)(?=\S)(.*?\S)\1/g, "$2")
    .replace(/\s+/g, " ")
    .trim();
}

const LISTED = 20;

/**
 * Finds a section by its heading: `Goals`, `## Goals` for that level only, `2026#Goals` below another heading, or
 * `Goals (2)` for the second of several.
 * @throws ToolError not_found with the nearest headings; invalid_input when several are meant
 */
export function findSection(text: string, outline: Outline, name: string): Section {
  const { headings } = outline;
  const found = matching(headings, name);
  const [heading] = found;
  if (!heading) throw noSection(headings, name);
  if (found.length > 1) throw severalSections(headings, found, name);
  return sectionOf(text, outline, heading);
}

function sectionOf(text: string, { headings }: Outline, heading: Heading): Section {
  const after = headings.slice(headings.indexOf(heading) + 1);
  return { heading, end: after.find(({ level }) => level <= heading.level)?.start ?? text.length };
}

function matching(headings: readonly Heading[], name: string): readonly Heading[] {
  const direct = named(headings, name);
  if (direct.length > 0) return direct;
  const [, base, number] = /^(.*\S)\s*\((\d{1,4})\)$/s.exec(name.trim()) ?? [];
  if (base !== undefined) {
    const one = named(headings, base)[Number(number) - 1];
    if (one) return [one];
  }
  const names = name.split("#").map((part) => part.trim());
  return names.length > 1 ? below(headings, names.filter(Boolean)) : [];
}

/** By how it is written first, then by how it is seen, then in any case. */
function named(headings: readonly Heading[], name: string): readonly Heading[] {
  const [, marks, words = ""] = /^\s*(?:(#{1,6})\s+)?(.*?)(?:\s+#+)?\s*$/s.exec(name) ?? [];
  const candidates = marks === undefined ? headings : headings.filter(({ level }) => level === marks.length);
  const fold = (text: string) => plainText(text).normalize("NFC").toLowerCase();
  const tests = [
    ({ text }: Heading) => text === words,
    ({ text }: Heading) => plainText(text) === plainText(words),
    ({ text }: Heading) => fold(text) === fold(words),
  ];
  for (const test of tests) {
    const found = candidates.filter(test);
    if (found.length > 0) return found;
  }
  return [];
}

function below(headings: readonly Heading[], names: readonly string[]): readonly Heading[] {
  const [last = "", ...outer] = [...names].reverse();
  return named(headings, last).filter((heading) => {
    const parents = ancestors(headings, heading);
    let at = 0;
    for (const name of outer) {
      const found = parents.findIndex((parent, index) => index >= at && named([parent], name).length > 0);
      if (found === -1) return false;
      at = found + 1;
    }
    return true;
  });
}

/** The headings that a heading stands below, the innermost first. */
function ancestors(headings: readonly Heading[], heading: Heading): Heading[] {
  const found: Heading[] = [];
  let { level } = heading;
  for (const candidate of headings.slice(0, headings.indexOf(heading)).reverse()) {
    if (candidate.level >= level) continue;
    found.push(candidate);
    level = candidate.level;
  }
  return found;
}

function noSection(headings: readonly Heading[], name: string): ToolError {
  const seen = headings.map(({ text }) => plainText(text));
  const wanted = plainText(name)
    .replace(/^#+\s*/, "")
    .toLowerCase();
  const close = nearest(
    wanted,
    seen.map((text) => [text.toLowerCase(), text] as const),
  );
  const shown = close.length > 0 ? close : [...new Set(seen)].slice(0, LISTED);
  const hint =
    shown.length === 0
      ? "The note has no headings."
      : `${close.length > 0 ? "Nearest" : "There are"}: ${shown.map((text) => quote(text)).join(", ")}.`;
  return new ToolError("not_found", `no heading ${quote(name)} in the note. ${hint}`);
}

function severalSections(headings: readonly Heading[], found: readonly Heading[], name: string): ToolError {
  const places = found.slice(0, LISTED).map((heading, index) => {
    const [parent] = ancestors(headings, heading);
    return `${quote(`${plainText(heading.text)} (${index + 1})`)} on line ${heading.line}${parent ? ` below ${quote(plainText(parent.text))}` : ""}`;
  });
  return new ToolError(
    "invalid_input",
    `${found.length} headings match ${quote(name)}: ${places.join(", ")}. Pass one of these names as section.`,
  );
}
