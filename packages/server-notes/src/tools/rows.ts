import { counted, nearest, quote, ToolError } from "@org/server-kit";
import * as z from "zod";
import { cursorAfter } from "../index/query/paging.ts";
import type { NoteRow, Page } from "../index/query/questions.ts";
import { foldText } from "../index/text/tokens.ts";
import { visibleName } from "../note-path.ts";
import type { Vault } from "../vault/vault.ts";
import { dayOf, fitting, NoteState, stateText } from "./fields.ts";

const MOST_TAGS = 20;

/** A note in a list. */
export const ListedNote = NoteState.extend({
  modified: z.string().describe("Local day of the last change."),
  tags: z.array(z.string()).describe("Without #, at most 20."),
});

export const rowOf = ({ path, title, etag, modifiedMs, tags }: NoteRow): z.output<typeof ListedNote> => ({
  path: visibleName(path),
  title: visibleName(title),
  etag,
  modified: dayOf(modifiedMs),
  tags: tags.slice(0, MOST_TAGS),
});

export const rowText = (row: z.output<typeof ListedNote>): string => {
  const tags = row.tags.map((tag) => ` #${tag}`).join("");
  return `${stateText(row)}, ${row.modified}${tags}`;
};

/** The common part of paged answers. */
export const Paged = z.object({
  total: z.int().describe("Notes in all."),
  cursor: z.string().optional().describe("Pass it to get the next page; missing on the last one."),
  complete: z.boolean().describe("False while the folder is still being indexed: there may be more."),
});

/** The answer for a page, with as many of its notes as fit. */
export function pageOf<Item extends NoteRow, Note>(
  page: Page<Item> & { readonly complete: boolean },
  maxOutput: number,
  noteOf: (item: Item) => Note,
) {
  const { total, complete, items } = page;
  const notes = items.map(noteOf);
  return fitting(items.length, maxOutput, (rows) => {
    const cursor = cursorAfter(page, rows);
    return { total, complete, ...(cursor !== undefined && { cursor }), notes: notes.slice(0, rows) };
  });
}

/** `3 of 120 notes`, and how to continue. */
export function pageText(
  { total, cursor, complete }: z.output<typeof Paged>,
  count: number,
): readonly [head: string, tail: string] {
  const indexing = complete ? "" : " (still indexing, there may be more)";
  return [`${count} of ${counted(total, "note")}${indexing}`, cursor === undefined ? "" : `\nMore: cursor ${cursor}`];
}

/** Explains an empty answer by a tag that no note has. @throws ToolError not_found with the nearest tags */
export async function requireTags({ index }: Vault, tags: readonly string[], signal: AbortSignal): Promise<void> {
  if (tags.length === 0) return;
  const { tags: known, complete } = await index.call("tags", undefined, signal);
  const keys = known.map(({ tag }) => [foldText(tag), `#${tag}`] as const);
  for (const tag of tags) {
    const wanted = foldText(tag.replace(/^#/, "").replace(/\/+$/, ""));
    if (!complete || keys.some(([key]) => key === wanted || key.startsWith(`${wanted}/`))) continue;
    const near = nearest(wanted, keys);
    const hint = near.length > 0 ? `Nearest: ${near.join(", ")}.` : "list_tags gives all tags.";
    throw new ToolError("not_found", `no note has the tag ${quote(`#${wanted}`)}. ${hint}`);
  }
}
