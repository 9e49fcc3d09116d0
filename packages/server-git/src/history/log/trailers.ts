import type { Signature, Trailer } from "../types.ts";

const TRAILER = /^([A-Za-z0-9-]+)[ \t]*:[ \t]*(.*)$/;
/** Trailers that git writes itself: with one of them, it is enough if a quarter of a paragraph's lines are trailers. */
const BY_GIT = /^(?:Signed-off-by: |\(cherry picked from commit )/;

/** The parts of a message. */
export interface MessageParts {
  readonly subject: string;
  readonly body: string;
  readonly trailers: readonly Trailer[];
}

/**
 * Splits a commit's message as git does: the first paragraph on one line, the rest, and the trailers, which are the
 * last paragraph if it contains nothing else, or if a quarter of it are trailers and git wrote one of them. Takes
 * linear time for any message: one of megabytes, from a stranger, must not stall the server.
 */
export function parseMessage(message: string): MessageParts {
  const lines = withoutEmptyEnds(message.replace(/\r\n/g, "\n").split("\n"));
  const end = lines.findIndex((line) => line.trim() === "");
  if (end === -1) return { subject: lines.join(" "), body: "", trailers: [] };
  const subject = lines.slice(0, end).join(" ");
  const start = lines.findLastIndex((line) => line.trim() === "") + 1;
  const trailers = parseTrailers(lines.slice(start));
  const rest = trailers.length > 0 ? lines.slice(end, start) : lines.slice(end);
  return { subject, body: withoutEmptyEnds(rest).join("\n").trimEnd(), trailers };
}

function withoutEmptyEnds(lines: readonly string[]): readonly string[] {
  const isText = (line: string) => line.trim() !== "";
  return lines.slice(Math.max(0, lines.findIndex(isText)), lines.findLastIndex(isText) + 1);
}

function parseTrailers(lines: readonly string[]): Trailer[] {
  const found: { key: string; parts: string[] }[] = [];
  let [ours, others] = [0, 0];
  let isByGit = false;
  let last: { key: string; parts: string[] } | undefined;
  for (const line of lines) {
    if (/^[ \t]/.test(line) && last) {
      last.parts.push(line.trim());
      continue;
    }
    const [, key, value = ""] = TRAILER.exec(line) ?? [];
    const isGits = BY_GIT.test(line);
    isByGit ||= isGits;
    last = key === undefined ? undefined : { key, parts: [value.trim()] };
    if (last) found.push(last);
    if (last || isGits) ours += 1;
    else others += 1;
  }
  const isTrailers = others === 0 || (isByGit && ours * 3 >= others);
  return isTrailers ? found.map(({ key, parts }) => ({ key, value: parts.filter(Boolean).join(" ") })) : [];
}

/** The people in `Co-authored-by` trailers; the key is case-insensitive. */
export const coAuthorsOf = (trailers: readonly Trailer[]): Omit<Signature, "date">[] =>
  trailers
    .filter(({ key }) => key.toLowerCase() === "co-authored-by")
    .map(({ value }) => {
      const at = value.lastIndexOf("<");
      const isAddress = at !== -1 && value.indexOf(">", at) === value.length - 1;
      return isAddress
        ? { name: value.slice(0, at).trim(), email: value.slice(at + 1, -1) }
        : { name: value, email: "" };
    });
