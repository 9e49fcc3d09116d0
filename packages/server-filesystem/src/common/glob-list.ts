import * as z from "zod";

/** Patterns of one argument. */
const MOST = 100;

/**
 * A list of globs. One text is taken for a list too, as models write it: `*.ts, *.tsx`, or one glob a line. The schema
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
  // Commas in braces and brackets belong to the glob.
  const globs = given.match(/(?:\\.|\{[^}]*\}|\[[^\]]*\]|[^,\n])+/gs) ?? [];
  return globs.map((glob) => glob.trim()).filter((glob) => glob !== "");
}
