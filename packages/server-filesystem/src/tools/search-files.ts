import type { ScanStart } from "@org/beneath";
import { type Call, counted, defineTool, fromCursor, READ_ONLY, ToolError, toCursor } from "@org/server-kit";
import * as z from "zod";
import { instantOf } from "../common/date-input.ts";
import { EntryState, entryText, fitting, stateOf } from "../common/entries.ts";
import { cursorInput, ignoredInput, pathInput } from "../common/fields.ts";
import { globList } from "../common/glob-list.ts";
import { nameHints } from "../common/search-hints.ts";
import type { Files } from "../context.ts";
import { compileExclude, compileGlob } from "../glob/glob.ts";
import { joined } from "../sandbox/joined.ts";
import type { FindArgs } from "../search/find-names.ts";
import type { Ranked } from "../search/ranked-page.ts";
import { ignoreTextsFor, understood } from "../search/search.ts";

const size = (text: string) => z.int().min(0).optional().describe(text);

/** Where a page by path continues, and the entry after which one by size or time does. */
const Place = z.union([z.string(), z.object({ rank: z.number(), name: z.string() })]);

export const searchFiles = defineTool({
  name: "search_files",
  title: "Search files by name",
  description:
    "Finds paths below a directory by a glob, with type, size and time; dotfiles and ignored files included. Use " +
    "search_content for file contents.",
  annotations: READ_ONLY,
  input: z.strictObject({
    path: pathInput,
    pattern: z.string().describe("Glob: *.ts by name at any depth, src/**/*.{ts,tsx} by path, /*.md at the top only."),
    excludePatterns: globList("Globs of what to leave out: node_modules."),
    case_sensitive: z.boolean().default(true).describe("Default true."),
    type: z.enum(["file", "directory", "symlink", "any"]).default("any").describe("Default any."),
    modified_after: z.string().min(1).optional().describe("2026-05-01, or with a time: 2026-05-01T13:45:00Z."),
    min_size: size("Smallest size in bytes."),
    max_size: size("Largest size in bytes."),
    sort_by: z
      .enum(["path", "size", "modified"])
      .default("path")
      .describe("path, or largest or newest first. Default path."),
    include_ignored: ignoredInput,
    limit: z.int().min(1).max(1000).default(100).describe("Matches per page, 1 to 1000. Default 100."),
    cursor: cursorInput,
  }),
  output: z.object({
    matches: z.array(EntryState.extend({ path: z.string() })),
    complete: z.boolean().describe("Whether nothing is missing: no further page, and all directories were read."),
    cursor: z.string().optional().describe("Pass it to get the next page; missing on the last one."),
    unreadable: z.int().optional().describe("Directories that could not be read."),
    ignored: z.int().optional().describe("Entries that ignore files leave out, a directory counted as one."),
    stopped: z.boolean().optional().describe("The deadline came first: what was found so far."),
    hint: z.string().optional().describe("What to try when nothing matches."),
  }),
  async run(input, { sandbox, search }: Files, call) {
    const { pattern, excludePatterns: exclude, case_sensitive: caseSensitive, type: kind, limit } = input;
    const { min_size: minSize, max_size: maxSize, sort_by: sortBy } = input;
    const place = sandbox.at(input.path);
    understood("pattern", pattern, () => compileGlob(pattern));
    for (const each of exclude) understood("excludePatterns", each, () => compileExclude([each]));
    if (minSize !== undefined && maxSize !== undefined && minSize > maxSize) {
      throw new ToolError("invalid_input", "min_size is larger than max_size.");
    }
    const modifiedAfter =
      input.modified_after === undefined ? undefined : instantOf("modified_after", input.modified_after);
    const options = { pattern, exclude, kind, modifiedAfter, minSize, maxSize, sortBy, limit };
    const { limit: _, ...asked } = options;
    const question = ["find", place.root.path, place.path, asked, caseSensitive, input.include_ignored];
    const from = fromCursor<string | Ranked>(input.cursor, Place, question);
    const paged = typeof from === "object" ? { from: undefined, after: from } : { from, after: undefined };
    const find = async (args: Omit<FindArgs, "ignore">, each: Pick<Call, "signal" | "progress">) => {
      const prepare = async (start: ScanStart) => [
        { ...args, ignore: await ignoreTextsFor(place, start, input.include_ignored) },
      ];
      const [ended] = await search.run("find", place, prepare, each);
      if (!ended || !("result" in ended)) throw each.signal.reason;
      return ended.result;
    };
    const { found, next, more, unread, ignored, stopped } = await find({ ...options, caseSensitive, ...paged }, call);
    const rows = found.map((each) => ({ path: joined(input.path, each.path), ...stateOf(each) }));
    const matches = fitting(rows, call.maxOutput, (row) => entryText(row.path, row));
    const last = found[matches.length - 1];
    const isCut = matches.length < found.length || more;
    const ranked = isCut && last ? { rank: last.rank, name: last.name } : undefined;
    // After a search that was stopped, another page by size or time would start over.
    const onward = sortBy === "path" ? (found[matches.length]?.path ?? next) : stopped ? undefined : ranked;
    const isComplete = onward === undefined && unread === 0 && !stopped;
    const look = async (each: Pick<Call, "signal" | "progress">) => {
      const result = await find(
        { ...options, caseSensitive: false, limit: 1, from: undefined, after: undefined },
        each,
      );
      return result.found[0]?.path;
    };
    const isEmpty = matches.length === 0 && onward === undefined && input.cursor === undefined;
    const hints = isEmpty && !stopped ? await nameHints({ pattern, caseSensitive, place, call }, look) : [];
    return {
      matches: [...matches],
      complete: isComplete,
      ...(onward !== undefined && { cursor: toCursor(onward, question) }),
      ...(unread > 0 && { unreadable: unread }),
      ...(ignored > 0 && { ignored }),
      ...(stopped && { stopped }),
      ...(hints.length > 0 && { hint: hints.join("; ") }),
    };
  },
  render({ matches, cursor, unreadable, ignored, stopped, complete, hint }) {
    const count = counted(matches.length, "match", "matches");
    const facts = [
      cursor === undefined && !stopped ? count : `${count} shown`,
      ...(unreadable ? [`${counted(unreadable, "directory", "directories")} could not be read`] : []),
      ...(ignored ? [`${ignored} left out by ignore files`] : []),
      ...(stopped ? ["stopped at the deadline"] : []),
      ...(cursor === undefined ? [] : [`${stopped ? "go on with" : "more follow:"} cursor ${cursor}`]),
      ...(complete ? ["complete"] : []),
    ];
    const tail = hint === undefined ? "" : `. Hint: ${hint}.`;
    return [...matches.map((entry) => entryText(entry.path, entry)), facts.join(", ") + tail].join("\n");
  },
});
