import type { Kind } from "@org/beneath";
import * as z from "zod";
import type { Found } from "../search/types.ts";

const TYPES = ["file", "directory", "symlink", "other"] as const;

/** An entry's facts in lists, besides its name. */
export const EntryState = z.object({
  type: z.enum(TYPES).describe("other: a FIFO, socket or device."),
  size: z.int().optional().describe("Bytes; of a symlink its own."),
  modified: z.string().optional(),
  not_utf8: z
    .literal(true)
    .optional()
    .describe("The name is not UTF-8, U+FFFD stands for what is not: it cannot be used."),
});

export const stateOf = ({ kind, size, mtimeMs, addressable }: Found): z.output<typeof EntryState> => ({
  type: kind,
  ...(size !== undefined && { size }),
  ...(mtimeMs !== undefined && { modified: new Date(mtimeMs).toISOString() }),
  ...(!addressable && { not_utf8: true }),
});

const LABELS: Readonly<Record<Kind, string>> = {
  file: "[FILE]",
  directory: "[DIR]",
  symlink: "[LINK]",
  other: "[OTHER]",
};

export function entryText(name: string, entry: z.output<typeof EntryState> & { readonly target?: string | undefined }) {
  const { type, size, modified, target, not_utf8 } = entry;
  const facts = [
    ...(type === "file" && size !== undefined ? [`${size} B`] : []),
    ...(modified === undefined ? [] : [modified]),
    ...(not_utf8 ? ["name is not UTF-8"] : []),
  ];
  const arrow = target === undefined ? "" : ` -> ${target}`;
  return `${LABELS[type]} ${visible(name)}${arrow}${facts.length > 0 ? ` (${facts.join(", ")})` : ""}`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** A name on one line, which nothing in it can disguise as another. */
export const visible = (name: string): string =>
  name.replace(HIDDEN, (sign) => `\\u{${sign.charCodeAt(0).toString(16)}}`);

/** Characters that a list needs besides its rows, including a long cursor. */
const BESIDE = 2500;

/** The first rows that fit in a result, as JSON and as text; at least one. */
export function fitting<T>(rows: readonly T[], maxOutput: number, text: (row: T) => string): readonly T[] {
  let json = 0;
  let lines = 0;
  for (const [index, row] of rows.entries()) {
    json += JSON.stringify(row).length + 1;
    lines += text(row).length + 1;
    if (index > 0 && Math.max(json, lines) > maxOutput - BESIDE) return rows.slice(0, index);
  }
  return rows;
}
