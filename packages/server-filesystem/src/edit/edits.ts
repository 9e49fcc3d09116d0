import { setImmediate as turn } from "node:timers/promises";
import { ToolError } from "@org/server-kit";
import { applyChanges, type Change, type Draft, fromDraft, toDraft } from "./draft.ts";
import { findAll } from "./find.ts";
import { nearest } from "./nearest.ts";
import { applyChange, findInSegments, join, type Segments, split } from "./segments.ts";

export interface Edit {
  readonly oldText: string;
  readonly newText: string;
  readonly replaceAll?: boolean | undefined;
}

/** A text after edits, and how many places each of them changed. */
interface Edited {
  readonly text: string;
  readonly counts: readonly number[];
}

/** Places that an error names. */
const PLACES = 10;
/** Places that one edit changes: each takes memory. */
const MOST_PLACES = 1_000_000;
/** Milliseconds after which other calls get a turn. */
const SLICE_MS = 20;

/**
 * Applies edits in order, each to the result of those before. Every old text must be there exactly once, or at least
 * once with replaceAll; "\n" in it stands for whatever a line of the file ends with, and new lines end as those do.
 * @throws ToolError invalid_input for a text that is empty or there more often; not_found with what is nearest
 */
export async function applyEdits(text: string, edits: readonly Edit[], signal: AbortSignal): Promise<Edited> {
  let segments = split(toDraft(text));
  const counts: number[] = [];
  let begun = performance.now();
  for (const [index, edit] of edits.entries()) {
    const { next, count } = applyEdit(segments, edit, edits.length === 1 ? "" : `edits[${index}].`);
    segments = next;
    counts.push(count);
    if (performance.now() - begun < SLICE_MS) continue;
    await turn();
    signal.throwIfAborted();
    begun = performance.now();
  }
  return { text: fromDraft(join(segments)), counts };
}

interface Applied {
  readonly next: Segments;
  readonly count: number;
}

function applyEdit(segments: Segments, edit: Edit, name: string): Applied {
  const { oldText, newText, replaceAll = false } = edit;
  checkEdit(edit, name);
  const wanted = withLineFeeds(oldText);
  const fresh = withLineFeeds(newText);
  // Nothing else is asked for than other line ends: then they count, on both sides.
  if (wanted === fresh && oldText !== newText) return changeLineEnds(join(segments), edit, name);
  const places = placesOf(findInSegments(segments, wanted), wanted.length, replaceAll);
  const [place] = places;
  if (place === undefined) throw notFound(join(segments).text, wanted, name);
  if (places.length > 1 && !replaceAll) throw ambiguous(join(segments).text, wanted, name);
  const { start, end, text } = withoutCommonEnds(wanted, fresh);
  const changes = places.map((at): Change => ({ start: at + start, end: at + end, text }));
  const [change] = changes;
  const hasLines = segments.length > 1 || segments[0]?.text.includes("\n");
  if (change && changes.length === 1 && hasLines) return { next: applyChange(segments, change), count: 1 };
  const draft = join(segments);
  // A file of one line has no line ends of its own.
  const ends = hasLines ? draft.ends : newText.includes("\r\n");
  return { next: split(applyChanges({ text: draft.text, ends }, changes)), count: places.length };
}

/** @throws ToolError invalid_input for texts that cannot be meant */
function checkEdit({ oldText, newText }: Edit, name: string): void {
  if (oldText === "") {
    throw new ToolError(
      "invalid_input",
      `${name}oldText is empty. Pass the text to replace; to insert, pass a line next to the place, and repeat it.`,
    );
  }
  for (const [key, text] of Object.entries({ oldText, newText })) {
    // Half of an emoji would be found inside of whole ones, and cannot be written.
    if (/\p{Surrogate}/u.test(text)) {
      throw new ToolError("invalid_input", `${name}${key} has half of a character (a lone surrogate) in it.`);
    }
  }
}

const withLineFeeds = (text: string) => text.replaceAll("\r\n", "\n");

/** Where to change a text: all places that do not overlap, or at most two where there may be one only. */
function placesOf(found: Iterable<number>, length: number, all: boolean): number[] {
  const places: number[] = [];
  let end = 0;
  for (const place of found) {
    if (all && place < end) continue;
    if (places.length === MOST_PLACES) throw TOO_MANY;
    places.push(place);
    end = place + length;
    if (!all && places.length > 1) break;
  }
  return places;
}

const TOO_MANY = new ToolError("too_large", `oldText is there more than ${MOST_PLACES} times. Nothing was written.`);

/** Only what differs is replaced, so that lines which an edit merely names keep the ends that they have. */
function withoutCommonEnds(before: string, after: string): Change {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let behind = 0;
  while (behind < most - start && before.at(-1 - behind) === after.at(-1 - behind)) behind += 1;
  return { start, end: before.length - behind, text: after.slice(start, after.length - behind) };
}

function changeLineEnds(draft: Draft, { oldText, newText, replaceAll = false }: Edit, name: string): Applied {
  const text = fromDraft(draft);
  // "\n" is no half of "\r\n".
  const isWhole = (place: number) => oldText[0] !== "\n" || text[place - 1] !== "\r";
  const places = placesOf(filtered(findAll(text, oldText), isWhole), oldText.length, replaceAll);
  if (places.length === 0) {
    throw new ToolError("not_found", `${name}oldText is not there with these line ends. Nothing was written.`);
  }
  if (places.length > 1 && !replaceAll) throw ambiguous(text, oldText, name);
  const changes = places.map((start): Change => ({ start, end: start + oldText.length, text: newText }));
  const changed = applyChanges({ text, ends: false }, changes).text;
  return { next: split(toDraft(changed)), count: places.length };
}

function* filtered<T>(items: Iterable<T>, isWanted: (item: T) => boolean): Generator<T> {
  for (const item of items) if (isWanted(item)) yield item;
}

function ambiguous(text: string, wanted: string, name: string): ToolError {
  const lines: number[] = [];
  let line = 1;
  let done = 0;
  let count = 0;
  for (const place of findAll(text, wanted)) {
    count += 1;
    if (count > PLACES) break;
    for (let at = text.indexOf("\n", done); at !== -1 && at < place; at = text.indexOf("\n", at + 1)) {
      line += 1;
      done = at + 1;
    }
    lines.push(line);
  }
  const times = count > PLACES ? `more than ${PLACES} times, first` : `${count} times,`;
  return new ToolError(
    "invalid_input",
    `${name}oldText is there ${times} on lines ${lines.join(", ")}. Pass more of the text around the one that is ` +
      "meant, or replaceAll: true. Nothing was written.",
  );
}

function notFound(text: string, wanted: string, name: string): ToolError {
  return new ToolError(
    "not_found",
    `${name}oldText is not in the file. ${nearest(text, wanted)}Pass the file's text exactly. Nothing was written.`,
  );
}
