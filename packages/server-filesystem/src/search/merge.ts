import type { ContentResult } from "./find-lines.ts";
import type { FileMatches, LinePosition } from "./types.ts";

export interface ContentPage {
  readonly texts: readonly string[];
  readonly matches: number;
  readonly files: number;
  readonly next: LinePosition | undefined;
}

/** Walks go by names, parents first: the order of paths in which a slash sorts before every other character. */
const rank = (path: string) => path.replaceAll("/", "\0");
const byPath = (a: { readonly path: string }, b: { readonly path: string }) => {
  const [left, right] = [rank(a.path), rank(b.path)];
  return left < right ? -1 : left > right ? 1 : 0;
};
const byPosition = (a: LinePosition, b: LinePosition) => byPath(a, b) || a.line - b.line;

export const inOrder = (parts: readonly FileMatches[]): readonly FileMatches[] => parts.toSorted(byPath);

interface PageOptions {
  /** Matching lines. */
  readonly limit: number;
  readonly room: number;
  /** Lines around each match. */
  readonly context: number;
}

/**
 * Combines what the threads of a search found into one page: in order, up to where the first of them ended, and no more
 * than fits. @param textsOf formats the lines of a file
 */
export function mergeContent(
  parts: readonly FileMatches[],
  results: readonly ContentResult[],
  { limit, room, context }: PageOptions,
  textsOf: (file: FileMatches) => readonly string[],
): ContentPage {
  let [next] = results.flatMap((result) => result.next ?? []).sort(byPosition);
  const texts: string[] = [];
  let left = room;
  let matches = 0;
  let files = 0;
  for (const file of inOrder(parts)) {
    const shown = textsOf(file);
    /** The lines before a match are shown together with it, or not at all. */
    let held: string[] = [];
    let last = 0;
    for (const [index, { number, isMatch }] of file.lines.entries()) {
      const position = { path: file.path, line: number };
      if (next && byPosition(position, next) >= 0) break;
      held.push(shown[index] ?? "");
      const size = sizeOf(held);
      if (isMatch && matches > 0 && (matches === limit || size > left)) next = position;
      else if (isMatch || (number <= last + context && size <= left)) {
        texts.push(...held);
        left -= size;
        held = [];
      }
      if (!isMatch || next === position) continue;
      if (last === 0) files += 1;
      last = number;
      matches += 1;
    }
  }
  return { texts, matches, files, next };
}

const sizeOf = (lines: readonly string[]) => lines.reduce((size, line) => size + line.length + 1, 0);

/** Like mergeContent, for files instead of lines. @param textOf formats a file */
export function mergeFiles(
  parts: readonly FileMatches[],
  results: readonly ContentResult[],
  { limit, room }: Pick<PageOptions, "limit" | "room">,
  textOf: (file: FileMatches) => string,
): ContentPage {
  let [next] = results.flatMap((result) => result.next ?? []).sort(byPosition);
  const texts: string[] = [];
  let left = room;
  let matches = 0;
  for (const file of inOrder(parts)) {
    const position = { path: file.path, line: 1 };
    if (next && byPosition(position, next) >= 0) break;
    const text = textOf(file);
    left -= text.length + 1;
    if (texts.length > 0 && (texts.length === limit || left < 0)) {
      next = position;
      break;
    }
    texts.push(text);
    matches += file.matches;
  }
  return { texts, matches, files: texts.length, next };
}
