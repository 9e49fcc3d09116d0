import { structuredPatch } from "diff";

const MOST_LINES = 40;
const LONGEST_LINE = 200;
/** With more changes the comparison would take seconds, for a diff that nobody reads. */
const MOST_CHANGES = 1000;

/** The changes of an edit as a unified diff with one line of context, cut if it is long. */
export function shortDiff(before: string, after: string): string {
  const patch = structuredPatch("", "", before, after, "", "", { context: 1, maxEditLength: MOST_CHANGES });
  if (!patch) return "(too many changes to show)";
  const lines = patch.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines: own }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...own,
  ]);
  const shown = lines
    .slice(0, MOST_LINES)
    .map((line) => line.replace(/\r$/, ""))
    .map(cut);
  const more = lines.length - shown.length;
  return [...shown, ...(more > 0 ? [`(${more} more lines)`] : [])].join("\n");
}

const cut = (line: string) => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line);
