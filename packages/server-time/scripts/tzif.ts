import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** The clocks in a period of time: seconds east of UTC, and IANA's isdst flag. */
export interface TzifType {
  readonly offset: number;
  readonly abbreviation: string;
  readonly flagged: boolean;
}

/** A compiled zone: `first` applies before the first transition, `rule` after the last. */
export interface Tzif {
  readonly first: TzifType;
  readonly transitions: readonly (TzifType & { readonly start: number })[];
  readonly rule: string;
}

const HEADER = 44;

/**
 * Reads a TZif file of version 2 or later (RFC 9636), its 64-bit block and its footer. @throws RangeError for any other
 * file
 */
export async function readTzif(directory: string, name: string): Promise<Tzif> {
  const file = await readFile(join(directory, name));
  if (file.toString("latin1", 0, 4) !== "TZif" || file.readUInt8(4) < 0x32) {
    throw new RangeError(`${name} is not a TZif file of version 2 or later.`);
  }
  const narrow = counts(file, 0);
  const start = HEADER + blockSize(narrow, 4);
  const { times, types, characters, ...rest } = counts(file, start);
  const timesAt = start + HEADER;
  const indicesAt = timesAt + times * 8;
  const typesAt = indicesAt + times;
  const namesAt = typesAt + types * 6;
  const typeAt = (index: number): TzifType => {
    const at = typesAt + index * 6;
    const from = namesAt + file.readUInt8(at + 5);
    const abbreviation = file.toString("latin1", from, file.indexOf(0, from));
    return { offset: file.readInt32BE(at), abbreviation, flagged: file.readUInt8(at + 4) === 1 };
  };
  const transitions = Array.from({ length: times }, (_, index) => ({
    start: Number(file.readBigInt64BE(timesAt + index * 8)),
    ...typeAt(file.readUInt8(indicesAt + index)),
  }));
  const footerAt = timesAt + blockSize({ times, types, characters, ...rest }, 8) + 1;
  const rule = file.toString("latin1", footerAt, file.indexOf("\n", footerAt));
  return { first: typeAt(0), transitions, rule };
}

interface Counts {
  readonly utcFlags: number;
  readonly standardFlags: number;
  readonly leapSeconds: number;
  readonly times: number;
  readonly types: number;
  readonly characters: number;
}

function counts(file: Buffer, at: number): Counts {
  const [utcFlags = 0, standardFlags = 0, leapSeconds = 0, times = 0, types = 0, characters = 0] = Array.from(
    { length: 6 },
    (_, index) => file.readUInt32BE(at + 20 + index * 4),
  );
  return { utcFlags, standardFlags, leapSeconds, times, types, characters };
}

const blockSize = (count: Counts, timeBytes: number): number =>
  count.times * (timeBytes + 1) +
  count.types * 6 +
  count.characters +
  count.leapSeconds * (timeBytes + 4) +
  count.standardFlags +
  count.utcFlags;
