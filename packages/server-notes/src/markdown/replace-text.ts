import { quote, ToolError } from "@org/server-kit";
import { checkText, lineAt, lineEndOf, withLineEnds } from "./text.ts";

const PLACES = 10;
const LONGEST_SEARCHED_LINE = 2000;

/**
 * Replaces a text that occurs exactly once, or everywhere with `all`. Line ends need not match the note's. @throws
 * ToolError not_found with the nearest line; invalid_input with the number of occurrences and their lines, or for a
 * text that no note can contain
 */
export function replaceText(text: string, oldText: string, newText: string, all: boolean): string {
  if (oldText === "") throw new ToolError("invalid_input", "old_text is empty. Pass the text to replace.");
  // Half of an emoji would match inside whole ones.
  checkText(oldText, "old_text");
  checkText(newText, "new_text");
  const pattern = new RegExp(oldText.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\r?\n/g, "\\r?\\n"), "g");
  const places = [...text.matchAll(pattern)].map(({ index }) => index);
  if (places.length === 0) throw noMatch(text, oldText);
  if (places.length > 1 && !all) throw severalMatches(text, places);
  const fresh = withLineEnds(newText, lineEndOf(text));
  return text.replace(pattern, () => fresh);
}

function severalMatches(text: string, places: readonly number[]): ToolError {
  const lines = places.slice(0, PLACES).map((place) => lineAt(text, place));
  const more = places.length > PLACES ? " and more" : "";
  return new ToolError(
    "invalid_input",
    `old_text occurs ${places.length} times, on lines ${lines.join(", ")}${more}. Include more of the text around the ` +
      "one you mean, or pass replace_all: true.",
  );
}

function noMatch(text: string, oldText: string): ToolError {
  const hint = nearestLine(text, oldText);
  return new ToolError(
    "not_found",
    `old_text does not occur in the note. ${hint}Read the note, and pass its text exactly, spaces included.`,
  );
}

/** The line that shares the most words with the first line that has any. */
function nearestLine(text: string, oldText: string): string {
  const wanted = wordsOf(oldText.split("\n").find((line) => line.trim() !== "") ?? "");
  if (wanted.size === 0) return "";
  let best = { score: 0.4, line: 0, words: "" };
  for (const [index, line] of text.split("\n").entries()) {
    const words = wordsOf(line);
    let shared = 0;
    for (const word of words) if (wanted.has(word)) shared += 1;
    const score = shared / Math.max(wanted.size, words.size);
    if (score > best.score) best = { score, line: index + 1, words: line.trim() };
  }
  return best.line === 0 ? "" : `Nearest is line ${best.line}: ${quote(best.words, 160)}. `;
}

const wordsOf = (line: string) =>
  new Set(
    line
      .slice(0, LONGEST_SEARCHED_LINE)
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu),
  );
