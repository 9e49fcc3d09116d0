import type { Column } from "../connection/types.ts";
import type { Cell } from "./read.ts";

/** Characters of a value shown in a table before it is shortened. */
export const SHORT = 500;

/** The columns of a table, and the room for its rows. */
export interface Layout {
  readonly header: string;
  /** How many of the columns are shown, if not all of them fit. */
  readonly shown: number;
  /** Characters left for rows. */
  readonly room: number;
}

/** A line with the names and types of the columns, which takes at most half of the room. */
export function layout(columns: readonly Column[], types: readonly string[], room: number): Layout {
  const names: string[] = [];
  let length = 0;
  for (const [at, { name }] of columns.entries()) {
    const text = `${plain(name)} ${types[at]}`;
    if (length + text.length + 1 > room / 2) break;
    length += text.length + 1;
    names.push(text);
  }
  const header = columns.length === 0 ? "(no columns)" : names.join("\t");
  return { header, shown: names.length, room: room - header.length };
}

/**
 * A row as one line, with values separated by tabs, each as the server printed it. Values that could be misread are in
 * double quotes as a JSON string: one with a line break, an empty one, the word NULL.
 * @param most maximum characters of one value
 */
export function rowText(row: readonly Cell[], shown: number, most: number): string {
  return row
    .slice(0, shown)
    .map((cell) => cellText(cell, most))
    .join("\t");
}

/** The index of the first value that {@link rowText} shortens, or -1. */
export const firstShortened = (row: readonly Cell[], shown: number, most: number) =>
  row.slice(0, shown).findIndex(({ text, bytes }) => bytes !== undefined || (text !== null && text.length > most));

function cellText({ text, bytes }: Cell, most: number): string {
  if (text === null) return "NULL";
  if (bytes === undefined && text.length <= most) return plain(text);
  const length = bytes === undefined ? `${text.length} characters` : `${bytes} bytes`;
  return `${plain(whole(text.slice(0, most)))} …[${length}]`;
}

/** Drops half a surrogate pair at the end. */
const whole = (text: string) => text.replace(/[\uD800-\uDBFF]$/, "");

function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what would break a line, or a terminal.
  return text === "" || text === "NULL" || /^"|[\u0000-\u001F\u007F\u0085\u2028\u2029]/.test(text)
    ? JSON.stringify(text)
    : text;
}
