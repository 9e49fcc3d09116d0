import { once } from "@org/server-kit";

const NOTE = /\.(?:md|markdown)$/i;
const LONGEST_PATH = 1000;
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}\uFFFD]/gu;
/**
 * Scripts in which a joiner visibly changes letters; in others it is invisible, and would make a name look like the one
 * without.
 */
const JOINED =
  "[\\p{scx=Arabic}\\p{scx=Syriac}\\p{scx=Mongolian}\\p{scx=Devanagari}\\p{scx=Bengali}\\p{scx=Gurmukhi}\\p{scx=Gujarati}" +
  "\\p{scx=Oriya}\\p{scx=Tamil}\\p{scx=Telugu}\\p{scx=Kannada}\\p{scx=Malayalam}\\p{scx=Sinhala}\\p{scx=Khmer}\\p{scx=Myanmar}]";
/** Joiners that are part of the spelling of a word, or of an emoji. Made on first use: it takes 3 ms, which a start would wait for. */
const joiner = once(
  () =>
    new RegExp(
      `((?<=\\p{Extended_Pictographic}[\\p{M}\\p{EMod}]*)\\u200D|` +
        `(?<=(?=[\\p{L}\\p{M}])${JOINED})[\\u200C\\u200D](?=(?=[\\p{L}\\p{M}])${JOINED}))`,
      "u",
    ),
);

/**
 * Whether a file is listed, as a note or as an attachment. Hidden files and folders belong to other programs
 * (`.obsidian`, `.git`, `.trash`).
 * @param path relative to the notes folder, "/" between names
 */
export function isListed(path: string): boolean {
  if (path === "" || path.length > LONGEST_PATH) return false;
  return path.split("/").every((name) => name !== "" && !name.startsWith("."));
}

/** Whether a path is a note's: a listed Markdown file. */
export const isNotePath = (path: string): boolean => NOTE.test(path) && isListed(path);

/** The file name without its folder and `.md`: what people call the note. */
export const stemOf = (path: string): string => nameOf(path).replace(NOTE, "");

export const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** `""` for the notes folder itself. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

/** Names are compared without case and in one normal form, because macOS stores a different form than people type. */
export const foldName = (name: string): string => name.normalize("NFC").toLowerCase();

/** The text without invisible characters, except joiners that are part of the spelling of a word or an emoji. */
export const withoutInvisible = (text: string): string => replaceInvisible(text, () => "");

/**
 * A name as answers show it, with invisible characters written as `\u{200b}`. Unescaped, they could forge lines of an
 * answer, look like another name, or get lost on the way through a model.
 */
export const visibleName = (name: string): string =>
  name.search(INVISIBLE) < 0 ? name : replaceInvisible(name, (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`);

/** The name that `visibleName` shows in this form. */
export const fromVisibleName = (shown: string): string =>
  shown.replace(/\\u\{([\da-f]{1,6})\}/gi, (escaped, digits: string) => {
    const code = Number.parseInt(digits, 16);
    return code === 0 || code > 0x10ffff ? escaped : String.fromCodePoint(code);
  });

function replaceInvisible(text: string, replace: (sign: string) => string): string {
  return text
    .split(joiner())
    .map((part, at) => (at % 2 === 0 ? part.replace(INVISIBLE, replace) : part))
    .join("");
}
