import type { Stat } from "@org/beneath";
import type { Call } from "@org/server-kit";
import { isCode } from "../sandbox/errors.ts";
import type { Place } from "../sandbox/types.ts";

/** Size from which files are read into memory only a few at a time. */
const LARGE = 1 << 20;
const AT_ONCE = 4;

export interface Whole {
  readonly bytes: Buffer;
  /** Never newer than the bytes. */
  readonly stat: Stat;
}

/**
 * Reads a file whole, and works on it. Large files wait for each other, because concurrent calls could hold a gigabyte;
 * small ones never wait. @throws BeneathError too_large for a file over maxBytes
 */
export async function withWhole<T>(
  { root, path }: Place,
  maxBytes: number,
  call: Pick<Call, "signal">,
  work: (whole: Whole) => Promise<T>,
): Promise<T> {
  let small: Whole;
  try {
    // Without the signal, whose creation costs as much as reading a small file.
    small = await root.read(path, { maxBytes: Math.min(LARGE, maxBytes) });
  } catch (error) {
    if (maxBytes <= LARGE || !isCode(error, "too_large")) throw error;
    return inTurn(async () => work(await root.read(path, { maxBytes, signal: call.signal })));
  }
  return work(small);
}

const inTurn = createTurns(AT_ONCE);

/** Runs at most this many at a time; others wait in order. */
export function createTurns(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running === most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      // Hands the place to the next in line, so that no later call takes it.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
