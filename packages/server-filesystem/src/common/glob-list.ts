import * as z from "zod";

/** Patterns of one argument. */
const MOST = 100;

/**
 * A list of globs. One text is taken for a list too, as models write it: `*.ts, *.tsx`, one glob a line, or JSON. The schema
 * says list, for hosts that know nothing else; a glob with a comma in it stands in one.
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
  // Commas in braces and brackets belong to the glob.
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
