import { lstatSync } from "node:fs";
import { type BeneathCode, BeneathError, refusal, translate } from "../errors.ts";
import { statOf } from "../reading/stat.ts";
import type { Judge } from "../types/options.ts";
import type { ScanDirectory, ScanEntry, ScanName, Scanner, ScanStart, ScanWalkOptions } from "../types/scan.ts";
import { openStart, type ScanPlace, scanPlaceOf } from "./scan-place.ts";
import { eachName, sortedNames } from "./sorted-names.ts";

export interface ScannerOptions {
  /** The root's rules, made again by the thread: functions cannot be sent to it. */
  readonly judge?: Judge | undefined;
  /**
   * Called from time to time while names are read, which can take seconds. Anything it throws ends the read and reaches
   * the caller.
   */
  readonly check?: (() => void) | undefined;
}

interface ScanLevel {
  readonly directory: ScanDirectory;
  readonly entries: Generator<ScanEntry, undefined>;
  /** Whether the first entry to report is in it. */
  readonly onWay: boolean;
  next: ScanEntry | undefined;
}

type NamesOf = (place: () => ScanPlace, keep: (name: string) => boolean) => Iterable<ScanName>;

/** Names between two checks. */
const CHECKED = 512;
/** Directories held open at a time, however deep the tree. */
const OPEN = 64;

export function openScanner(start: ScanStart, { judge, check }: ScannerOptions = {}): Scanner {
  const top: ScanDirectory = { path: "", above: undefined, name: "", depth: 0 };
  const topPlace = start.kind === "directory" ? scanPlaceOf(start) : undefined;
  const opened = new Map<ScanDirectory, ScanPlace>();
  /** The one in use; the map's first entry is the least recently used one. */
  let last: ScanDirectory | undefined;

  const within = (directory: ScanDirectory, name: string) => (directory === top ? name : `${directory.path}/${name}`);
  const denied = (path: string) => judge?.(start.path === "" ? path : `${start.path}/${path}`, "read") === "denied";

  function placeAt(directory: ScanDirectory): ScanPlace {
    const missing: ScanDirectory[] = [];
    let held: ScanDirectory = directory;
    for (; held.above && !opened.has(held); held = held.above) missing.push(held);
    let place = opened.get(held) ?? topPlace;
    if (!place) throw new BeneathError("not_a_directory", "");
    for (const next of missing.reverse()) {
      place = place.enter(next.name);
      opened.set(next, place);
      evict(next);
    }
    if (last !== directory && opened.delete(directory)) opened.set(directory, place);
    last = directory;
    return place;
  }

  function evict(kept: ScanDirectory): void {
    if (opened.size <= OPEN) return;
    for (const directory of opened.keys()) {
      if (directory === kept) continue;
      leave(directory);
      return;
    }
  }

  function leave(directory: ScanDirectory): void {
    opened.get(directory)?.close();
    opened.delete(directory);
    if (last === directory) last = undefined;
  }

  function translated<T>(path: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw translate(error, path);
    }
  }

  function* each(directory: ScanDirectory, names: NamesOf): Generator<ScanEntry, undefined> {
    let read = 0;
    const keep = (name: string) => {
      read += 1;
      if (read % CHECKED === 0) check?.();
      return !judge || !denied(within(directory, name));
    };
    try {
      for (const { name, addressable, kind } of names(() => placeAt(directory), keep)) {
        yield { name, addressable, kind, path: within(directory, name), directory };
      }
    } catch (error) {
      throw translate(error, directory.path);
    }
  }

  const sorted = (directory: ScanDirectory, from = "") =>
    each(directory, (place, keep) => sortedNames(place, { from, keep, check }));

  const into = ({ path, directory, name }: ScanEntry): ScanDirectory => ({
    path,
    above: directory,
    name,
    depth: directory.depth + 1,
  });

  /** Reads the first entry, which fails when the directory cannot be read. */
  function levelOf(directory: ScanDirectory, from: string | undefined, onWay: boolean): ScanLevel {
    const entries = sorted(directory, from);
    return { directory, entries, onWay, next: entries.next().value };
  }

  function* walk({ from = "", keep, enter, entered }: ScanWalkOptions = {}): Generator<ScanEntry> {
    const first = from.split("/");
    const levels = [levelOf(top, first[0], true)];
    entered?.(top);
    let passed = 0;
    for (let level = levels.at(-1); level; level = levels.at(-1)) {
      passed += 1;
      if (passed % CHECKED === 0) check?.();
      const entry = level.next;
      level.next = entry && level.entries.next().value;
      if (!entry) {
        levels.pop();
        leave(level.directory);
        continue;
      }
      const onWay = level.onWay && entry.name === first[level.directory.depth];
      const before = onWay && levels.length < first.length;
      if (keep?.(entry) === false) continue;
      if (entry.kind !== "directory" || !entry.addressable || enter?.(entry) === false) {
        if (!before) yield entry;
        continue;
      }
      // Opened before it is reported, so that one entry holds both its description and the reason it cannot be read.
      const directory = into(entry);
      const below = codeOr(() => levelOf(directory, before ? first[levels.length] : "", before));
      if (!before) yield typeof below === "string" ? { ...entry, problem: below } : entry;
      if (typeof below === "string") continue;
      entered?.(directory);
      levels.push(below);
    }
  }

  function open({ directory, name, path, kind }: ScanEntry): number {
    try {
      if (kind !== "file") throw refusal("not_a_file");
      return placeAt(directory).openListed(name);
    } catch (error) {
      throw translate(error, path);
    }
  }

  const openIn = (directory: ScanDirectory, name: string) =>
    translated(within(directory, name), () => {
      if (judge && denied(within(directory, name))) throw refusal("denied");
      return placeAt(directory).openFile(name);
    });

  const has = (directory: ScanDirectory, name: string) =>
    translated(directory.path, () => {
      const place = placeAt(directory);
      const found = lstatSync(place.at(name), { throwIfNoEntry: false }) !== undefined;
      place.confirm();
      return found;
    });

  return {
    start: top,
    list: (directory) => each(directory, eachName),
    sorted: (directory) => sorted(directory),
    walk,
    into,
    stat: ({ directory, name, path }) =>
      translated(path, () => {
        const place = placeAt(directory);
        const stat = lstatSync(place.at(name), { bigint: true });
        place.confirm();
        return statOf(stat);
      }),
    open,
    openIn,
    has,
    openStart: () => translated("", () => openStart(start)),
    close() {
      for (const directory of [...opened.keys()]) leave(directory);
    },
  };
}

/** A failure of the file system is reported and does not end the walk. */
function codeOr<T>(work: () => T): T | BeneathCode {
  try {
    return work();
  } catch (error) {
    if (error instanceof BeneathError) return error.code;
    throw error;
  }
}
