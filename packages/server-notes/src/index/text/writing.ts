/** A text that is put together. */
export interface Writing {
  /** @param unit of UTF-16 */
  add(unit: number): void;
  addAll(text: string): void;
  text(): string;
}

/** UTF-16, of the text that is being written: one at a time. A long one's room is given back. */
const USUAL = Buffer.allocUnsafeSlow(131_072);
let room = USUAL;
let length = 0;
let isNarrow = true;

/**
 * Begins a text, and forgets the one before. V8 keeps what is added to a string, character by character, as a tree of
 * many times its size: collecting those took longer than all else that is done with a note.
 */
export function writing(): Writing {
  room = USUAL;
  length = 0;
  isNarrow = true;
  return THE_ONE;
}

const THE_ONE: Writing = { add, addAll, text };

function add(unit: number): void {
  if (length === room.length) room = Buffer.concat([room], length * 2);
  if (unit > 0xff) isNarrow = false;
  room[length] = unit & 0xff;
  room[length + 1] = unit >> 8;
  length += 2;
}

function addAll(added: string): void {
  for (let at = 0; at < added.length; at += 1) add(added.charCodeAt(at));
}

function text(): string {
  if (!isNarrow) return room.toString("utf16le", 0, length);
  // Half the memory, for whoever keeps it.
  for (let at = 0; at < length; at += 2) room[at >> 1] = room[at] ?? 0;
  return room.toString("latin1", 0, length >> 1);
}
