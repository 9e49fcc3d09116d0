import { BeneathError } from "@org/beneath";
import { counted, defineTool, fromCursor, READ_ONLY, toCursor } from "@org/server-kit";
import * as z from "zod";
import { EntryState, entryText, fitting, stateOf } from "../common/entries.ts";
import { cursorInput, pathInput } from "../common/fields.ts";
import type { Files } from "../context.ts";
import { compileGlob } from "../glob/glob.ts";
import type { Place } from "../sandbox/types.ts";
import type { Ranked } from "../search/ranked-page.ts";
import { understood } from "../search/search.ts";

const TARGETS = ["file", "directory", "other", "outside", "missing"] as const;

const Entry = EntryState.extend({
  name: z.string(),
  target: z.enum(TARGETS).optional().describe("Type of a symlink's target."),
});

const Last = z.object({ rank: z.number(), name: z.string() });

export const listDirectory = defineTool({
  name: "list_directory",
  title: "List a directory",
  description:
    "Lists one directory with type, size and time, dotfiles included. Use directory_tree for everything below, " +
    "search_files to find names anywhere.",
  annotations: READ_ONLY,
  input: z.strictObject({
    path: pathInput,
    sortBy: z
      .enum(["name", "size", "modified"])
      .default("name")
      .describe("name, or largest or newest first. Default name."),
    pattern: z.string().min(1).optional().describe("Glob for names: *.{ts,tsx}. Default all."),
    limit: z.int().min(1).max(1000).default(300).describe("Entries per page."),
    cursor: cursorInput,
  }),
  output: z.object({
    entries: z.array(Entry),
    total: z.int().describe("Entries of the directory that match."),
    cursor: z.string().optional().describe("Pass it to get the next page; missing on the last one."),
  }),
  async run({ path, sortBy, pattern, limit, cursor }, { sandbox, search }: Files, call) {
    const place = sandbox.at(path);
    if (pattern !== undefined) understood("pattern", pattern, () => compileGlob(pattern));
    const question = ["list", place.root.path, place.path, sortBy, pattern];
    const after = fromCursor<Ranked>(cursor, Last, question);
    const [ended] = await search.run("list", place, () => [{ sortBy, pattern, limit, after }], call);
    // A page made from part of the names would be a different page.
    if (!ended || !("result" in ended) || !ended.result) throw call.signal.reason;
    const { entries, total, more } = ended.result;
    const rows = await Promise.all(
      entries.map(async (entry) => ({
        rank: entry.rank,
        row: {
          name: entry.name,
          ...stateOf(entry),
          ...(entry.kind === "symlink" && (await targetOf(place, entry.path))),
        },
      })),
    );
    const shown = fitting(rows, call.maxOutput, ({ row }) => entryText(row.name, row));
    const last = shown.at(-1);
    const goesOn = last && (more || shown.length < rows.length);
    return {
      entries: shown.map(({ row }) => row),
      total,
      ...(goesOn && { cursor: toCursor({ rank: last.rank, name: last.row.name }, question) }),
    };
  },
  render({ entries, total, cursor }) {
    const head = entries.map((entry) => entryText(entry.name, entry));
    const count = `${entries.length} of ${counted(total, "entry", "entries")}`;
    return [...head, cursor === undefined ? count : `${count} shown, more follow: cursor ${cursor}`].join("\n");
  },
});

/** Undefined where links are not followed, or the target is denied. */
async function targetOf({ root, path }: Place, below: string): Promise<{ target?: (typeof TARGETS)[number] }> {
  try {
    const { target } = await root.stat(path === "" ? below : `${path}/${below}`);
    return target === undefined ? {} : { target };
  } catch (error) {
    if (error instanceof BeneathError) return {};
    throw error;
  }
}
