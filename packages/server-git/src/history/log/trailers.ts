import type { Signature, Trailer } from "../types.ts";

const TRAILER = /^([A-Za-z0-9-]+)[ \t]*:[ \t]*(.*)$/;
/** Lines that git itself writes: with one of them, a quarter of a paragraph's lines being trailers is enough. */
const BY_GIT = /^(?:Signed-off-by: |\(cherry picked from commit )/;

/** A message's parts. */
export interface MessageParts {
  readonly subject: string;
  readonly body: string;
  readonly trailers: readonly Trailer[];
}

/**
 * All here takes time in proportion to the message, whatever it holds: a stranger's, of megabytes, must not stop the server.
 * Divides a commit's message as git does: the first paragraph on one line, the rest, and the trailers, which are the last
 * paragraph if it holds nothing else, or a quarter of them and a line that git writes.
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

/** The people of `Co-authored-by` trailers, in any case of the key. */
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
