import type { Dir, Dirent } from "node:fs";
import { opendir } from "node:fs/promises";
import { errnoOf } from "../errors.ts";
import { lstat } from "../lookup/calls.ts";
import type { Directory } from "../lookup/directory.ts";
import { childOf, isTemporary } from "../lookup/names.ts";
import type { Entry } from "../types/entry.ts";
import type { Judge, ListOptions } from "../types/options.ts";
import { kindOf, statOf } from "./stat.ts";

/** Names read from the system at a time: what a directory of any size costs in memory. */
const BUFFERED_NAMES = 256;
/** Entries described side by side. */
const BATCH = 32;

/** A directory that is being listed. */
export interface Listing {
  readonly directory: Directory;
  next(): Promise<Entry | undefined>;
  close(): Promise<void>;
}

/** Takes over `directory`, also when it fails. What the judge denies is left out, and not even looked at. */
export async function openListing(directory: Directory, options: ListOptions, judge?: Judge): Promise<Listing> {
  const names = await openNames(directory);
  const isShown = (name: string) => !isTemporary(name) && !judge?.(childOf(directory.inside, name), "read");
  let batch: readonly Entry[] = [];
  let position = 0;
  return {
    directory,
    async next() {
      while (position === batch.length) {
        options.signal?.throwIfAborted();
        const dirents = await readNames(names, isShown);
        if (dirents.length === 0) return undefined;
        const described = await Promise.all(dirents.map((dirent) => describe(directory, dirent, options.stats)));
        directory.confirm();
        batch = described.filter((entry) => entry !== undefined);
        position = 0;
      }
      position += 1;
      return batch[position - 1];
    },
    async close() {
      directory.close();
      await names.close();
    },
  };
}

async function openNames(directory: Directory): Promise<Dir> {
  let names: Dir | undefined;
  try {
    names = await opendir(directory.path, { bufferSize: BUFFERED_NAMES });
    directory.confirm();
    return names;
  } catch (error) {
    await names?.close();
    directory.close();
    throw error;
  }
}

async function readNames(names: Dir, isShown: (name: string) => boolean): Promise<Dirent[]> {
  const dirents: Dirent[] = [];
  while (dirents.length < BATCH) {
    const dirent = await names.read();
    if (!dirent) break;
    if (isShown(dirent.name)) dirents.push(dirent);
  }
  return dirents;
}

/** Undefined for an entry that went away after it was listed. */
async function describe(directory: Directory, dirent: Dirent, stats = false): Promise<Entry | undefined> {
  const { name } = dirent;
  // Node puts U+FFFD for bytes that are not UTF-8, and then the name leads nowhere, or to a twin.
  const addressable = !name.includes("\uFFFD");
  const kind = kindOf(dirent);
  // Some file systems give names without types, and the entry then looks like a FIFO.
  if (!addressable || (kind !== "other" && !stats)) return { name, addressable, kind };
  try {
    const stat = statOf(await lstat(directory.at(name)));
    return { name, addressable, kind: stat.kind, ...(stats && { stat }) };
  } catch (error) {
    // A directory that may be read but not searched gives only its names.
    return errnoOf(error) === "ENOENT" ? undefined : { name, addressable, kind };
  }
}
