import { defineTool, fromCursor, READ_ONLY, toCursor } from "@org/server-kit";
import * as z from "zod";
import { contentFacts, fileText, searchedBy, stuckError, textsOf } from "../common/content-text.ts";
import { cursorInput } from "../common/fields.ts";
import { globList } from "../common/glob-list.ts";
import { runContent } from "../common/run-content.ts";
import { contentHints } from "../common/search-hints.ts";
import type { Files } from "../context.ts";
import { compileExclude } from "../glob/glob.ts";
import { createMatcher } from "../search/in-file/matcher.ts";
import { mergeContent, mergeFiles } from "../search/merge.ts";
import { understood } from "../search/search.ts";
import type { FileMatches } from "../search/types.ts";

const Position = z.object({ path: z.string(), line: z.int().min(1) });

/** Characters of the line of facts, with a long path in its cursor, file names and hints. */
const FACTS = 5000;

export const searchContent = defineTool({
  name: "search_content",
  title: "Search in files",
  description:
    "Finds lines that contain a text or match a regular expression: path:line:text, lines around them as path-line-text. " +
    "Skips binary files and what .gitignore and .ignore exclude. Use search_files for names.",
  annotations: READ_ONLY,
  input: z.strictObject({
    path: z.string().describe("Directory or file to search."),
    query: z.string().describe("Text to find within a line."),
    regex: z.boolean().default(false).describe("Take query as a JavaScript regular expression. Default false."),
    case_sensitive: z.boolean().default(true).describe("Default true."),
    output: z
      .enum(["lines", "files", "counts"])
      .default("lines")
      .describe("Matching lines, files with matches, or the number of matches per file. Default lines."),
    include: globList("Globs of what to search: *.ts, src, docs/**/*.md.", "all"),
    exclude: globList("Globs of what to leave out: *.min.js, dist."),
    context_lines: z.int().min(0).max(20).default(0).describe("Lines around each match, 0 to 20. Default 0."),
    include_ignored: z.boolean().default(false).describe("Search ignored files and .git too. Default false."),
    limit: z.int().min(1).max(1000).default(100).describe("Matches per page, 1 to 1000. Default 100."),
    cursor: cursorInput,
  }),
  async run(input, { sandbox, search }: Files, call) {
    const { query, regex, case_sensitive: caseSensitive, output: wanted, include, exclude, limit } = input;
    const place = sandbox.at(input.path);
    understood("query", query, () => createMatcher({ query, regex, caseSensitive }));
    for (const each of include) understood("include", each, () => compileExclude([each]));
    for (const each of exclude) understood("exclude", each, () => compileExclude([each]));
    const context = wanted === "lines" ? input.context_lines : 0;
    const options = { query, regex, caseSensitive, wanted, include, exclude, context };
    const question = ["content", place.root.path, place.path, options, input.include_ignored];
    const from = fromCursor(input.cursor, Position, question);
    const args = { ...options, limit, from, maxRead: sandbox.maxRead };
    const parts: FileMatches[] = [];
    const run = { search, place, args, includesIgnored: input.include_ignored, call, most: 2 };
    const ended = await runContent(run, (part) => parts.push(...part));
    for (const each of ended) {
      if (!("stuckIn" in each)) continue;
      // Without an expression, the file system was too slow.
      throw regex ? stuckError(each.stuckIn, parts, input.path, call.signal) : call.signal.reason;
    }
    const results = ended.flatMap((each) => ("result" in each ? [each.result] : []));
    const room = call.maxOutput - Math.min(FACTS, call.maxOutput / 2);
    const page =
      wanted === "lines"
        ? mergeContent(parts, results, { limit, room, context }, (file) => textsOf(file, input.path, context))
        : mergeFiles(parts, results, { limit, room }, (file) => fileText(file, input.path, wanted));
    const cursor = page.next && toCursor(page.next, question);
    const isEmpty = page.files === 0 && from === undefined && cursor === undefined;
    const hints = isEmpty ? await contentHints(run, input.path, searchedBy(results)) : [];
    // Nothing precedes the first line, so it needs no separator.
    const lines = page.texts.join("\n").replace(/^--\n/, "");
    return [lines || "(no matches)", contentFacts({ page, results, wanted, given: input.path, cursor, hints })];
  },
});
