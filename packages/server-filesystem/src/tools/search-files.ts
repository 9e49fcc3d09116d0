import { defineTool, READ_ONLY, ToolError } from "@org/server-kit";
import * as z from "zod";
import { decodeCursor, encodeCursor } from "../common/cursor.ts";
import { instantOf } from "../common/date-input.ts";
import { EntryState, entryText, fitting, stateOf } from "../common/entries.ts";
import { counted, cursorInput, pathInput } from "../common/fields.ts";
import type { Files } from "../context.ts";
import { compileExclude, compileGlob } from "../glob/glob.ts";
import { joined } from "../sandbox/joined.ts";
import { understood } from "../search/search.ts";

const size = (text: string) => z.int().min(0).optional().describe(text);

export const searchFiles = defineTool({
  name: "search_files",
  title: "Search files by name",
  description:
    "Paths below a directory whose name matches a glob, sorted, with type, size and time; dotfiles and ignored files " +
    "included. Use search_content for what is in files.",
  annotations: READ_ONLY,
  input: z.strictObject({
    path: pathInput,
    pattern: z.string().describe("Glob: *.ts by name at any depth, src/**/*.{ts,tsx} by path, /*.md at the top alone."),
    excludePatterns: z.array(z.string()).max(100).default([]).describe("Globs of what to leave out: node_modules."),
    type: z.enum(["file", "directory", "symlink", "any"]).default("any").describe("What to find."),
    modified_after: z.string().min(1).optional().describe("2026-05-01, or with a time: 2026-05-01T13:45:00Z."),
    min_size: size("Bytes a file has at least."),
    max_size: size("Bytes a file has at most."),
    limit: z.int().min(1).max(1000).default(100).describe("Matches a page."),
    cursor: cursorInput,
  }),
  output: z.object({
    matches: z.array(EntryState.extend({ path: z.string() })),
    complete: z.boolean().describe("Whether there is no more: neither pages, nor directories that could not be read."),
    cursor: z.string().optional().describe("Pass it to go on where this ended, at the limit or the deadline."),
    unreadable: z.int().optional().describe("Directories that could not be read."),
  }),
  async run(input, { sandbox, search }: Files, call) {
    const { pattern, excludePatterns: exclude, type: kind, min_size: minSize, max_size: maxSize, limit } = input;
    const place = sandbox.at(input.path);
    understood("pattern", pattern, () => compileGlob(pattern));
    for (const each of exclude) understood("excludePatterns", each, () => compileExclude([each]));
    if (minSize !== undefined && maxSize !== undefined && minSize > maxSize) {
      throw new ToolError("invalid_input", "min_size is larger than max_size.");
    }
    const modifiedAfter =
      input.modified_after === undefined ? undefined : instantOf("modified_after", input.modified_after);
    const question = ["find", place.root.path, place.path, pattern, exclude, kind, modifiedAfter, minSize, maxSize];
    const from = decodeCursor(question, z.string(), input.cursor);
    const args = { pattern, exclude, kind, modifiedAfter, minSize, maxSize, limit, from };
    const [ended] = await search.run("find", place, () => [args], call);
    if (!ended || !("result" in ended)) throw call.signal.reason;
    const { found, next, unread } = ended.result;
    const rows = found.map((each) => ({ path: joined(input.path, each.path), ...stateOf(each) }));
    const matches = fitting(rows, call.maxOutput, (row) => entryText(row.path, row));
    const onward = found[matches.length]?.path ?? next;
    return {
      matches: [...matches],
      complete: onward === undefined && unread === 0,
      ...(onward !== undefined && { cursor: encodeCursor(question, onward) }),
      ...(unread > 0 && { unreadable: unread }),
    };
  },
  render({ matches, cursor, unreadable }) {
    const facts = [
      counted(matches.length, "match", "matches"),
      ...(unreadable ? [`${counted(unreadable, "directory", "directories")} could not be read`] : []),
      cursor === undefined ? "no more" : `there may be more: cursor ${cursor}`,
    ];
    return [...matches.map((entry) => entryText(entry.path, entry)), facts.join(", ")].join("\n");
  },
});
