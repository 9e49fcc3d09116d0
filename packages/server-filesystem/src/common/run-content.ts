import type { Call } from "@org/server-kit";
import type { Place } from "../sandbox/types.ts";
import type { ContentArgs, ContentResult } from "../search/find-lines.ts";
import { type Ended, ignoreTextsFor, type Search } from "../search/search.ts";
import type { FileMatches } from "../search/types.ts";

export interface ContentRun {
  readonly search: Search;
  readonly place: Place;
  readonly args: Omit<ContentArgs, "ignore" | "share" | "shares">;
  readonly includesIgnored: boolean;
  readonly call: Pick<Call, "signal" | "progress">;
  /** Most threads to use. */
  readonly most: number;
}

/**
 * Searches in files, using a second thread if one is idle. @param found receives the matches, in no particular order
 */
export const runContent = (
  { search, place, args, includesIgnored, call, most }: ContentRun,
  found: (part: readonly FileMatches[]) => void,
): Promise<readonly Ended<ContentResult>[]> =>
  search.run(
    "content",
    place,
    async (start) => {
      const ignore = await ignoreTextsFor(place, start, includesIgnored);
      const shares = start.kind === "file" ? 1 : Math.max(1, Math.min(most, search.idle(args.regex)));
      return Array.from({ length: shares }, (_, share): ContentArgs => ({ ...args, ignore, share, shares }));
    },
    call,
    found,
  );
