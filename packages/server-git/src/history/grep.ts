import type { Reader } from "./reader.ts";

export interface Match {
  readonly path: Buffer;
  readonly line: number;
  readonly bytes: Buffer;
  /** Length of the whole line in bytes. */
  readonly length: number;
}

/** Bytes kept of each line: enough to show where the match is. */
const KEPT = 65_536;

export const GREP = [
  "grep",
  "-n",
  "-z",
  "-I",
  "--full-name",
  "--no-color",
  "--no-column",
  "--no-textconv",
  "--no-recurse-submodules",
];

/** The matches of `git grep -n -z` in a tree given by its id. */
export async function* readMatches(reader: Reader, id: string): AsyncGenerator<Match, void, undefined> {
  for (let name = await reader.field(); name; name = await reader.field()) {
    const path = Buffer.from(name.subarray(id.length + 1));
    const line = Number((await reader.field())?.toString("latin1"));
    const text = await reader.line(KEPT);
    if (text) yield { path, line, bytes: text.bytes, length: text.length };
  }
}
