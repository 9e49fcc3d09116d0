import { nearest, quote, ToolError } from "@org/server-kit";
import { type Heading, type Outline, withoutClosing } from "./outline.ts";

/** A heading and its section, up to the next heading of the same or a higher level. */
export interface Section {
  readonly heading: Heading;
  readonly end: number;
}

/** Characters of a heading that are examined: the patterns below would be slow on a megabyte. */
const LONGEST = 1000;

/** Characters that a heading of plain words does not contain. */
const MARKUP = /[<[\\*_~=`&]|\s\s|[^\S ]/;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: " " };

/** A heading as displayed: without HTML and emphasis, and with only the words of links. */
export function plainText(text: string): string {
  if (text.length <= LONGEST && !MARKUP.test(text)) return text.trim();
  return text
    .slice(0, LONGEST)
    .replace(/<!--.*?-->|<\/?[a-z][^<>]*>/gi, "")
    .replace(/!?\[\[(?:[^[\]|]*\|)?([^[\]|]*)\]\]/g, "$1")
    .replace(/!?\[([^[\]]*)\]\([^()]*\)/g, "$1")
    .replace(/\\([!-/:-@[-`{-~])/g, "$1")
    .replace(/(\*\*|__|\*|_|~~|==|`)(?=\S)(.*?\S)\1/g, "$2")
    .replace(/&(amp|lt|gt|quot|nbsp|#\d{1,6});/g, (_, name: string) => ENTITIES[name] ?? numbered(name))
    .replace(/\s+/g, " ")
    .trim();
}

/** `&#39;`: six digits at most stay below the last code point; lone surrogates and NUL are not characters. */
function numbered(name: string): string {
  const code = Number(name.slice(1));
  return String.fromCodePoint(code === 0 || (code >= 0xd800 && code <= 0xdfff) ? 0xfffd : code);
}

/** Most characters of a section's name; a longer one is not a heading, and would be compared with every one. */
const LONGEST_NAME = 1000;
const LISTED = 20;
const LISTED_MATCHES = 5;
/** How many headings, and how much of each, are compared with a name that matches none. */
const COMPARED = { headings: 1000, characters: 80 };

/**
 * Finds a section by its heading: `Goals`, `## Goals` for that level only, `2026#Goals` below another heading, or
 * `Goals (2)` for the second of several. @throws ToolError not_found with the nearest headings; invalid_input when the
 * name is ambiguous or too long
 */
export function findSection(text: string, outline: Outline, name: string): Section {
  if (name.length > LONGEST_NAME)
    throw new ToolError("invalid_input", `section is longer than ${LONGEST_NAME} characters. Pass a heading.`);
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
  const [, base, number] = /^(.*\S)\s*\((\d{1,6})\)$/s.exec(name.trim()) ?? [];
  if (base !== undefined) {
    const one = named(headings, base)[Number(number) - 1];
    if (one) return [one];
  }
  // Marks before a blank specify a level, not a parent heading.
  const { marks, words } = levelOf(name);
  const names = words.split("#").map((part) => part.trim());
  return names.length > 1
    ? below(headings, names.filter(Boolean)).filter(({ level }) => marks === 0 || level === marks)
    : [];
}

/** `## Goals` specifies a level: the number of marks, and the words after them. */
function levelOf(name: string): { readonly marks: number; readonly words: string } {
  const { length } = /^\s*(#{1,6})\s/.exec(name)?.[1] ?? "";
  return { marks: length, words: name.trim().slice(length).trim() };
}

/** By the heading as written, then as displayed, then ignoring case. */
function named(headings: readonly Heading[], name: string): readonly Heading[] {
  const { marks, words: written } = levelOf(name);
  const words = withoutClosing(written);
  const candidates = marks === 0 ? headings : headings.filter(({ level }) => level === marks);
  const asWritten = candidates.filter(({ text }) => text === words);
  if (asWritten.length > 0) return asWritten;
  const plain = plainText(words);
  const folded = foldText(plain);
  const alike = candidates
    .map((heading) => ({ heading, seen: plainText(heading.text) }))
    .filter(({ seen }) => foldText(seen) === folded);
  const exact = alike.filter(({ seen }) => seen === plain);
  return (exact.length > 0 ? exact : alike).map(({ heading }) => heading);
}

const foldText = (text: string) => text.normalize("NFC").toLowerCase();

function below(headings: readonly Heading[], names: readonly string[]): readonly Heading[] {
  const [last = "", ...outer] = [...names].reverse();
  const parents = parentsOf(headings);
  const wanted = outer.map((name) => new Set(named(headings, name)));
  return named(headings, last).filter((heading) => {
    let above = parents.get(heading);
    for (const these of wanted) {
      while (above && !these.has(above)) above = parents.get(above);
      if (!above) return false;
      above = parents.get(above);
    }
    return true;
  });
}

/** The parent of each heading. Levels decrease on the way up, so no chain is longer than five. */
function parentsOf(headings: readonly Heading[]): ReadonlyMap<Heading, Heading> {
  const parents = new Map<Heading, Heading>();
  const open: Heading[] = [];
  for (const heading of headings) {
    while ((open.at(-1)?.level ?? 0) >= heading.level) open.pop();
    const parent = open.at(-1);
    if (parent) parents.set(heading, parent);
    open.push(heading);
  }
  return parents;
}

function noSection(headings: readonly Heading[], name: string): ToolError {
  const { marks, words } = levelOf(name);
  const [other] = marks === 0 ? [] : matching(headings, words);
  if (other) {
    const pass = quote(`${"#".repeat(other.level)} ${plainText(other.text)}`);
    return new ToolError(
      "not_found",
      `no heading ${quote(words)} of level ${marks} in the note: the one on line ${other.line} has level ${other.level}. ` +
        `Pass ${pass} if it is meant.`,
    );
  }
  const seen = [...new Set(headings.slice(0, COMPARED.headings).map(({ text }) => plainText(text)))];
  const short = (text: string) => text.slice(0, COMPARED.characters).toLowerCase();
  const wanted = short(plainText(name).replace(/^#+\s*/, ""));
  const close = nearest(
    wanted,
    seen.map((text) => [short(text), text] as const),
  );
  const shown = close.length > 0 ? close : seen.slice(0, LISTED);
  const hint =
    shown.length === 0
      ? "The note has no headings."
      : `${close.length > 0 ? "Nearest" : "There are"}: ${shown.map((text) => quote(text)).join(", ")}.`;
  return new ToolError("not_found", `no heading ${quote(name)} in the note. ${hint}`);
}

function severalSections(headings: readonly Heading[], found: readonly Heading[], name: string): ToolError {
  const parents = parentsOf(headings);
  const places = found.slice(0, LISTED_MATCHES).map((heading, index) => {
    const parent = parents.get(heading);
    const where = parent ? ` below ${quote(plainText(parent.text))}` : "";
    return `${quote(`${plainText(heading.text)} (${index + 1})`)} on line ${heading.line}${where}`;
  });
  const more = found.length > places.length ? ` and ${found.length - places.length} more` : "";
  return new ToolError(
    "invalid_input",
    `${found.length} headings match ${quote(name)}: ${places.join(", ")}${more}. Pass one of these names as section.`,
  );
}
