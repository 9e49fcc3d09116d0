import { BeneathError, type ScanEntry, type Scanner, type ScanStart, type Stat } from "@org/beneath";
import type { FileMatches, Found } from "./types.ts";

/** Ends a job, which returns what it has, while the names of a large directory are being read. */
export class Stopped extends Error {}

/** Where to continue after an entry, including its contents if it is a directory. */
export const behind = (path: string): string => `${path}/`;

/** What a job works with. */
export interface JobContext {
  readonly start: ScanStart;
  readonly scanner: Scanner;
  /** Called for every entry: counts it, reports progress, and returns whether to continue. */
  goOn(): boolean;
  /** Records the file being searched, in case the thread gets stuck in it. */
  enter(path: string): void;
  /** Sends the matches so far, which are kept if the thread has to be terminated. */
  tell(part: readonly FileMatches[]): void;
}

/** @returns "gone" when the entry disappeared, undefined when only its name can be known */
export function statIfThere(scanner: Scanner, entry: ScanEntry): Stat | "gone" | undefined {
  if (!entry.addressable) return undefined;
  try {
    return scanner.stat(entry);
  } catch (error) {
    if (!(error instanceof BeneathError)) throw error;
    // A directory may be readable although its entries cannot be reached.
    return error.code === "no_permission" ? undefined : "gone";
  }
}

export const foundOf = ({ path, kind, addressable }: ScanEntry, stat: Stat | undefined): Found => ({
  path,
  kind: stat?.kind ?? kind,
  addressable,
  ...(stat && { size: stat.size, mtimeMs: stat.mtimeMs }),
});
