/** A text that is being assembled. */
export interface Writing {
  /** @param unit of UTF-16 */
  add(unit: number): void;
  addAll(text: string): void;
  text(): string;
}

/** UTF-16, of one text at a time. The memory of a long text is released. */
const USUAL = Buffer.allocUnsafeSlow(131_072);
let room = USUAL;
let length = 0;
let isNarrow = true;

/**
 * Begins a text, discarding the one before. V8 represents a string built character by character as a tree of many times
 * its size; collecting those took longer than everything else done with a note.
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
  // Half the memory for a text that is kept.
  for (let at = 0; at < length; at += 2) room[at >> 1] = room[at] ?? 0;
  return room.toString("latin1", 0, length >> 1);
}
