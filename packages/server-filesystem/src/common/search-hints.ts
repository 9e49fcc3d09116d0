import type { Call } from "@org/server-kit";
import { globHint } from "../glob/hints.ts";
import { joined } from "../sandbox/joined.ts";
import type { Place } from "../sandbox/types.ts";
import { spellingHint } from "../search/in-file/spelling.ts";
import type { FileMatches } from "../search/types.ts";
import { visible } from "./entries.ts";
import { type ContentRun, runContent } from "./run-content.ts";

/** Milliseconds spent on a second look when the answer is empty. */
const SECOND_LOOK_MS = 1000;

/** Syntax that means something only in an expression, in a query that was searched as text. */
const EXPRESSION = /\||\\[.dDwWsSbB|()[\]{}+*?^$]|\.[*+]|\[[^\]]+\][*+?]?|^\^|[^\s$]\$$/;

/** Suggestions when nothing was found in files. @param searched number of files that were searched */
export async function contentHints(run: ContentRun, given: string, searched: number): Promise<readonly string[]> {
  const { query, regex, caseSensitive, include } = run.args;
  const absolute = `${run.place.root.path}/${run.place.path}`;
  const fromGlobs =
    searched > 0 ? [] : include.map((glob) => globHint(glob, absolute)).filter((hint) => hint !== undefined);
  const hints = [...new Set(fromGlobs)].slice(0, 2).map((hint) => `in include, ${hint}`);
  if (searched === 0 && include.length + run.args.exclude.length > 0 && hints.length === 0) {
    hints.push("no file passes include and exclude");
  }
  const spelling = regex ? spellingHint(query) : undefined;
  if (spelling !== undefined) hints.push(spelling);
  if (!regex && EXPRESSION.test(query))
    hints.push("query was searched as plain text: pass regex: true for an expression");
  const other = caseSensitive && searched > 0 && hasCase(query) ? await otherCase(run) : undefined;
  if (other) {
    const place = `${visible(joined(given, other.path))}:${other.lines[0]?.number ?? 1}`;
    hints.push(`ignoring case it matches, as in ${place}: pass case_sensitive: false`);
  }
  return hints;
}

async function otherCase(run: ContentRun): Promise<FileMatches | undefined> {
  const parts: FileMatches[] = [];
  const args = { ...run.args, caseSensitive: false, limit: 1, wanted: "lines", context: 0, from: undefined } as const;
  await secondLook(run.call, (call) => runContent({ ...run, args, call, most: 1 }, (part) => parts.push(...part)));
  return parts[0];
}

/** Suggestions when no name matched. @param find the same search, ignoring case; returns a path if there is one */
export async function nameHints(
  { pattern, caseSensitive, place, call }: NameSearch,
  find: (call: Pick<Call, "signal" | "progress">) => Promise<string | undefined>,
): Promise<readonly string[]> {
  const hint = globHint(pattern, `${place.root.path}/${place.path}`);
  const other = caseSensitive && hasCase(pattern) ? await secondLook(call, find) : undefined;
  return [
    ...(other === undefined
      ? []
      : [`ignoring case it matches ${JSON.stringify(visible(other))}: pass case_sensitive: false`]),
    ...(hint === undefined ? [] : [hint]),
  ];
}

export interface NameSearch {
  readonly pattern: string;
  readonly caseSensitive: boolean;
  readonly place: Place;
  readonly call: Pick<Call, "signal" | "progress">;
}

const hasCase = (text: string) => text.toLowerCase() !== text.toUpperCase();

/** A hint gets at most a second, and never costs the answer that it belongs to. */
async function secondLook<T>(
  { signal, progress }: Pick<Call, "signal" | "progress">,
  look: (call: Pick<Call, "signal" | "progress">) => Promise<T>,
): Promise<T | undefined> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(SECOND_LOOK_MS)]);
  try {
    return await look({ signal: limited, progress });
  } catch (error) {
    if (limited.aborted) return undefined;
    throw error;
  }
}
