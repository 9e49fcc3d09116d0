import * as z from "zod";

/** Most patterns in one argument. */
const MOST = 100;

/**
 * A list of globs. A string is accepted as a list too, in the forms that models write: `*.ts, *.tsx`, one glob per
 * line, or JSON. The schema says only list, for hosts that support nothing else; a glob with a comma must be in a list.
 */
export const globList = (text: string, otherwise = "none") =>
  z
    .preprocess(
      listOf,
      z.array(z.string()).refine((globs) => globs.length <= MOST, `at most ${MOST} globs`),
    )
    .default([])
    .describe(`${text} Default ${otherwise}.`);

function listOf(given: unknown): unknown {
  if (typeof given !== "string") return given;
  const list = /^\s*\[\s*["\]]/.test(given) ? parseJson(given) : undefined;
  if (Array.isArray(list)) return list;
  // Commas in braces and brackets are part of the glob.
  const globs = given.match(/(?:\\.|\{[^}]*\}|\[[^\]]*\]|[^,\n])+/gs) ?? [];
  return globs.map((glob) => glob.trim()).filter((glob) => glob !== "");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
