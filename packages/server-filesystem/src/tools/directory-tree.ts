import { counted, defineTool, READ_ONLY } from "@org/server-kit";
import * as z from "zod";
import { ignoredInput, pathInput } from "../common/fields.ts";
import { globList } from "../common/glob-list.ts";
import type { Files } from "../context.ts";
import { compileExclude } from "../glob/glob.ts";
import { ignoreTextsFor, understood } from "../search/search.ts";
import type { TreeResult } from "../search/tree.ts";

/** Characters of the line of facts. */
const FACTS = 500;

export const directoryTree = defineTool({
  name: "directory_tree",
  title: "Show a directory tree",
  description:
    "Returns everything below a directory as JSON: name, type and, for directories, children. Entries that do not fit are cut, deepest " +
    "levels first, and marked (more, truncated). Use list_directory for sizes and times.",
  annotations: READ_ONLY,
  input: z.strictObject({
    path: pathInput,
    maxDepth: z.int().min(1).optional().describe("Levels; 1 is the directory's own entries. Default all."),
    excludePatterns: globList("Globs of what to leave out: node_modules, *.log."),
    maxEntries: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(1000)
      .describe("Maximum number of entries to show, 1 to 1000000. Default 1000."),
    include_ignored: ignoredInput,
  }),
  async run(
    { path, maxDepth, excludePatterns: exclude, maxEntries, include_ignored },
    { sandbox, search }: Files,
    call,
  ) {
    const place = sandbox.at(path);
    for (const pattern of exclude) understood("excludePatterns", pattern, () => compileExclude([pattern]));
    const args = { maxDepth, exclude, maxEntries, maxCharacters: call.maxOutput - FACTS };
    const [ended] = await search.run(
      "tree",
      place,
      async (start) => [{ ...args, ignore: await ignoreTextsFor(place, start, include_ignored) }],
      call,
    );
    if (!ended || !("result" in ended)) throw call.signal.reason;
    return [ended.result.text, factsOf(ended.result)];
  },
});

function factsOf({ shown, left, unlisted, deeper, unread, ignored, stopped }: TreeResult): string {
  const facts = [
    counted(shown, "entry", "entries"),
    ...(left > 0 ? [`${left} more in directories marked with more`] : []),
    ...(unlisted > 0 ? [`${counted(unlisted, "directory", "directories")} not listed, marked truncated`] : []),
    ...(deeper > 0 ? [`${counted(deeper, "directory", "directories")} below maxDepth, marked truncated`] : []),
    ...(unread > 0 ? [`${counted(unread, "directory", "directories")} could not be read, marked with problem`] : []),
    ...(ignored > 0 ? [`${ignored} left out by ignore files`] : []),
    ...(stopped ? ["stopped at the deadline"] : []),
  ];
  const cut = left + unlisted > 0 || stopped;
  const advice = "; for the rest ask for a directory below, raise maxEntries, or leave more out with excludePatterns";
  return `${facts.join(", ")}${cut ? advice : deeper + unread + ignored > 0 ? "" : ", complete"}`;
}
