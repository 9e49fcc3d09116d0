import { type Dirent, lstatSync } from "node:fs";
import { errnoOf } from "../errors.ts";
import { isTemporary } from "../lookup/names.ts";
import { kindOf } from "../reading/stat.ts";
import type { ScanName } from "../types/scan.ts";
import type { ScanPlace } from "./scan-place.ts";

/**
 * Names held at a time. A larger directory is read again for the next ones, so that millions of names are listed in
 * order in about 20 MB.
 */
const HELD = 200_000;

export interface SortedOptions {
  /** The first name to list. */
  readonly from: string;
  /** Called for every name that is read; names for which it returns false are left out. */
  readonly keep: (name: string) => boolean;
  /** Called from time to time while names are read and sorted. Anything it throws ends that. */
  readonly check?: (() => void) | undefined;
  readonly held?: number;
}

/** Comparisons between two checks. */
const COMPARED = 4096;

/**
 * The names of a directory, in order of their UTF-16 code units. @param place called again after each yield, because
 * the directory may have been closed
 */
export function* sortedNames(place: () => ScanPlace, options: SortedOptions): Generator<ScanName> {
  const { from, keep } = options;
  let wanted = (name: string) => keep(name) && name >= from;
  for (;;) {
    const { names, more } = firstNames(place, wanted, options);
    yield* names;
    const last = names.at(-1)?.name;
    if (!more || last === undefined) return;
    wanted = (name) => keep(name) && name > last;
  }
}

function firstNames(
  place: () => ScanPlace,
  wanted: (name: string) => boolean,
  { check, held = HELD }: Pick<SortedOptions, "check" | "held">,
) {
  let names: ScanName[] = [];
  let compared = 0;
  const order = (a: ScanName, b: ScanName) => {
    compared += 1;
    if (compared % COMPARED === 0) check?.();
    return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
  };
  /** The last name held once there are more; names that sort after it are dropped at once. */
  let last: string | undefined;
  const first = (name: string) => wanted(name) && (last === undefined || name < last);
  for (const name of eachName(place, first)) {
    names.push(name);
    if (names.length < held * 2) continue;
    names = names.sort(order).slice(0, held);
    last = names.at(-1)?.name;
  }
  names.sort(order);
  if (last !== undefined) names = names.slice(0, held);
  return { names, more: last !== undefined };
}

/** The names of a directory in the system's order, without our own unfinished writes. */
export function* eachName(place: () => ScanPlace, wanted: (name: string) => boolean): Generator<ScanName> {
  for (const dirent of place().names()) {
    if (!wanted(dirent.name) || isTemporary(dirent.name)) continue;
    const name = described(place, dirent);
    if (name) yield name;
  }
  place().confirm();
}

function described(place: () => ScanPlace, dirent: Dirent): ScanName | undefined {
  const { name } = dirent;
  const addressable = !name.includes("\uFFFD");
  const kind = kindOf(dirent);
  // Some file systems list names without types.
  if (!addressable || kind !== "other") return { name, addressable, kind };
  try {
    return { name, addressable, kind: kindOf(lstatSync(place().at(name))) };
  } catch (error) {
    return errnoOf(error) === "ENOENT" ? undefined : { name, addressable, kind };
  }
}
