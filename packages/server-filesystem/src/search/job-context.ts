import { BeneathError, type ScanEntry, type Scanner, type ScanStart, type Stat } from "@org/beneath";
import type { FileMatches, Found } from "./types.ts";

/** Ends a job that is to return what it has while it reads the names of a large directory. */
export class Stopped extends Error {}

/** Where to go on behind an entry: with what is in it, were it a directory. */
export const behind = (path: string): string => `${path}/`;

/** What a job works with. */
export interface JobContext {
  readonly start: ScanStart;
  readonly scanner: Scanner;
  /** To be asked for every entry: counts it, tells the progress, and says whether to go on. */
  goOn(): boolean;
  /** Notes the file that is searched now, for when the thread does not come back from it. */
  enter(path: string): void;
  /** Tells what was found so far: what counts when the thread has to be ended. */
  tell(part: readonly FileMatches[]): void;
}

/** @returns "gone" when the entry went away meanwhile, undefined for one of which no more may be known than its name */
export function statIfThere(scanner: Scanner, entry: ScanEntry): Stat | "gone" | undefined {
  if (!entry.addressable) return undefined;
  try {
    return scanner.stat(entry);
  } catch (error) {
    if (!(error instanceof BeneathError)) throw error;
    // A directory may be readable, and what is in it not to be reached.
    return error.code === "no_permission" ? undefined : "gone";
  }
}

export const foundOf = ({ path, kind, addressable }: ScanEntry, stat: Stat | undefined): Found => ({
  path,
  kind: stat?.kind ?? kind,
  addressable,
  ...(stat && { size: stat.size, mtimeMs: stat.mtimeMs }),
});
