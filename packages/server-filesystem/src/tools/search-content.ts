import { defineTool, READ_ONLY } from "@org/server-kit";
import * as z from "zod";
import { factsOf, stuckError, textsOf } from "../common/content-text.ts";
import { decodeCursor, encodeCursor } from "../common/cursor.ts";
import { cursorInput } from "../common/fields.ts";
import type { Files } from "../context.ts";
import { compileExclude, compileGlob } from "../glob/glob.ts";
import { ignoreTextsAbove } from "../glob/ignore-above.ts";
import type { ContentArgs } from "../search/find-lines.ts";
import { createMatcher } from "../search/in-file/matcher.ts";
import { mergeContent } from "../search/merge.ts";
import { understood } from "../search/search.ts";
import type { FileMatches } from "../search/types.ts";

/** A list in the schema, since hosts drop alternatives; a single glob is taken as well. */
const globs = (text: string) =>
  z
    .preprocess((given) => (typeof given === "string" ? [given].filter(Boolean) : given), z.array(z.string()).max(100))
    .default([])
    .describe(text);
const Position = z.object({ path: z.string(), line: z.int().min(1) });

/** Characters that the line of facts needs, a cursor with a long path in it. */
const FACTS = 3000;

export const searchContent = defineTool({
  name: "search_content",
  title: "Search in files",
  description:
    "Lines of files that match a text or regular expression, as path:line:text, lines around them as path-line-text. " +
    "Reads UTF-8, and UTF-16 with a byte order mark; skips binary files and what .gitignore and .ignore say. Use search_files for names.",
  annotations: READ_ONLY,
  input: z.strictObject({
    path: z
      .string()
      .describe("Directory to search, or one file; absolute, or relative to the first allowed directory."),
    query: z.string().describe("Text to find within a line."),
    regex: z.boolean().default(false).describe("Whether query is a JavaScript regular expression."),
    case_sensitive: z.boolean().default(true).describe("Whether upper and lower case differ."),
    include: globs("Globs of files to search: *.ts, src/**. Default all."),
    exclude: globs("Globs of what to leave out: *.min.js, dist."),
    context_lines: z.int().min(0).max(20).default(0).describe("Lines to show before and after each match."),
    include_ignored: z
      .boolean()
      .default(false)
      .describe("Whether to search what .gitignore and .ignore leave out, and .git."),
    limit: z.int().min(1).max(1000).default(100).describe("Matching lines a page."),
    cursor: cursorInput,
  }),
  async run(input, { sandbox, search }: Files, call) {
    const { query, regex, case_sensitive: caseSensitive, context_lines: context, include_ignored, limit } = input;
    const { include, exclude } = input;
    const place = sandbox.at(input.path);
    understood("query", query, () => createMatcher({ query, regex, caseSensitive }));
    for (const each of include) understood("include", each, () => compileGlob(each));
    for (const each of exclude) understood("exclude", each, () => compileExclude([each]));
    const options = { query, regex, caseSensitive, include, exclude, context, include_ignored };
    const question = ["content", place.root.path, place.path, options];
    const from = decodeCursor(question, Position, input.cursor);
    const parts: FileMatches[] = [];
    const ended = await search.run(
      "content",
      place,
      async (start) => {
        const ignore =
          include_ignored || start.kind === "file" ? undefined : await ignoreTextsAbove(place.root, start.path);
        // A second thread only where one has nothing to do, and never for a single file.
        const shares = start.kind === "file" ? 1 : Math.max(1, Math.min(2, search.idle(regex)));
        const args = { ...options, ignore, limit, from, shares, maxRead: sandbox.maxRead };
        return Array.from({ length: shares }, (_, share): ContentArgs => ({ ...args, share }));
      },
      call,
      (part) => parts.push(...part),
    );
    for (const each of ended) {
      if (!("stuckIn" in each)) continue;
      // Without an expression it is the file system that did not answer in time.
      throw regex ? stuckError(each.stuckIn, parts, input.path, call.signal) : call.signal.reason;
    }
    const results = ended.flatMap((each) => ("result" in each ? [each.result] : []));
    const room = call.maxOutput - FACTS;
    const page = mergeContent(parts, results, { limit, room, context }, (file) => textsOf(file, input.path, context));
    const cursor = page.next && encodeCursor(question, page.next);
    // Nothing is above the first line to be set apart from.
    const lines = page.texts.join("\n").replace(/^--\n/, "");
    return [lines || "(no matches)", factsOf(page, results, cursor)];
  },
});
