import { ToolError } from "@org/server-kit";
import { joined } from "../sandbox/joined.ts";
import type { ContentResult } from "../search/find-lines.ts";
import { type ContentPage, inOrder } from "../search/merge.ts";
import type { FileMatches } from "../search/types.ts";
import { visible } from "./entries.ts";
import { counted } from "./fields.ts";

/** The lines of a file as grep writes them: `path:12:text` of a match, `path-11-text` of one around it. */
export function textsOf({ path, lines }: FileMatches, given: string, context: number): readonly string[] {
  const name = visible(joined(given, path));
  return lines.map(({ number, text, isMatch }, index) => {
    const sign = isMatch ? ":" : "-";
    const before = lines[index - 1];
    // What does not follow on what is above it is set apart, where lines around a match are shown.
    const apart = context > 0 && (before === undefined || before.number + 1 < number) ? "--\n" : "";
    return `${apart}${name}${sign}${number}${sign}${text}`;
  });
}

/** Characters of a cursor that a host passes on without trouble. */
export function factsOf(page: ContentPage, results: readonly ContentResult[], cursor: string | undefined): string {
  const sum = (count: (result: ContentResult) => number) => results.reduce((total, each) => total + count(each), 0);
  const binary = sum(({ skipped }) => skipped.binary);
  const large = sum(({ skipped }) => skipped.large);
  const unread = sum(({ skipped }) => skipped.unread);
  const facts = [
    `${counted(page.matches, "matching line")} in ${counted(page.files, "file")}`,
    `${counted(
      sum(({ searched }) => searched),
      "file",
    )} searched`,
    ...(binary > 0 ? [`${counted(binary, "binary file")} skipped`] : []),
    ...(large > 0 ? [`${counted(large, "UTF-16 file")} too large to search`] : []),
    ...(unread > 0 ? [`${unread} could not be read`] : []),
  ];
  if (cursor === undefined) return `${facts.join(", ")}, complete`;
  const why = results.some(({ stopped }) => stopped) ? "stopped at the deadline" : "there is more";
  return `${facts.join(", ")}, ${why}: cursor ${cursor}`;
}

/** Characters of what was found before the search got stuck. */
const FOUND = 2000;

/** A search that had to be ended in the middle of a file. What it found before is told: the next try may find less. */
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
    `the search did not get to its end within the time, and was stopped in ${JSON.stringify(visible(stuckIn))}. Simplify the ` +
      `expression, such as nested repetitions, or exclude that file. ${before}.`,
  );
}
