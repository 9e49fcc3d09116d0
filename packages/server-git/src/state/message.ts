import { quote, ToolError } from "@org/server-kit";

const TRAILER = /^[A-Za-z0-9][A-Za-z0-9-]*: \S/;
/** A literal `\n` that must be meant as a line break: doubled, or directly between words or before a list marker. */
const MEANT_AS_BREAK = /(?:\\r)?\\n(?:(?:\\r)?\\n|[-*] )|[^\s`'"\\](?:\\r)?\\n(?=[A-Z])/;

export interface Message {
  readonly text: string;
  readonly notes: readonly string[];
}

/**
 * A commit message in the form that is stored: real line breaks, no trailing spaces, trailers as the last paragraph.
 * @throws ToolError `invalid_input` if it is empty, contains a NUL or a lone surrogate, or a trailer is malformed
 */
export function toMessage(given: string, trailers: readonly string[]): Message {
  if (given.includes("\0")) throw new ToolError("invalid_input", "message contains a NUL character.");
  if (/\p{Cs}/u.test(given))
    throw new ToolError("invalid_input", "message contains half of a character (a lone surrogate). Pass whole ones.");
  const { text, notes } = withLineBreaks(given.replace(/\r\n?/g, "\n"));
  const lines = text.split("\n").map((line) => line.trimEnd());
  const body = lines
    .join("\n")
    .trim()
    .replace(/\n{3,}/g, "\n\n");
  if (body === "")
    throw new ToolError(
      "invalid_input",
      "message is empty. Say in one line what the commit changes, and why below it.",
    );
  return { text: `${withTrailers(body, trailers.map(checkTrailer))}\n`, notes };
}

/** Models sometimes send a line break as the two characters `\n`; a message that talks about `\n` is left alone. */
function withLineBreaks(text: string): Message {
  if (!/\\n/.test(text)) return { text, notes: [] };
  if (!text.trim().includes("\n") && MEANT_AS_BREAK.test(text)) {
    const mended = text.replace(/(?:\\r)?\\n/g, "\n").replace(/\\t/g, "\t");
    return { text: mended, notes: ["The message had \\n written as two characters; they are stored as line breaks."] };
  }
  return {
    text,
    notes: ["The message holds \\n as two characters, which are stored as such. Amend it if line breaks were meant."],
  };
}

function checkTrailer(trailer: string): string {
  const text = trailer.trim();
  if (TRAILER.test(text) && !/[\n\r\0]/.test(text)) return text;
  throw new ToolError(
    "invalid_input",
    `trailers: ${quote(trailer)} is not one line such as "Reviewed-by: Ada <ada@example.com>".`,
  );
}

function withTrailers(body: string, trailers: readonly string[]): string {
  const paragraphs = body.split("\n\n");
  const last = paragraphs.length > 1 ? (paragraphs.at(-1) ?? "").split("\n") : [];
  const isBlock = last.length > 0 && last.every((line) => TRAILER.test(line) || /^\s/.test(line));
  const fresh = trailers.filter((trailer, at) => !last.includes(trailer) && trailers.indexOf(trailer) === at);
  if (fresh.length === 0) return body;
  return `${body}${isBlock ? "\n" : "\n\n"}${fresh.join("\n")}`;
}
