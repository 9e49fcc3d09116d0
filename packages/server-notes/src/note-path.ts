const NOTE = /\.(?:md|markdown)$/i;
const LONGEST_PATH = 1000;
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}\uFFFD]/gu;
/** Scripts whose letters a joiner changes to the eye; between others it is invisible, and a twin of the name without. */
const JOINED =
  "[\\p{scx=Arabic}\\p{scx=Syriac}\\p{scx=Mongolian}\\p{scx=Devanagari}\\p{scx=Bengali}\\p{scx=Gurmukhi}\\p{scx=Gujarati}" +
  "\\p{scx=Oriya}\\p{scx=Tamil}\\p{scx=Telugu}\\p{scx=Kannada}\\p{scx=Malayalam}\\p{scx=Sinhala}\\p{scx=Khmer}\\p{scx=Myanmar}]";
/** Joiners that are part of how a word is written, or of an emoji. */
const JOINER = new RegExp(
  `((?<=\\p{Extended_Pictographic}[\\p{M}\\p{EMod}]*)\\u200D|` +
    `(?<=(?=[\\p{L}\\p{M}])${JOINED})[\\u200C\\u200D](?=(?=[\\p{L}\\p{M}])${JOINED}))`,
  "u",
);

/**
 * Whether a file may be shown at all, as a note or as an attachment. Hidden files and folders belong to other
 * programs (`.obsidian`, `.git`, `.trash`). A name with control or invisible characters is not shown: it could forge
 * lines of an answer, or look like another file's.
 *
 * @param path relative to the notes folder, "/" between names
 */
export function isListed(path: string): boolean {
  if (path === "" || path.length > LONGEST_PATH) return false;
  // Few names hold any, and all are asked about again and again.
  if (path.search(INVISIBLE) >= 0 && withoutInvisible(path) !== path) return false;
  return path.split("/").every((name) => name !== "" && !name.startsWith("."));
}

/** Whether a path is that of a note: a listed Markdown file. */
export const isNotePath = (path: string): boolean => NOTE.test(path) && isListed(path);

/** The file name without its folder and without `.md`: what people call the note. */
export const stemOf = (path: string): string => nameOf(path).replace(NOTE, "");

export const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** `""` for the notes folder itself. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

/** Names are compared without case and in one normal form: macOS stores another one than people type. */
export const foldName = (name: string): string => name.normalize("NFC").toLowerCase();

/** The text without the invisible characters that `isListed` refuses. */
export const withoutInvisible = (text: string): string =>
  text
    .split(JOINER)
    .map((part, at) => (at % 2 === 0 ? part.replace(INVISIBLE, "") : part))
    .join("");
