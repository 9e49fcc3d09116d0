import { counted } from "@org/server-kit";
import * as z from "zod";
import type { NoteRow } from "../index/query/questions.ts";
import { dayOf, NoteState, stateText } from "./fields.ts";

const MOST_TAGS = 20;

/** A note in a list. */
export const Row = NoteState.extend({
  modified: z.string().describe("Local day of the last change."),
  tags: z.array(z.string()).describe("Without #, at most 20."),
});

export const rowOf = ({ path, title, etag, modifiedMs, tags }: NoteRow): z.output<typeof Row> => ({
  path,
  title,
  etag,
  modified: dayOf(modifiedMs),
  tags: tags.slice(0, MOST_TAGS),
});

export const rowText = (row: z.output<typeof Row>): string => {
  const tags = row.tags.map((tag) => ` #${tag}`).join("");
  return `${stateText(row)}, ${row.modified}${tags}`;
};

/** What the answers with pages have in common. */
export const Paged = z.object({
  total: z.int().describe("How many there are in all."),
  cursor: z.string().optional().describe("Pass it to get the next page; missing on the last one."),
  complete: z.boolean().describe("False while the folder is still being indexed: there may be more."),
});

/** `3 of 120 notes`, and how to go on. */
export function pageText(
  { total, cursor, complete }: z.output<typeof Paged>,
  count: number,
  noun: string,
): readonly [head: string, tail: string] {
  const indexing = complete ? "" : " (still indexing, there may be more)";
  return [`${count} of ${counted(total, noun)}${indexing}`, cursor === undefined ? "" : `\nMore: cursor ${cursor}`];
}
