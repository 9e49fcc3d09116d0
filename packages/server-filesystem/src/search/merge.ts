import type { ContentResult } from "./find-lines.ts";
import type { FileMatches, LinePosition } from "./types.ts";

export interface ContentPage {
  readonly texts: readonly string[];
  readonly matches: number;
  readonly files: number;
  readonly next: LinePosition | undefined;
}

/** Walks go by names and parents first, which is the order of the paths with a slash before all other characters. */
const rank = (path: string) => path.replaceAll("/", "\0");
const byPath = (a: { readonly path: string }, b: { readonly path: string }) => {
  const [left, right] = [rank(a.path), rank(b.path)];
  return left < right ? -1 : left > right ? 1 : 0;
};
const byPosition = (a: LinePosition, b: LinePosition) => byPath(a, b) || a.line - b.line;

export const inOrder = (parts: readonly FileMatches[]): readonly FileMatches[] => parts.toSorted(byPath);

interface PageOptions {
  /** Lines that match. */
  readonly limit: number;
  readonly room: number;
  /** Lines around each. */
  readonly context: number;
}

/**
 * Makes one page of what the threads of a search have found: in order, not beyond where any of them ended, and no
 * more than there is room for.
 * @param textsOf the lines of a file as they are shown
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
    /** Lines before a match are shown with it, or not at all. */
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

/** As mergeContent, where files are wanted and not their lines. @param textOf a file as it is shown */
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
