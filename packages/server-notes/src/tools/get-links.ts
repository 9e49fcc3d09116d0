import { defineTool, fromCursor, READ_ONLY, toCursor } from "@org/server-kit";
import * as z from "zod";
import type { Notes } from "../context.ts";
import type { BrokenLink } from "../index/query/questions.ts";
import type { Link } from "../markdown/links.ts";
import { visibleName } from "../note-path.ts";
import { readNote } from "../vault/notes.ts";
import { resolveNote } from "../vault/resolve.ts";
import { cursorInput, fitting, NoteState, noteInput, stateOf, stateText } from "./fields.ts";

const Backlink = z.object({ path: z.string(), title: z.string() });
const Outgoing = z.object({ path: z.string(), link: z.string().describe("As the note writes its target.") });
const Broken = z.object({
  path: z.string().describe("Note that holds it."),
  link: z.string(),
  missing: z.enum(["file", "heading", "block"]).describe("What the link names and does not exist."),
});

export const getLinks = defineTool({
  name: "get_links",
  title: "Get links",
  description:
    "Returns the notes that link to a note, the files that it links to, and its broken links; without note, the broken " +
    "links of all notes. Use search_notes for mentions without a link.",
  annotations: READ_ONLY,
  input: z.strictObject({
    note: noteInput.optional().describe("Path or exact title. Default: broken links of all notes."),
    limit: z.int().min(1).max(500).default(100).describe("Links per page, 1 to 500. Default: 100."),
    cursor: cursorInput,
  }),
  output: NoteState.partial().extend({
    backlinks: z.array(Backlink).describe("Notes that link here."),
    backlinks_total: z.int(),
    outgoing: z.array(Outgoing).describe("Files that it links to."),
    outgoing_total: z.int(),
    broken: z.array(Broken),
    broken_total: z.int(),
    cursor: z.string().optional().describe("Pass it to get the next page; missing on the last one."),
  }),
  async run({ note, limit, cursor }, { vault }: Notes, { signal, maxOutput }) {
    const path = note === undefined ? undefined : await resolveNote(vault, note, signal);
    const from = fromCursor(cursor, z.int().min(0), path ?? "") ?? 0;
    const state = path === undefined ? {} : stateOf(await readNote(vault, path, signal));
    const found = await linksOf(vault, path, signal);
    return fitting(limit, maxOutput, (rows) => {
      const parts = sliced([found.backlinks.length, found.outgoing.length, found.broken.length], from, rows);
      const [backlinks, outgoing, broken] = parts;
      const next = from + rows;
      const total = found.backlinks.length + found.outgoing.length + found.broken.length;
      return {
        ...state,
        backlinks: found.backlinks.slice(...backlinks),
        backlinks_total: found.backlinks.length,
        outgoing: found.outgoing.slice(...outgoing),
        outgoing_total: found.outgoing.length,
        broken: found.broken.slice(...broken),
        broken_total: found.broken.length,
        ...(next < total && { cursor: toCursor(next, path ?? "") }),
      };
    });
  },
  render({ backlinks, backlinks_total, outgoing, outgoing_total, broken, broken_total, cursor, ...state }) {
    const { path, title, etag } = state;
    const isOne = path !== undefined && title !== undefined && etag !== undefined;
    return [
      ...(isOne ? [stateText({ path, title, etag })] : []),
      ...(isOne ? [`Backlinks: ${backlinks_total}`] : []),
      ...backlinks.map((one) => `  ${one.path} (${JSON.stringify(one.title)})`),
      ...(isOne ? [`Outgoing: ${outgoing_total}`] : []),
      ...outgoing.map((one) => `  ${one.path} as ${JSON.stringify(one.link)}`),
      `Broken${isOne ? "" : " in all notes"}: ${broken_total}`,
      ...broken.map((one) => `  ${isOne ? "" : `${one.path}: `}${JSON.stringify(one.link)} (no such ${one.missing})`),
      ...(cursor === undefined ? [] : [`More: cursor ${cursor}`]),
    ].join("\n");
  },
});

interface Found {
  readonly backlinks: readonly z.output<typeof Backlink>[];
  readonly outgoing: readonly z.output<typeof Outgoing>[];
  readonly broken: readonly z.output<typeof Broken>[];
}

async function linksOf({ index }: Notes["vault"], path: string | undefined, signal: AbortSignal): Promise<Found> {
  if (path === undefined) {
    const { broken } = await index.call("brokenLinks", undefined, signal);
    return { backlinks: [], outgoing: [], broken: distinct(broken.map(brokenRow)) };
  }
  const { backlinks, outgoing, broken } = await index.call("links", path, signal);
  return {
    backlinks: distinct(backlinks.map((one) => ({ path: visibleName(one.path), title: visibleName(one.title) }))),
    outgoing: distinct(outgoing.map((one) => ({ path: visibleName(one.path), link: targetOf(one.link) }))),
    broken: distinct(broken.map(brokenRow)),
  };
}

const brokenRow = ({ path, link, missing }: BrokenLink) => ({ path: visibleName(path), link: targetOf(link), missing });

/** Which rows of several lists are on a page, when the lists are read one after the other. */
function sliced(lengths: readonly [number, number, number], from: number, rows: number) {
  let before = 0;
  const part = (length: number): [number, number] => {
    const [start, end] = [Math.max(0, from - before), Math.max(0, from + rows - before)];
    before += length;
    return [start, end];
  };
  return [part(lengths[0]), part(lengths[1]), part(lengths[2])] as const;
}

const LONGEST_TARGET = 300;

/** `Roadmap#Goals`, `Roadmap#^block` */
function targetOf({ target, heading, block }: Link): string {
  const whole = target + (heading === undefined ? "" : `#${heading}`) + (block === undefined ? "" : `#^${block}`);
  return visibleName(whole.slice(0, LONGEST_TARGET));
}

function distinct<T>(rows: readonly T[]): T[] {
  const seen = new Map(rows.map((row) => [JSON.stringify(row), row]));
  return [...seen.values()];
}
