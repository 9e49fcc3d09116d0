import { ToolError } from "@org/server-kit";
import * as z from "zod";
import { facts } from "../markdown/facts.ts";
import { visibleName } from "../note-path.ts";
import { localDay } from "../vault/daily/dates.ts";
import type { Note } from "../vault/notes.ts";

/** A note by its path or its title, as every tool accepts it. */
export const noteInput = z.string().describe("Path (projects/roadmap.md) or exact title (Roadmap).");

export const folderInput = z
  .string()
  .optional()
  .describe("Only this folder and those below it: projects/2026. Default: all folders.");

/** Tags that must all be present. */
export const tagsInput = z
  .array(z.string())
  .max(20)
  .optional()
  .describe("Only notes with all of these tags, at most 20; work also finds work/ideas.");

const dayInput = (text: string) => z.string().min(1).optional().describe(`${text} (YYYY-MM-DD).`);

export const changedInputs = {
  after: dayInput("Only notes last changed on this day or later"),
  before: dayInput("Only notes last changed before this day"),
};

export const cursorInput = z.string().min(1).optional().describe("Cursor from the previous page.");

/** The facts in every answer about a note. */
export const NoteState = z.object({
  path: z.string().describe("Relative to the notes folder."),
  title: z.string(),
  etag: z.string().describe("Names this state of the note; pass it as expected_etag."),
});

export const stateOf = ({ path, text, etag }: Note): z.output<typeof NoteState> => ({
  path: visibleName(path),
  title: visibleName(facts(text, path).title),
  etag,
});

/** `projects/roadmap.md ("Roadmap", etag Ab3-_)` */
export const stateText = ({ path, title, etag }: z.output<typeof NoteState>): string =>
  `${path} (${JSON.stringify(title)}, etag ${etag})`;

/** A note that could not be changed. */
export const FailedNote = z.object({ path: z.string(), reason: z.string() });
type FailedNote = z.output<typeof FailedNote>;

export const failuresOf = (failed: readonly FailedNote[], most: number): FailedNote[] =>
  failed.slice(0, most).map(({ path, reason }) => ({ path: visibleName(path), reason }));

export const failedText = ({ path, reason }: FailedNote): string => `  ${path}: ${reason}`;

/** A local day, as YYYY-MM-DD. */
export const dayOf = (ms: number): string => localDay(new Date(ms));

/**
 * The answer with as many rows as fit in a result. @param most number of rows available @param answerWith returns the
 * answer with the first `rows` of them
 */
export function fitting<T>(most: number, maxOutput: number, answerWith: (rows: number) => T): T {
  const fits = (answer: T) => JSON.stringify(answer).length * TEXT_RATIO < maxOutput;
  const whole = answerWith(most);
  if (fits(whole)) return whole;
  let best: T | undefined;
  for (let [low, high] = [1, most - 1]; low <= high; ) {
    const rows = Math.floor((low + high) / 2);
    const answer = answerWith(rows);
    if (fits(answer)) [best, low] = [answer, rows + 1];
    else high = rows - 1;
  }
  if (best !== undefined) return best;
  throw new ToolError(
    "too_large",
    "one row is larger than a result may be. Start the server with a larger --max-output.",
  );
}

/** The text of an answer may be a little longer than its JSON. */
const TEXT_RATIO = 1.1;
