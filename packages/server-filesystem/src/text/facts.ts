import type { Reading } from "./read.ts";

/** Characters that the line of facts needs at most. */
export const FACTS_ROOM = 500;

/**
 * What is to be known of the lines that were read: `etag: Ab3-_, lines 1-200 of 914, encoding utf-8, next offset 201`.
 * @param asked how many of the last lines were asked for
 */
export function factsOf(reading: Reading, asked?: number): string[] {
  const { etag, encoding, isMarked, invalid, next } = reading;
  return [
    `etag: ${etag}`,
    ...rangeOf(reading),
    ...(asked !== undefined && reading.lines < asked && isBehind(reading)
      ? [`only the last ${reading.lines} fit`]
      : []),
    `encoding ${encoding}${isMarked ? " with byte order mark" : ""}`,
    ...lineEnds(reading.text),
    ...(invalid > 0
      ? [`${invalid} ${invalid === 1 ? "place is" : "places are"} not valid ${encoding} and show as U+FFFD`]
      : []),
    ...(reading.cut ? [cutOf(reading)] : []),
    ...(next === undefined ? [] : [`next offset ${next}`]),
  ];
}

function rangeOf({ first, lines, total, size, text }: Reading): string[] {
  const whole = total === undefined ? [`file has ${size} bytes`] : [];
  const of = total === undefined ? "" : ` of ${total}`;
  if (lines === 0) return [`no lines${of}`, ...whole];
  if (first === undefined) return [text === "" ? "no lines" : `last ${lines} lines`, ...whole];
  return [`lines ${first}-${first + lines - 1}${of}`, ...whole];
}

/** Whether there are lines before those that are shown. */
const isBehind = ({ first, cut }: Reading) => first === undefined || first > 1 || cut !== undefined;

function lineEnds(text: string): string[] {
  const windows = text.split("\r\n").length - 1;
  if (windows === 0) return [];
  return [windows === text.split("\n").length - 1 ? "line ends crlf" : "line ends mixed"];
}

function cutOf({ cut, first, lines }: Reading): string {
  const line = first === undefined || cut?.side === "end" ? "the first line shown" : `line ${first + lines - 1}`;
  return cut?.side === "end"
    ? `${line} is cut: its last ${cut.shown} characters are shown`
    : `${line} is cut after ${cut?.shown} characters, search_content finds what is behind`;
}
