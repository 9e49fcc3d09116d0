import { unquote } from "../text/paths.ts";
import { decodeBytes } from "../text/visible.ts";
import type { Reader } from "./reader.ts";

/** Who last changed a line, from `git blame --porcelain`. */
export interface Origin {
  readonly id: string;
  readonly author: string;
  /** Seconds since 1970. */
  readonly time: number;
  readonly zone: string;
  readonly summary: string;
  /** The file's name in that commit. */
  readonly path: Buffer;
}

export interface BlamedLine {
  readonly number: number;
  readonly origin: Origin;
  readonly bytes: Buffer;
  /** Length of the whole line in bytes. */
  readonly length: number;
}

export const BLAME = [
  "blame",
  "--porcelain",
  "--root",
  "--encoding=UTF-8",
  "--no-textconv",
  "--no-progress",
  "--ignore-revs-file=",
];

/** Bytes kept of each line. */
const KEPT = 1600;
const HEAD = /^([0-9a-f]{40,64}) \d+ (\d+)/;

/** The lines of a blame, in the order in which git writes them. */
export async function* readBlame(reader: Reader): AsyncGenerator<BlamedLine, void, undefined> {
  // Git writes a commit's facts only before its first line, but the file's name may differ from line to line.
  const facts = new Map<string, Map<string, Buffer>>();
  for (let head = await reader.line(KEPT); head; head = await reader.line(KEPT)) {
    const [, id = "", number = "0"] = HEAD.exec(head.bytes.toString("latin1")) ?? [];
    const known = new Map(facts.get(id));
    facts.set(id, known);
    for (let line = await reader.line(KEPT); line; line = await reader.line(KEPT)) {
      if (line.bytes[0] === 9) {
        yield {
          number: Number(number),
          origin: originOf(id, known),
          bytes: line.bytes.subarray(1),
          length: line.length - 1,
        };
        break;
      }
      const space = line.bytes.indexOf(" ");
      const key = line.bytes.toString("latin1", 0, space === -1 ? line.bytes.length : space);
      known.set(key, Buffer.from(line.bytes.subarray(space + 1)));
    }
  }
}

function originOf(id: string, facts: ReadonlyMap<string, Buffer>): Origin {
  const fact = (key: string) => decodeBytes(facts.get(key) ?? Buffer.alloc(0));
  const name = facts.get("filename") ?? Buffer.alloc(0);
  return {
    id,
    author: fact("author"),
    time: Number(fact("author-time")),
    zone: fact("author-tz"),
    summary: fact("summary"),
    path: (name[0] === 0x22 && unquote(name.subarray(1, -1))) || name,
  };
}

/** The date in the author's own time zone: `2026-03-01`. */
export function dayOf({ time, zone }: Origin): string {
  const [, sign, hours = "0", minutes = "0"] = /^([+-])(\d\d)(\d\d)$/.exec(zone) ?? [];
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -60 : 60);
  const date = new Date((time + offset) * 1000);
  return Number.isNaN(date.getTime()) ? "unknown date" : date.toISOString().slice(0, 10);
}
