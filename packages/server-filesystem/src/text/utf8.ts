/**
 * Text that is UTF-8 except for some bytes, such as a log with a broken line. Each invalid place is read as a stand-in,
 * and written back as its original bytes.
 */
export interface BrokenText {
  /** Each invalid place is one low surrogate, which never occurs alone in valid text; showBroken shows it as U+FFFD. */
  readonly text: string;
  /** The original bytes of each stand-in. */
  readonly bytesOf: ReadonlyMap<string, Buffer>;
}

/** Number of stand-ins, from U+DC00: as many different places can be distinguished. */
const MOST = 0x400;
const FIRST = 0xdc00;

/** @returns undefined when there are more different invalid places than can be distinguished */
export function readBroken(bytes: Buffer): BrokenText | undefined {
  const known = new Map<string, string>();
  const bytesOf = new Map<string, Buffer>();
  const parts: string[] = [];
  let done = 0;
  scanUtf8(bytes, (start, end) => {
    const key = bytes.toString("latin1", start, end);
    const unit = known.get(key) ?? String.fromCharCode(FIRST + (known.size % MOST));
    if (!known.has(key)) bytesOf.set(unit, bytes.subarray(start, end));
    known.set(key, unit);
    parts.push(bytes.toString("utf8", done, start), unit);
    done = end;
  });
  parts.push(bytes.toString("utf8", done));
  return known.size > MOST ? undefined : { text: parts.join(""), bytesOf };
}

/** The bytes of a text from readBroken, possibly edited. */
export function writeBroken({ text, bytesOf }: BrokenText): Buffer {
  const parts: Buffer[] = [];
  let done = 0;
  for (const { index, 0: unit } of text.matchAll(PLACE)) {
    parts.push(Buffer.from(text.slice(done, index)), bytesOf.get(unit) ?? Buffer.from(unit));
    done = index + 1;
  }
  parts.push(Buffer.from(text.slice(done)));
  return Buffer.concat(parts);
}

const PLACE = /\p{Surrogate}/gu;

/** The text as it may be shown to anyone else. */
export const showBroken = (text: string): string => text.replace(PLACE, "\uFFFD");

export const countPlaces = (text: string): number => text.match(PLACE)?.length ?? 0;

/**
 * Finds bytes that are not UTF-8, grouped as decoders show them, one U+FFFD each. @param broken called with the first
 * byte of each place, and the byte after it @returns the number of characters beyond ASCII
 */
export function scanUtf8(bytes: Buffer, broken: (start: number, end: number) => void): number {
  let valid = 0;
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at] ?? 0;
    const start = at;
    at += 1;
    if (lead < 0x80) continue;
    const end = start + lengthOf(lead);
    // After some leads the second byte has narrower bounds: no overlong forms, surrogates, or anything past U+10FFFF.
    let low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    let high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    while (at < end && inside(bytes[at], low, high)) {
      at += 1;
      [low, high] = [0x80, 0xbf];
    }
    if (at === end && end > start + 1) valid += 1;
    else broken(start, at);
  }
  return valid;
}

const inside = (byte: number | undefined, low: number, high: number) =>
  byte !== undefined && byte >= low && byte <= high;

/** Length of the character that a lead byte begins; 1 for a byte that begins none. */
function lengthOf(lead: number): number {
  if (lead < 0xc2 || lead > 0xf4) return 1;
  return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
}

/** Bytes at the end that begin a character whose rest has not been written yet. */
export function halfAtEnd(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0x80 && byte < 0xc0) continue;
    if (lengthOf(byte) <= back) return 0;
    let isHalf = true;
    const end = bytes.subarray(bytes.length - back);
    scanUtf8(end, (start, stop) => {
      isHalf &&= start === 0 && stop === end.length;
    });
    return isHalf ? back : 0;
  }
  return 0;
}
