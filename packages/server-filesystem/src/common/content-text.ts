import { counted, ToolError } from "@org/server-kit";
import { joined } from "../sandbox/joined.ts";
import { type ContentResult, NAMED, type Skipped } from "../search/find-lines.ts";
import type { MatchOutput } from "../search/in-file/line-finder.ts";
import { type ContentPage, inOrder } from "../search/merge.ts";
import type { FileMatches } from "../search/types.ts";
import { visible } from "./entries.ts";

/** The lines of a file in grep's format: `path:12:text` for a match, `path-11-text` for a line around one. */
export function textsOf({ path, lines }: FileMatches, given: string, context: number): readonly string[] {
  const name = visible(joined(given, path));
  return lines.map(({ number, text, isMatch }, index) => {
    const sign = isMatch ? ":" : "-";
    const before = lines[index - 1];
    // Where lines around matches are shown, groups that do not follow each other are separated.
    const apart = context > 0 && (before === undefined || before.number + 1 < number) ? "--\n" : "";
    return `${apart}${name}${sign}${number}${sign}${text}`;
  });
}

/** A file with matches: its path, or `path:3` with their count. */
export const fileText = ({ path, matches }: FileMatches, given: string, wanted: MatchOutput): string =>
  `${visible(joined(given, path))}${wanted === "counts" ? `:${matches}` : ""}`;

export interface Facts {
  readonly page: ContentPage;
  readonly results: readonly ContentResult[];
  readonly wanted: MatchOutput;
  /** The path that was searched, as the client gave it. */
  readonly given: string;
  readonly cursor: string | undefined;
  /** What to try next. */
  readonly hints: readonly string[];
}

export const searchedBy = (results: readonly ContentResult[]): number =>
  results.reduce((total, each) => total + each.searched, 0);

/** What was found, what was searched, what was skipped and why, and how to continue. */
export function contentFacts({ page, results, wanted, given, cursor, hints }: Facts): string {
  const skipped = skippedFacts(
    results.map((each) => each.skipped),
    given,
  );
  const lines = counted(page.matches, "matching line");
  const files =
    wanted === "files" ? counted(page.files, "matching file") : `${lines} in ${counted(page.files, "file")}`;
  if (cursor === undefined) {
    const all = [files, `${counted(searchedBy(results), "file")} searched`, ...skipped].join(", ");
    const hint = hints.map((each) => ` Hint: ${each}.`).join("");
    return `${all}${skipped.length === 0 ? ", complete" : ""}${hint && "."}${hint}`;
  }
  // On a single page, no number may read as the total.
  const why = results.some(({ stopped }) => stopped) ? "stopped at the deadline" : "more follow";
  return [`${files} shown`, ...skipped, `${why}: cursor ${cursor}`].join(", ");
}

function skippedFacts(all: readonly Skipped[], given: string): readonly string[] {
  const sum = (count: (skipped: Skipped) => number) => all.reduce((total, each) => total + count(each), 0);
  const [ignoredFiles, ignoredDirectories] = [sum((each) => each.ignoredFiles), sum((each) => each.ignoredDirectories)];
  const ignored = [
    ...(ignoredFiles > 0 ? [counted(ignoredFiles, "file")] : []),
    ...(ignoredDirectories > 0 ? [counted(ignoredDirectories, "directory", "directories")] : []),
  ].join(" and ");
  const [binary, large, unread] = [sum((each) => each.binary), sum((each) => each.large), sum((each) => each.unread)];
  const notUtf8 = sum((each) => each.notUtf8);
  const paths = all.flatMap((each) => each.notUtf8Paths).sort();
  const names = paths.slice(0, NAMED).map((path) => JSON.stringify(visible(joined(given, path))));
  const more = notUtf8 > names.length ? ` and ${notUtf8 - names.length} more` : "";
  return [
    ...(ignored === "" ? [] : [`${ignored} skipped by ignore files (include_ignored: true searches them)`]),
    ...(binary > 0 ? [`${counted(binary, "binary file")} skipped`] : []),
    ...(large > 0 ? [`${counted(large, "UTF-16 file")} too large to search`] : []),
    ...(unread > 0 ? [`${unread} could not be read`] : []),
    ...(notUtf8 > 0
      ? [`only ASCII and UTF-8 text searched in ${counted(notUtf8, "file")} not in UTF-8: ${names.join(", ")}${more}`]
      : []),
  ];
}

/** Characters of the matches found before the search got stuck. */
const FOUND = 2000;

/**
 * The error of a search that had to be terminated in the middle of a file. It includes the matches found so far,
 * because the next attempt may find fewer.
 */
export function stuckError(
  stuckIn: string,
  parts: readonly FileMatches[],
  given: string,
  signal: AbortSignal,
): unknown {
  const { reason }: { readonly reason: unknown } = signal;
  if (!(reason instanceof ToolError) || reason.code !== "timeout") return reason;
  const lines = inOrder(parts).flatMap((file) => textsOf(file, given, 0));
  const found = lines.join("\n").slice(0, FOUND);
  const before = lines.length === 0 ? "Nothing was found before" : `Found before:\n${found}\nNot all is listed`;
  return new ToolError(
    "timeout",
    `the search did not finish in time and was stopped in ${JSON.stringify(visible(stuckIn))}. Simplify the ` +
      `expression, such as nested repetitions, or exclude that file. ${before}.`,
  );
}
