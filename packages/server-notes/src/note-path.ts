const NOTE = /\.(?:md|markdown)$/i;
const LONGEST_PATH = 1000;

/**
 * Whether a file may be shown at all, as a note or as an attachment. Hidden files and folders belong to other
 * programs (`.obsidian`, `.git`, `.trash`). A name with control or invisible characters is not shown: it could forge
 * lines of an answer, or look like another file's.
 *
 * @param path relative to the notes folder, "/" between names
 */
export function isListed(path: string): boolean {
  if (path === "" || path.length > LONGEST_PATH || /[\p{C}\p{Zl}\p{Zp}\uFFFD]/u.test(withoutJoiners(path)))
    return false;
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

/** Joiners and selectors are invisible, but part of many an emoji. */
const withoutJoiners = (text: string) => text.replace(/(?<=\p{Extended_Pictographic}\p{M}*)[\u200D\uFE0F]/gu, "");
