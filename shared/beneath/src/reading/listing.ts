import type { Dir, Dirent } from "node:fs";
import { opendir } from "node:fs/promises";
import { errnoOf } from "../errors.ts";
import { lstat } from "../lookup/calls.ts";
import type { Directory } from "../lookup/directory.ts";
import { childOf, isTemporary } from "../lookup/names.ts";
import type { Entry } from "../types/entry.ts";
import type { Judge, ListOptions } from "../types/options.ts";
import { kindOf, statOf } from "./stat.ts";

/** Names read from the system at a time, which bounds the memory that a directory of any size takes. */
const BUFFERED_NAMES = 256;
/** Entries described concurrently. */
const BATCH = 32;

/** A directory that is being listed. */
export interface Listing {
  readonly directory: Directory;
  next(): Promise<Entry | undefined>;
  close(): Promise<void>;
}

/**
 * Takes ownership of `directory`, even when it fails. Entries that the judge denies are left out without being
 * inspected.
 */
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

/** Undefined for an entry that disappeared after it was listed. */
async function describe(directory: Directory, dirent: Dirent, stats = false): Promise<Entry | undefined> {
  const { name } = dirent;
  // Node replaces bytes that are not UTF-8 by U+FFFD, and the resulting name leads nowhere, or to another file.
  const addressable = !name.includes("\uFFFD");
  const kind = kindOf(dirent);
  // Some file systems list names without types; the entry then looks like a FIFO.
  if (!addressable || (kind !== "other" && !stats)) return { name, addressable, kind };
  try {
    const stat = statOf(await lstat(directory.at(name)));
    return { name, addressable, kind: stat.kind, ...(stats && { stat }) };
  } catch (error) {
    // A directory that may be read but not searched reveals only its names.
    return errnoOf(error) === "ENOENT" ? undefined : { name, addressable, kind };
  }
}
