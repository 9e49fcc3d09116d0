import { characterAt, isPlain } from "./characters.ts";
import { type Writing, writing } from "./writing.ts";

/** Receives one token, and the part of the text that it stands for. */
export type Visit = (token: string, start: number, end: number) => void;

/**
 * Splits a text into searchable tokens, in order. A word is a token. In scripts without spaces between words, every
 * pair of neighbours is a token, and so is the last character of the run: a word of several characters is found as a
 * phrase of pairs, a single one as the beginning of a pair.
 * A single hand-written pass: it runs over every note of a folder, and regular expressions with Unicode classes took
 * five times as long.
 * @param text as `composed` returns it
 */
export function scan(text: string, visit: Visit): void {
  let word = "";
  let wordStart = -1;
  /** Where the part of the text begins that is not yet in `word`. */
  let plainFrom = 0;
  let neighbour = "";
  let neighbourStart = 0;

  const endWord = (end: number) => {
    if (wordStart === -1) return;
    visit(plainFrom < end ? word + text.slice(plainFrom, end).toLowerCase() : word, wordStart, end);
    wordStart = -1;
  };
  const endRun = (end: number) => {
    if (neighbour !== "") visit(neighbour, neighbourStart, end);
    neighbour = "";
  };

  const beginWord = (at: number) => {
    if (wordStart !== -1) return;
    endRun(at);
    word = "";
    wordStart = at;
    plainFrom = at;
  };
  /** Appends the plain part of the word in one go, and continues at `next`. */
  const addPlain = (at: number, next: number) => {
    if (plainFrom < at) word += text.slice(plainFrom, at).toLowerCase();
    plainFrom = next;
  };

  for (let at = 0; at < text.length; ) {
    if (isPlain(text.charCodeAt(at))) {
      beginWord(at);
      do at += 1;
      while (at < text.length && isPlain(text.charCodeAt(at)));
      continue;
    }
    const { kind, folded, length } = characterAt(text, at);
    if (kind === "word") {
      beginWord(at);
      addPlain(at, at + length);
      word += folded;
    } else if (kind === "invisible") {
      if (wordStart !== -1) addPlain(at, at + length);
    } else {
      endWord(at);
      if (kind === "separator") endRun(at);
      else {
        if (neighbour !== "") visit(neighbour + folded, neighbourStart, at + length);
        neighbour = folded;
        neighbourStart = at;
      }
    }
    at += length;
  }
  endWord(text.length);
  endRun(text.length);
}

/**
 * The same tokens as `scan`, for a reader that splits ASCII text into words itself and ignores its case, as the search
 * table does: ASCII is passed on unchanged, which halves the work for every note. @param text as `composed` returns it
 */
export function searchableText(text: string): string {
  let at = nextBeyondAscii(text, 0);
  if (at === text.length) return text;
  const searchable = writing();
  let neighbour = "";
  for (let copiedTo = 0; ; ) {
    if (copiedTo < at) {
      endToken(searchable, neighbour);
      neighbour = "";
      for (let from = copiedTo; from < at; from += 1) searchable.add(text.charCodeAt(from));
    }
    if (at === text.length) break;
    const { kind, folded, length } = characterAt(text, at);
    if (kind === "unspaced") {
      if (neighbour === "") searchable.add(SPACE);
      endToken(searchable, neighbour === "" ? "" : neighbour + folded);
      neighbour = folded;
    } else if (kind !== "invisible") {
      endToken(searchable, neighbour);
      searchable.addAll(kind === "word" ? folded : " ");
      neighbour = "";
    }
    copiedTo = at + length;
    at = nextBeyondAscii(text, copiedTo);
  }
  endToken(searchable, neighbour);
  return searchable.text();
}

/**
 * Composes what some systems and keyboards store in parts (か and its mark, the parts of 한, half-width ｶ and its mark),
 * which would otherwise count as separate characters.
 */
export function composed(text: string): string {
  if (!APART.test(text)) return text;
  return text.replace(HALF_WIDTH, (run) => run.normalize("NFKC")).normalize("NFC");
}

/** Below this, every letter has only one encoding. */
const APART = /[\u0300-\uffff]/;
const HALF_WIDTH = /[\uff65-\uffdc]+/g;

/** The form of a text for comparisons that ignore case and accents. */
export function foldText(text: string): string {
  let folded = "";
  const whole = composed(text);
  for (let at = 0; at < whole.length; ) {
    const character = characterAt(whole, at);
    folded += character.folded;
    at += character.length;
  }
  return folded;
}

const SPACE = 0x20;

function endToken(searchable: Writing, token: string): void {
  if (token === "") return;
  searchable.addAll(token);
  searchable.add(SPACE);
}

function nextBeyondAscii(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) < 128) at += 1;
  return at;
}
