import { defineTool, READ_ONLY, ToolError } from "@org/server-kit";
import * as z from "zod";
import { pathInput } from "../common/fields.ts";
import type { Files } from "../context.ts";
import { onReadable } from "../sandbox/look-alike.ts";
import { refuseSlash } from "../sandbox/trailing-slash.ts";
import { FACTS_ROOM, factsOf } from "../text/facts.ts";
import { readText } from "../text/read.ts";
import type { LineRange, Reading } from "../text/types.ts";

const atLeastOne = () => z.int().min(1).optional();

export const readTextFile = defineTool({
  name: "read_text_file",
  title: "Read a text file",
  description:
    "Returns lines of a text file of any size, then a line of facts: etag, line numbers, next offset. Use " +
    "search_content to find lines, read_media_file for binary files.",
  annotations: READ_ONLY,
  input: z.strictObject({
    path: pathInput,
    head: atLeastOne().describe("Return only this many lines from the start, at least 1."),
    tail: atLeastOne().describe("Return only this many lines from the end, at least 1."),
    offset: atLeastOne().describe("First line to return, from 1."),
    column: atLeastOne().describe("First character of that line, from 1: reads a long line in parts."),
    limit: atLeastOne().describe("Maximum number of lines to return, at least 1."),
    line_numbers: z.boolean().default(false).describe("Start each line with its number and a tab. Default false."),
    encoding: z.string().min(1).optional().describe("Such as shift_jis. UTF-8 and UTF-16 are recognised."),
  }),
  async run({ path, encoding, line_numbers, ...range }, { sandbox }: Files, call) {
    const request = {
      lines: linesOf(range),
      room: call.maxOutput - FACTS_ROOM,
      isNumbered: line_numbers,
      encoding,
      maxRead: sandbox.maxRead,
    };
    const place = sandbox.at(path);
    refuseSlash(place);
    const { value: reading, readAs } = await onReadable(place, (found) => readText(found, request, call));
    const facts = [...factsOf(reading, range.tail), ...(readAs === undefined ? [] : [`read from "${readAs}"`])];
    return [line_numbers ? numbered(reading) : reading.text, facts.join(", ")];
  },
});

type Range = Partial<Readonly<Record<"head" | "tail" | "offset" | "column" | "limit", number | undefined>>>;

/** @throws ToolError invalid_input when lines are chosen in more than one way */
function linesOf({ head, tail, offset, column, limit }: Range): LineRange {
  const ways = [head, tail, offset ?? column ?? limit].filter((way) => way !== undefined);
  if (ways.length > 1) {
    throw new ToolError(
      "invalid_input",
      "head, tail, and offset with column and limit exclude one another: pass one of these three.",
    );
  }
  if (tail !== undefined) return { tail };
  return { offset: offset ?? 1, column: column ?? 1, limit: head ?? limit ?? Number.MAX_SAFE_INTEGER };
}

/** @throws ToolError invalid_input for the end of a file that is too large for counting its lines */
function numbered({ text, first, lines }: Reading): string {
  if (lines === 0) return text;
  if (first === undefined) {
    throw new ToolError(
      "invalid_input",
      "the lines of a file this large are not counted: leave out line_numbers, or pass offset in place of tail.",
    );
  }
  let line = first;
  return text.replace(/(?<![^\n])(?!$)/g, () => `${line++}\t`);
}
