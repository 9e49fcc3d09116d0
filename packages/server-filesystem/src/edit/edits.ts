import { ToolError } from "@org/server-kit";
import { showBroken } from "../text/utf8.ts";
import { type Draft, fromDraft, type Splice, splice, toDraft } from "./draft.ts";
import { findAll } from "./find.ts";
import { nearest } from "./nearest.ts";

export interface Edit {
  readonly oldText: string;
  readonly newText: string;
  readonly replaceAll?: boolean | undefined;
}

/** The edited text, and how many places each edit changed. */
interface Edited {
  readonly text: string;
  readonly counts: readonly number[];
}

/** Most places named in an error. */
const PLACES = 10;
/** Most places that one edit changes, since each takes memory. */
const MOST_PLACES = 1_000_000;

/**
 * Applies edits in order, each to the result of the previous one. Every old text must occur exactly once, or at least
 * once with replaceAll; "\n" in it matches any line end of the file, and new lines end in the same way. U+FFFD in it
 * matches a place with invalid bytes, which are kept in the new text.
 * @throws ToolError invalid_input for a text that is empty or occurs more often; not_found with the nearest text
 */
export function applyEdits(text: string, edits: readonly Edit[]): Edited {
  let draft = toDraft(text);
  const counts: number[] = [];
  for (const [index, edit] of edits.entries()) {
    const { next, count } = applyEdit(draft, edit, edits.length === 1 ? "" : `edits[${index}].`);
    draft = next;
    counts.push(count);
  }
  return { text: fromDraft(draft), counts };
}

interface Applied {
  readonly next: Draft;
  readonly count: number;
}

function applyEdit(draft: Draft, edit: Edit, name: string): Applied {
  const { oldText, newText, replaceAll = false } = edit;
  checkEdit(edit, name);
  const old = withLineFeeds(oldText);
  const fresh = withLineFeeds(newText);
  // The edit changes only line ends, so on both sides they count.
  if (old === fresh && oldText !== newText) return changeLineEnds(draft, edit, name);
  const text = old.includes(BROKEN) ? showBroken(draft.text) : draft.text;
  const places = placesOf(findAll(text, old), old.length, replaceAll);
  if (places.length === 0) throw notFound(showBroken(draft.text), old, name);
  if (places.length > 1 && !replaceAll) throw ambiguous(text, old, name);
  const { start, end, text: between } = withoutCommonEnds(old, fresh);
  const replaced = old.slice(start, end);
  const splices = places.map((at): Splice => {
    const kept = replaced.includes(BROKEN)
      ? keepBroken(draft.text.slice(at + start, at + end), between, name)
      : between;
    return { start: at + start, end: at + end, text: kept };
  });
  // A single line without a line break shows no line ends to follow.
  const ends = draft.text.includes("\n") ? draft.ends : newText.includes("\r\n");
  return { next: splice({ text: draft.text, ends }, splices), count: places.length };
}

const BROKEN = "\uFFFD";

/**
 * Restores the invalid bytes of a replaced text where the new text shows them. @throws ToolError invalid_input when the
 * new text shows some, but not the same number
 */
function keepBroken(replaced: string, fresh: string, name: string): string {
  const kept = replaced.match(/[\uFFFD\p{Surrogate}]/gu) ?? [];
  const shown = fresh.split(BROKEN).length - 1;
  if (shown === 0) return fresh;
  if (shown !== kept.length) {
    throw new ToolError(
      "invalid_input",
      `${name}newText has U+FFFD ${shown} times where oldText has it ${kept.length} times. It stands for bytes that are not ` +
        "valid UTF-8: repeat each of them, or leave all of them out.",
    );
  }
  return fresh.replaceAll(BROKEN, () => kept.shift() ?? BROKEN);
}

/** @throws ToolError invalid_input for texts that cannot be intended */
function checkEdit({ oldText, newText }: Edit, name: string): void {
  if (oldText === "") {
    throw new ToolError(
      "invalid_input",
      `${name}oldText is empty. To insert text, pass a line next to the place as oldText, and repeat it in newText.`,
    );
  }
  for (const [key, text] of Object.entries({ oldText, newText })) {
    // Half of an emoji would match inside whole ones, and cannot be written.
    if (/\p{Surrogate}/u.test(text)) {
      throw new ToolError("invalid_input", `${name}${key} contains half of a character (a lone surrogate).`);
    }
  }
}

const withLineFeeds = (text: string) => text.replaceAll("\r\n", "\n");

/** Where to change a text: all places that do not overlap, or at most two where only one is allowed. */
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

const TOO_MANY = new ToolError("too_large", `oldText occurs more than ${MOST_PLACES} times. Nothing was written.`);

/** Replaces only what differs, so that lines which an edit merely repeats keep their line ends. */
function withoutCommonEnds(before: string, after: string): Splice {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let same = 0;
  while (same < most - start && before.at(-1 - same) === after.at(-1 - same)) same += 1;
  return { start, end: before.length - same, text: after.slice(start, after.length - same) };
}

function changeLineEnds(draft: Draft, { oldText, newText, replaceAll = false }: Edit, name: string): Applied {
  const text = fromDraft(draft);
  // "\n" must not match half of "\r\n".
  const isWhole = (place: number) => oldText[0] !== "\n" || text[place - 1] !== "\r";
  const places = placesOf(filtered(findAll(text, oldText), isWhole), oldText.length, replaceAll);
  if (places.length === 0) {
    throw new ToolError("not_found", `${name}oldText does not occur with these line ends. Nothing was written.`);
  }
  if (places.length > 1 && !replaceAll) throw ambiguous(text, oldText, name);
  const splices = places.map((start): Splice => ({ start, end: start + oldText.length, text: newText }));
  const changed = splice({ text, ends: false }, splices).text;
  return { next: toDraft(changed), count: places.length };
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
    `${name}oldText occurs ${times} on lines ${lines.join(", ")}. Include more of the text around one of them, or pass ` +
      "replaceAll: true. Nothing was written.",
  );
}

function notFound(text: string, wanted: string, name: string): ToolError {
  return new ToolError(
    "not_found",
    `${name}oldText is not in the file. ${nearest(text, wanted)}Pass the file's text exactly. Nothing was written.`,
  );
}
