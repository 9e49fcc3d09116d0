import type { DiffPage } from "../history/diff/compare.ts";
import { totalsText } from "../history/diff/stat.ts";

/** Characters of an answer other than its diff: the fence, the facts, the cursor. */
export const DIFF_BESIDE = 1_200;

export const diffBody = ({ stat, patch }: DiffPage): string =>
  [stat, patch.text].filter((part) => part !== "").join("\n");

/** Which part of the whole diff this page is. */
export function diffFacts({ totals, patch }: DiffPage, cursor: string | undefined): string[] {
  const [first, last] = patch.files ?? [];
  const shown =
    first === undefined || last === undefined
      ? []
      : [first === last ? `diff of file ${first + 1}` : `diff of files ${first + 1} to ${last + 1}`];
  return [totalsText(totals), ...shown, ...(cursor === undefined ? [] : [`next cursor: ${cursor}`])];
}
