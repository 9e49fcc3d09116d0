import { quote } from "@org/server-kit";
import { countBreaks } from "../text/page.ts";
import { findAll } from "./find.ts";

/** Characters of a file in which the nearest text is searched for. */
const SEARCHED = 4_000_000;
/** Characters of a line that an error shows. */
const SHOWN = 160;

/**
 * Describes where a text almost like the wanted one is, and what differs; otherwise, which line is most like its first
 * one. @returns a sentence and a space, or "" when no line is similar
 */
export function nearest(text: string, wanted: string): string {
  const searched = text.slice(0, SEARCHED);
  return almost(searched, wanted) ?? similarLine(text.slice(0, SEARCHED / 4), wanted) ?? "";
}

/** Most combining marks on one letter. */
const MOST_MARKS = 8;

/** Finds the same letters, ignoring blanks, case, quotes and accents. */
function almost(text: string, wanted: string): string | undefined {
  const pattern = squeeze(wanted);
  if (pattern.text === "") return undefined;
  const all = squeeze(text);
  const [found] = findAll(all.text, pattern.text);
  if (found === undefined) return undefined;
  const start = all.places[found] ?? 0;
  const letter = (all.places[found + pattern.text.length - 1] ?? start) + 1;
  // Marks belong to the last letter, although the search ignored them.
  const end = letter + (/^\p{M}*/u.exec(text.slice(letter, letter + MOST_MARKS))?.[0].length ?? 0);
  const first = countBreaks(text.slice(0, start)) + 1;
  const last = first + countBreaks(text.slice(start, end));
  const lines = first === last ? `line ${first}` : `lines ${first}-${last}`;
  const there = text.slice(start, end);
  const passed = wanted.trim();
  // If nothing differs inside, the blanks around it do.
  const what = there === passed ? "the whitespace around it" : differences(there, passed).join(" and ");
  const shown = there === passed ? "" : ` ${showDifference(there, passed)}`;
  return `Nearest is on ${lines}, and differs in ${what}.${shown} `;
}

interface Squeezed {
  readonly text: string;
  /** The position in the text of each character. */
  readonly places: Uint32Array;
}

/** A text without the differences that people do not see. */
function squeeze(text: string): Squeezed {
  const units = new Uint16Array(text.length * MOST_LETTERS);
  const places = new Uint32Array(units.length);
  const known = new Map<number, readonly number[]>();
  let length = 0;
  const add = (code: number, at: number) => {
    units[length] = code;
    places[length] = at;
    length += 1;
  };
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code <= BLANK) continue;
    if (code < 0x7f) {
      add(code >= 0x41 && code <= 0x5a ? code | 0x20 : (SAME_SIGN.get(code) ?? code), at);
      continue;
    }
    const letters = known.get(code) ?? lettersOf(text[at] ?? "");
    known.set(code, letters);
    for (const letter of letters) add(letter, at);
  }
  const bytes = Buffer.from(units.buffer, 0, length * 2);
  return { text: bytes.toString("utf16le"), places };
}

const lettersOf = (unit: string): number[] =>
  WAYS.reduce((letter, { without }) => without(letter), unit)
    .slice(0, MOST_LETTERS)
    .split("")
    .map((letter) => letter.charCodeAt(0));

/** Most letters that one letter becomes when ligatures and the like are decomposed. */
const MOST_LETTERS = 2;
const BLANK = 0x20;
const APOSTROPHE = 0x27;
const SAME_SIGN = new Map([
  [0x22, APOSTROPHE],
  [0x60, APOSTROPHE],
]);

/** Ways in which texts that look alike can differ, and how to remove each difference. */
const WAYS: readonly { readonly name: string; readonly without: (text: string) => string }[] = [
  { name: "whitespace or invisible characters", without: (text) => text.replace(/[\s\p{Cf}]+/gu, "") },
  { name: "accents or the form of letters", without: (text) => text.normalize("NFKD").replace(/\p{M}/gu, "") },
  { name: "case", without: (text) => text.toLowerCase() },
  {
    name: "quotes or dashes",
    without: (text) => text.replace(/[‘’‚‛“”„‟′″«»‹›"`]/g, "'").replace(/[‐‑‒–—―−]/g, "-"),
  },
];

/** The differences that must be ignored for the texts to be equal. */
function differences(a: string, b: string): string[] {
  const needed = WAYS.filter((way) => {
    const others = (text: string) => WAYS.reduce((left, other) => (other === way ? left : other.without(left)), text);
    return others(a) !== others(b);
  });
  return needed.length > 0 ? needed.map(({ name }) => name) : ["several ways"];
}

/** Shows a tab as \t, because tabs are the most common difference. */
const inQuotes = (line: string) => quote(line, SHOWN).replaceAll("\\u{9}", "\\t");

/** The first differing line, in the file and in the argument. */
function showDifference(there: string, passed: string): string {
  const wanted = passed.split("\n");
  const lines = there.split("\n");
  const at = Math.max(
    0,
    lines.findIndex((line, index) => line !== wanted[index]),
  );
  const [line, other] = [lines[at] ?? "", wanted[at] ?? ""];
  return `The file has ${inQuotes(line)}, oldText has ${inQuotes(other)}.${codePoints(line, other)}`;
}

/** The code points of the first difference, where it can hardly be seen: beyond ASCII. */
function codePoints(line: string, other: string): string {
  let at = 0;
  while (at < line.length && line[at] === other[at]) at += 1;
  // Combining marks are shown with the letter before them.
  while (at > 0 && (/^\p{M}/u.test(line.slice(at)) || /^\p{M}/u.test(other.slice(at)))) at -= 1;
  const [here, there] = [line, other].map((text) => /^.\p{M}*/u.exec(text.slice(at))?.[0] ?? "");
  if (!here || !there || !/[^\t -~]/.test(here + there)) return "";
  return ` There the file has ${namesOf(here)}, and oldText has ${namesOf(there)}.`;
}

/** Most code points named for one character. */
const MOST_NAMED = 4;

const namesOf = (text: string) =>
  Array.from(text.slice(0, 2 * MOST_NAMED), (character) => `U+${hexOf(character)}`)
    .slice(0, MOST_NAMED)
    .join(" ");

const hexOf = (character: string) => character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");

const LONGEST_SEARCHED_LINE = 2000;
/** Share of common words from which two lines count as similar. */
const ALIKE = 0.4;

/** The line that shares the most words with the longest of oldText's first lines. */
function similarLine(text: string, passed: string): string | undefined {
  const [sample = ""] = passed.split("\n", 5).sort((a, b) => b.trim().length - a.trim().length);
  const wanted = wordsOf(sample);
  if (wanted.size === 0) return undefined;
  let best = { score: ALIKE, line: 0, words: "" };
  for (const [index, line] of text.split("\n").entries()) {
    const words = wordsOf(line);
    let shared = 0;
    for (const word of words) if (wanted.has(word)) shared += 1;
    const score = shared / Math.max(wanted.size, words.size);
    if (score > best.score) best = { score, line: index + 1, words: line };
  }
  if (best.line === 0) return undefined;
  return `Nearest is line ${best.line}: the file has ${inQuotes(best.words)}, oldText has ${inQuotes(sample)}. `;
}

const wordsOf = (line: string) =>
  new Set(
    line
      .slice(0, LONGEST_SEARCHED_LINE)
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu),
  );
