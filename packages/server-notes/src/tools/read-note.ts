import { defineTool, READ_ONLY, ToolError } from "@org/server-kit";
import * as z from "zod";
import type { Notes } from "../context.ts";
import { findFrontMatter, readFrontMatter } from "../markdown/front-matter/front-matter.ts";
import { findSection } from "../markdown/headings.ts";
import { outlineOf } from "../markdown/outline.ts";
import { lineAt } from "../markdown/text.ts";
import { readNote as read } from "../vault/notes.ts";
import { resolveNote } from "../vault/resolve.ts";
import { noteInput } from "./fields.ts";

/** Characters that the line of facts needs at most, a long path in it. */
const FACTS = 1500;

export const readNote = defineTool({
  name: "read_note",
  title: "Read a note",
  description:
    "Returns a note's Markdown, whole or one section, front matter included, then a line with its path, etag and line " +
    "numbers. Use search_notes when neither path nor title is known.",
  annotations: READ_ONLY,
  input: z.strictObject({
    note: noteInput,
    section: z
      .string()
      .optional()
      .describe(
        "Only the section under this heading: 'Goals', '2026#Goals' below another, 'Goals (2)' for the second.",
      ),
    offset: z.int().min(1).default(1).describe("First line to return, counted from 1 in the note or section."),
    limit: z.int().min(1).max(100_000).default(2000).describe("Lines to return at most."),
  }),
  async run({ note, section, offset, limit }, { vault }: Notes, { signal, maxOutput }) {
    const { path, text, etag } = await read(vault, await resolveNote(vault, note, signal), signal);
    const part = section === undefined ? undefined : partOf(text, section);
    const body = part?.text ?? text;
    const page = pageOf(body, offset, limit, maxOutput - FACTS);
    const first = lineAt(text, part?.start ?? 0) - 1;
    const range = page.last < offset ? "no lines" : `lines ${first + offset}-${first + page.last}`;
    const facts = [
      `path: ${path}`,
      `etag: ${etag}`,
      `${range} of ${countLines(text)}`,
      ...(part ? [`section has ${countLines(body)} lines`] : []),
      ...(page.next === undefined ? [] : [`next offset ${page.next}`]),
      ...(page.cut === undefined ? [] : [`line ${first + page.last} is cut after ${page.cut} characters`]),
      ...problems(text),
    ];
    return [page.text, facts.join(", ")];
  },
});

function partOf(text: string, section: string): { readonly text: string; readonly start: number } {
  const { heading, end } = findSection(text, outlineOf(text), section);
  return { text: text.slice(heading.start, end), start: heading.start + 1 };
}

interface Page {
  readonly text: string;
  /** Numbers of the last line and of the one after it, where there is one. */
  readonly last: number;
  readonly next?: number;
  /** Characters of a line that is too long for one answer. */
  readonly cut?: number;
}

function pageOf(body: string, offset: number, limit: number, room: number): Page {
  const lines = body.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  if (offset > Math.max(1, lines.length)) {
    throw new ToolError("invalid_input", `offset ${offset} is behind the end: there are ${lines.length} lines.`);
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
