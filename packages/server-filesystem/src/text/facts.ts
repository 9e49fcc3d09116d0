import { counted } from "@org/server-kit";
import type { Reading } from "./types.ts";

/** Most characters of the line of facts. */
export const FACTS_ROOM = 500;

/**
 * The facts about the lines that were read: `etag: Ab3-_, lines 1-200 of 914, encoding utf-8, next offset 201`. @param
 * asked how many of the last lines were requested
 */
export function factsOf(reading: Reading, asked?: number): string[] {
  const { etag, encoding, isMarked, broken, endsInHalf, text } = reading;
  const nulls = text.includes("\0") ? text.split("\0").length - 1 : 0;
  return [
    `etag: ${etag}`,
    ...rangeOf(reading),
    ...(asked !== undefined && reading.lines < asked && isBehind(reading)
      ? [`only the last ${reading.lines} fit`]
      : []),
    `encoding ${encoding}${isMarked ? " with byte order mark" : ""}`,
    ...lineEnds(text),
    ...(broken > 0
      ? [
          `${counted(broken, "place")} ${broken === 1 ? "is" : "are"} not valid ${encoding} and ${broken === 1 ? "shows" : "show"} as U+FFFD`,
        ]
      : []),
    ...(endsInHalf ? ["the file ends in the middle of a character, which is left out"] : []),
    ...(nulls > 0 ? [`the text contains ${counted(nulls, "NUL")}`] : []),
    ...cutOf(reading),
    ...nextOf(reading),
  ];
}

function rangeOf({ first, column, cut, lines, total, size, text, hasMore }: Reading): string[] {
  const of = total === undefined ? (hasMore && lines > 0 ? ", more follow" : "") : ` of ${total}`;
  const whole = total === undefined ? [`file has ${counted(size, "byte")}`] : [];
  if (lines === 0) return [`no lines${of}`, ...whole];
  if (first === undefined) return [text === "" ? "no lines" : `last ${counted(lines, "line")}`, ...whole];
  const from = column === 1 || cut?.side === "end" ? "" : ` from column ${column}`;
  return [`lines ${first}-${first + lines - 1}${of}${from}`, ...whole];
}

/** Whether there are lines before the ones shown. */
const isBehind = ({ first, cut }: Reading) => first === undefined || first > 1 || cut !== undefined;

function lineEnds(text: string): string[] {
  if (!text.includes("\r\n")) return [];
  return [/(?<!\r)\n/.test(text) ? "line ends mixed" : "line ends crlf"];
}

/** Where a line that does not fit is cut, and how to read the rest. */
function cutOf({ cut, cutLength, first, lines, column }: Reading): string[] {
  if (!cut) return [];
  const of = cutLength === undefined ? "" : ` of ${cutLength}`;
  if (cut.side === "end") {
    const line = first === undefined ? "the first line shown" : `line ${first}`;
    const before = first === undefined ? "" : `, offset ${first} reads its beginning`;
    return [`${line} is cut: its last ${cut.shown}${of} characters are shown${before}`];
  }
  if (first === undefined) return [];
  const line = first + lines - 1;
  const end = column - 1 + cut.shown;
  const what = column === 1 ? `after ${end}` : `at ${end}`;
  return [`line ${line} is cut ${what}${of} characters: offset ${line}, column ${end + 1} reads on`];
}

function nextOf({ first, lines, hasMore }: Reading): string[] {
  return hasMore && first !== undefined ? [`next offset ${first + lines}`] : [];
}
