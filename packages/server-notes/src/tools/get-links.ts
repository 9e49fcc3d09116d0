import { defineTool, READ_ONLY } from "@org/server-kit";
import * as z from "zod";
import type { Notes } from "../context.ts";
import type { Link } from "../markdown/links.ts";
import { readNote } from "../vault/notes.ts";
import { resolveNote } from "../vault/resolve.ts";
import { fitting, NoteState, noteInput, stateOf, stateText } from "./fields.ts";

const MOST = 200;

export const getLinks = defineTool({
  name: "get_links",
  title: "Get a note's links",
  description:
    "Returns the notes that link to a note, the files that it links to, and its links that lead nowhere. Use " +
    "search_notes for mentions without a link.",
  annotations: READ_ONLY,
  input: z.strictObject({ note: noteInput }),
  output: NoteState.extend({
    backlinks: z
      .array(z.object({ path: z.string(), title: z.string() }))
      .describe("Notes that link here, at most 200."),
    backlinks_total: z.int(),
    outgoing: z
      .array(z.object({ path: z.string(), link: z.string().describe("As the note writes its target.") }))
      .describe("Files that it links to, at most 200."),
    outgoing_total: z.int(),
    broken: z.array(z.string()).describe("Targets that are no file, at most 200."),
    broken_total: z.int(),
  }),
  async run({ note }, { vault }: Notes, { signal, maxOutput }) {
    const state = stateOf(await readNote(vault, await resolveNote(vault, note, signal), signal));
    const links = await vault.index.call("links", state.path, signal);
    const backlinks = distinct(links.backlinks.map(({ path, title }) => ({ path, title })));
    const outgoing = distinct(links.outgoing.map(({ path, link }) => ({ path, link: targetOf(link) })));
    const broken = [...new Set(links.broken.map(targetOf))];
    return fitting(MOST, maxOutput, (rows) => ({
      ...state,
      backlinks: backlinks.slice(0, rows),
      backlinks_total: backlinks.length,
      outgoing: outgoing.slice(0, rows),
      outgoing_total: outgoing.length,
      broken: broken.slice(0, rows),
      broken_total: broken.length,
    }));
  },
  render({ backlinks, backlinks_total, outgoing, outgoing_total, broken, broken_total, ...state }) {
    return [
      stateText(state),
      `Backlinks: ${backlinks_total}`,
      ...backlinks.map(({ path, title }) => `  ${path} (${JSON.stringify(title)})`),
      `Outgoing: ${outgoing_total}`,
      ...outgoing.map(({ path, link }) => `  ${path} as ${JSON.stringify(link)}`),
      `Broken: ${broken_total}`,
      ...broken.map((target) => `  ${JSON.stringify(target)}`),
    ].join("\n");
  },
});

const LONGEST_TARGET = 300;

/** `Roadmap#Goals`, `Roadmap#^block` */
function targetOf({ target, heading, block }: Link): string {
  const whole = target + (heading === undefined ? "" : `#${heading}`) + (block === undefined ? "" : `#^${block}`);
  return whole.slice(0, LONGEST_TARGET);
}

function distinct<T>(rows: readonly T[]): T[] {
  const seen = new Map(rows.map((row) => [JSON.stringify(row), row]));
  return [...seen.values()];
}
