import { counted, defineTool, READ_ONLY, ToolError } from "@org/server-kit";
import * as z from "zod";
import type { Files } from "../context.ts";
import { onReadable } from "../sandbox/look-alike.ts";
import { refuseSlash } from "../sandbox/trailing-slash.ts";
import { shareRoom } from "../text/budget.ts";
import { factsOf } from "../text/facts.ts";
import { readText, shortened } from "../text/read.ts";
import type { Reading } from "../text/types.ts";

const MOST_FILES = 100;
/** Files read at the same time. */
const AT_ONCE = 8;
/** Characters of a path in a header. */
const LONGEST_PATH = 1000;
/** Characters of the line above a file besides its path and facts, including a note about a cut. */
const AROUND = 120;
/** Characters of each error, when there are too many. */
const SHORT_ERROR = 100;

export const readMultipleFiles = defineTool({
  name: "read_multiple_files",
  title: "Read several files",
  description:
    "Returns several text files in one answer, each under a line with its path, etag and line numbers, or its error. " +
    "Read the rest of a cut file with read_text_file, at its next offset.",
  annotations: READ_ONLY,
  input: z.strictObject({
    paths: z.array(z.string()).min(1).max(MOST_FILES).describe("Paths as read_text_file takes them: 1 to 100."),
  }),
  async run({ paths }, files: Files, { signal, maxOutput }) {
    const outcomes = await readAll(paths, files, maxOutput, signal);
    const { room, longestError } = roomFor(paths, outcomes, maxOutput);
    const rooms = shareRoom(
      outcomes.map((outcome) => ("text" in outcome ? outcome.text.length : 0)),
      room,
    );
    const parts = outcomes.map((outcome, at) => partOf(paths[at] ?? "", outcome, rooms[at] ?? 0, longestError));
    const failed = outcomes.filter((outcome) => "error" in outcome).length;
    const isCut = outcomes.some((outcome, at) => "text" in outcome && outcome.text.length > (rooms[at] ?? 0));
    const facts = [
      `${counted(paths.length - failed, "file")} read`,
      ...(failed > 0 ? [`${failed} failed`] : []),
      ...(isCut ? ["some are cut: read on with read_text_file at their next offset"] : []),
    ];
    return [parts.join("\n"), facts.join(", ")];
  },
});

type Outcome = Reading | { readonly error: string };

async function readAll(
  paths: readonly string[],
  { sandbox }: Files,
  room: number,
  signal: AbortSignal,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const wanted = { lines: { offset: 1, column: 1, limit: Number.MAX_SAFE_INTEGER }, room, maxRead: sandbox.maxRead };
  const queue = paths.entries();
  const worker = async () => {
    for (const [at, path] of queue) {
      try {
        const place = sandbox.at(path);
        refuseSlash(place);
        outcomes[at] = (await onReadable(place, (found) => readText(found, wanted, { signal }))).value;
      } catch (error) {
        // Failures that are not the file's own end the call.
        if (signal.aborted || !(error instanceof ToolError)) throw error;
        outcomes[at] = { error: `${error.code}: ${error.message}` };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, paths.length) }, worker));
  return outcomes;
}

/** @throws ToolError too_large when even the lines above the files do not fit */
function roomFor(paths: readonly string[], outcomes: readonly Outcome[], maxOutput: number) {
  for (const longestError of [Number.POSITIVE_INFINITY, SHORT_ERROR]) {
    const sizes = outcomes.map((outcome, at) => {
      const words = "error" in outcome ? outcome.error.slice(0, longestError) : factsOf(outcome).join(", ");
      return nameOf(paths[at] ?? "").length + words.length + AROUND;
    });
    const room = maxOutput - sizes.reduce((sum, size) => sum + size, AROUND);
    if (room >= 0) return { room, longestError };
  }
  throw new ToolError("too_large", `${paths.length} files do not fit into one answer. Ask for fewer.`);
}

const nameOf = (path: string) => JSON.stringify(path.slice(0, LONGEST_PATH));

/** A line that begins with `==> `, as shell tools separate several files, then the file's text. */
function partOf(path: string, outcome: Outcome, room: number, longestError: number): string {
  const name = nameOf(path);
  if ("error" in outcome) return `==> ${name} <== ${outcome.error.slice(0, longestError)}\n`;
  const reading = outcome.text.length > room ? shortened(outcome, room) : outcome;
  const open = reading.text !== "" && !reading.text.endsWith("\n");
  const facts = [...factsOf(reading), ...(open && !reading.cut ? ["no line break at the end"] : [])];
  return `==> ${name} <== ${facts.join(", ")}\n${reading.text}${open ? "\n" : ""}`;
}
