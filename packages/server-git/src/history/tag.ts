import { decodeBytes } from "../text/visible.ts";

/** The contents of an annotated tag. */
export interface Tag {
  readonly name: string;
  readonly tagger: string;
  readonly message: string;
}

/** Parses a tag object: headers, an empty line, the message, and a signature, which is left out. */
export function parseTag(content: Buffer): Tag {
  const end = content.indexOf("\n\n");
  const head = decodeBytes(content.subarray(0, end === -1 ? content.length : end));
  const text = end === -1 ? "" : decodeBytes(content.subarray(end + 2));
  const field = (name: string) => new RegExp(`^${name} (.*)$`, "m").exec(head)?.[1] ?? "";
  const [, who = field("tagger"), seconds = "", zone = ""] = /^(.*) (-?\d+) ([+-]\d{4})$/.exec(field("tagger")) ?? [];
  const date = seconds === "" ? "" : `, ${instant(Number(seconds))} (${zone})`;
  return {
    name: field("tag"),
    tagger: who + date,
    message: text.replace(/^-----BEGIN [A-Z ]+-----\n[\s\S]*$/m, "").trim(),
  };
}

function instant(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? "unknown date" : date.toISOString();
}
