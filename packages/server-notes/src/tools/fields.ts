import { ToolError } from "@org/server-kit";
import * as z from "zod";
import { facts } from "../markdown/facts.ts";
import type { Note } from "../vault/notes.ts";
import { formatDate } from "../vault/templates.ts";

/** A note by its path or its title, as every tool takes it. */
export const noteInput = z.string().describe("Path (projects/roadmap.md) or exact title (Roadmap).");

export const folderInput = z.string().optional().describe("Only this folder and those below: projects/2026.");

export const cursorInput = z.string().min(1).optional().describe("cursor from the previous page.");

/** What every answer about a note says. */
export const NoteState = z.object({
  path: z.string().describe("Relative to the notes folder."),
  title: z.string(),
  etag: z.string().describe("Names this state of the note; pass it as expected_etag."),
});

export const stateOf = ({ path, text, etag }: Note): z.output<typeof NoteState> => ({
  path,
  title: facts(text, path).title,
  etag,
});

/** `projects/roadmap.md ("Roadmap", etag Ab3-_)` */
export const stateText = ({ path, title, etag }: z.output<typeof NoteState>): string =>
  `${path} (${JSON.stringify(title)}, etag ${etag})`;

/** A local day, as YYYY-MM-DD. */
export const dayOf = (ms: number): string => formatDate(new Date(ms), "YYYY-MM-DD");

/**
 * Asks for fewer rows until the answer fits what a result may hold.
 * @param ask gives the answer for a number of rows
 */
export async function fitting<T>(limit: number, maxOutput: number, ask: (limit: number) => Promise<T>): Promise<T> {
  for (let rows = limit; ; rows = Math.ceil(rows / 2)) {
    const answer = await ask(rows);
    if (JSON.stringify(answer).length * TEXT_RATIO < maxOutput) return answer;
    if (rows === 1)
      throw new ToolError(
        "too_large",
        "one row is larger than the limit. Start the server with a larger --max-output.",
      );
  }
}

/** The text of an answer may be a little longer than its JSON. */
const TEXT_RATIO = 1.1;
