import { counted, defineTool, quote, READ_ONLY, ToolError } from "@org/server-kit";
import * as z from "zod";
import type { Notes } from "../context.ts";
import { findFrontMatter, readFrontMatter } from "../markdown/front-matter/front-matter.ts";
import { findSection } from "../markdown/headings.ts";
import { outlineOf } from "../markdown/outline.ts";
import { lineAt } from "../markdown/text.ts";
import { visibleName } from "../note-path.ts";
import { readNote as read } from "../vault/notes.ts";
import { resolveNote } from "../vault/resolve.ts";
import type { Vault } from "../vault/vault.ts";

/** Most characters of the line of facts, including a long path. */
const FACTS = 1500;

/** Most characters for the names of notes that did not fit. */
const LEFT = 2500;
const MOST_NOTES = 20;

export const readNote = defineTool({
  name: "read_note",
  title: "Read a note",
  description:
    "Returns a note's Markdown, whole or one section, front matter included, then a line with its path, etag and line " +
    "numbers. Pass notes to read several. Use search_notes when neither path nor title is known.",
  annotations: READ_ONLY,
  input: z.strictObject({
    note: z.string().min(1).optional().describe("Path (projects/roadmap.md) or exact title (Roadmap) of one note."),
    notes: z
      .array(z.string())
      .min(1)
      .max(MOST_NOTES)
      .optional()
      .describe("Paths or titles of several notes instead, 1 to 20."),
    section: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Only the section under this heading: 'Goals', '2026#Goals' below another, 'Goals (2)' for the second.",
      ),
    offset: z.int().min(1).default(1).describe("First line, counted from 1 in the note or section. Default 1."),
    limit: z.int().min(1).max(100_000).default(2000).describe("Lines to return, 1 to 100000. Default 2000."),
  }),
  async run({ note, notes, ...range }, { vault }: Notes, { signal, maxOutput }) {
    if (note !== undefined && notes !== undefined)
      throw new ToolError("invalid_input", "pass note for one note, or notes for several, not both.");
    if (note !== undefined) return readPart(vault, note, range, maxOutput, signal);
    if (notes === undefined)
      throw new ToolError("invalid_input", "pass note, a path or exact title, or notes for several.");
    return readSeveral(vault, [...new Set(notes)], range, maxOutput, signal);
  },
});

interface Range {
  readonly section?: string | undefined;
  readonly offset: number;
  readonly limit: number;
}

/** Two blocks per note, or one if it cannot be read, which does not affect the others. */
async function readSeveral(
  vault: Vault,
  notes: readonly string[],
  range: Range,
  maxOutput: number,
  signal: AbortSignal,
): Promise<string[]> {
  const blocks: string[] = [];
  const failures: unknown[] = [];
  let room = maxOutput - LEFT;
  for (const [at, note] of notes.entries()) {
    if (room < 2 * FACTS && at > 0) {
      const left = notes.slice(at).map((name) => quote(name));
      blocks.push(
        `There was no room for ${left.join(", ")}. Read ${left.length === 1 ? "it" : "them"} with another call.`,
      );
      break;
    }
    let read: readonly string[];
    try {
      read = await readPart(vault, note, range, Math.max(room, FACTS + 1), signal);
    } catch (error) {
      if (signal.aborted || !(error instanceof ToolError)) throw error;
      failures.push(error);
      read = [`${quote(note)} was not read. ${error.code}: ${error.message}`];
    }
    blocks.push(...read);
    room -= read.join("").length;
  }
  if (failures.length === notes.length) throw failures[0];
  return blocks;
}

async function readPart(
  vault: Vault,
  note: string,
  { section, offset, limit }: Range,
  room: number,
  signal: AbortSignal,
): Promise<string[]> {
  const { path, text, etag } = await read(vault, await resolveNote(vault, note, signal), signal);
  const part = section === undefined ? undefined : partOf(text, section);
  const body = part?.text ?? text;
  const page = linesOf(body, offset, limit, room - FACTS);
  const first = lineAt(text, part?.start ?? 0) - 1;
  const lines = page.last < offset ? "no lines" : `lines ${first + offset}-${first + page.last}`;
  const facts = [
    `path: ${visibleName(path)}`,
    `etag: ${etag}`,
    `${lines} of ${countLines(text)}`,
    ...(part ? [`section has ${counted(countLines(body), "line")}`] : []),
    ...(page.next === undefined ? [] : [`next offset ${page.next}`]),
    ...(page.cut === undefined ? [] : [`line ${first + page.last} is cut after ${page.cut} characters`]),
    ...problems(text),
  ];
  return [page.text, facts.join(", ")];
}

function partOf(text: string, section: string): { readonly text: string; readonly start: number } {
  const { heading, end } = findSection(text, outlineOf(text), section);
  return { text: text.slice(heading.start, end), start: heading.start + 1 };
}

interface Lines {
  readonly text: string;
  /** Number of the last line, and of the one after it, if there is one. */
  readonly last: number;
  readonly next?: number;
  /** Characters of a line that is too long for one answer. */
  readonly cut?: number;
}

function linesOf(body: string, offset: number, limit: number, room: number): Lines {
  const lines = body.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  if (offset > Math.max(1, lines.length)) {
    throw new ToolError(
      "invalid_input",
      `offset ${offset} is past the end: there ${lines.length === 1 ? "is" : "are"} ${counted(lines.length, "line")}.`,
    );
  }
  let size = 0;
  let last = offset - 1;
  while (last < lines.length && last < offset - 1 + limit) {
    size += lines[last]?.length ?? 0;
    if (size > room) break;
    last += 1;
  }
  const more = last < lines.length ? { next: last + 1 } : {};
  if (last >= offset || lines.length === 0) return { text: lines.slice(offset - 1, last).join(""), last, ...more };
  const next = offset < lines.length ? { next: offset + 1 } : {};
  return { text: (lines[offset - 1] ?? "").slice(0, room), last: offset, cut: room, ...next };
}

const countLines = (text: string) => (text === "" ? 0 : text.split("\n").length - (text.endsWith("\n") ? 1 : 0));

function problems(text: string): string[] {
  const found = findFrontMatter(text);
  const problem = found && readFrontMatter(found.source).problem;
  return problem === undefined ? [] : [`front matter is not understood: ${problem}`];
}
