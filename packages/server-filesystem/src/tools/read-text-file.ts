import { defineTool, READ_ONLY, ToolError } from "@org/server-kit";
import * as z from "zod";
import { pathInput } from "../common/fields.ts";
import type { Files } from "../context.ts";
import { FACTS_ROOM, factsOf } from "../text/facts.ts";
import { readText } from "../text/read.ts";
import type { Lines } from "../text/select.ts";

const lineNumber = () => z.int().min(1).optional();

export const readTextFile = defineTool({
  name: "read_text_file",
  title: "Read a text file",
  description:
    "Returns lines of a text file of any size, then a line with its etag, line numbers and next offset. Without head, " +
    "tail or offset: from line 1 as much as fits. Use search_content to find lines, read_media_file for what is no text.",
  annotations: READ_ONLY,
  input: z.strictObject({
    path: pathInput,
    head: lineNumber().describe("Only the first lines, this many."),
    tail: lineNumber().describe("Only the last lines, this many."),
    offset: lineNumber().describe("First line to return, counted from 1."),
    limit: lineNumber().describe("Lines to return at most, from offset on."),
    encoding: z
      .string()
      .optional()
      .describe("shift_jis, gb18030, windows-1252 and the like. UTF-8 and UTF-16 are recognised."),
  }),
  async run({ path, encoding, ...range }, { sandbox }: Files, call) {
    const lines = linesOf(range);
    const wanted = { lines, room: call.maxOutput - FACTS_ROOM, encoding, maxRead: sandbox.maxRead };
    const reading = await readText(sandbox.at(path), wanted, call);
    return [reading.text, factsOf(reading, range.tail).join(", ")];
  },
});

interface Range {
  readonly head?: number | undefined;
  readonly tail?: number | undefined;
  readonly offset?: number | undefined;
  readonly limit?: number | undefined;
}

/** @throws ToolError invalid_input when more than one way to choose lines is used */
function linesOf({ head, tail, offset, limit }: Range): Lines {
  const ways = [head, tail, offset ?? limit].filter((way) => way !== undefined);
  if (ways.length > 1) {
    throw new ToolError("invalid_input", "pass head, or tail, or offset with limit: at most one of these three.");
  }
  if (tail !== undefined) return { tail };
  return { offset: offset ?? 1, limit: head ?? limit ?? Number.MAX_SAFE_INTEGER };
}
