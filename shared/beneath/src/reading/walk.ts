import { BeneathError, refusal, translate } from "../errors.ts";
import type { Anchor } from "../lookup/anchor.ts";
import type { Directory } from "../lookup/directory.ts";
import { childOf } from "../lookup/names.ts";
import { findDirectory } from "../lookup/resolve.ts";
import type { Entry, WalkEntry } from "../types/entry.ts";
import type { Judge, ListOptions, WalkOptions } from "../types/options.ts";
import { type Listing, openListing } from "./listing.ts";

/** The entries of one directory, in the system's order. */
export async function* list(
  { using }: Pick<Anchor, "using">,
  relative: string,
  options: ListOptions,
): AsyncGenerator<Entry> {
  options.signal?.throwIfAborted();
  const listing = await using((anchor) => listingOf(anchor, relative, options));
  try {
    for (let entry = await listing.next(); entry; entry = await listing.next()) yield entry;
  } finally {
    await listing.close();
  }
}

const listingOf = async (anchor: Anchor, relative: string, options: ListOptions) =>
  openListing(await findDirectory(anchor, relative), options, anchor.judge);

interface WalkLevel {
  readonly listing: Listing;
  readonly path: string;
}

/** Every entry below a directory, parents first. A link is reported, not entered, so there are no loops. */
export async function* walk(
  { using }: Pick<Anchor, "using">,
  relative: string,
  options: WalkOptions,
): AsyncGenerator<WalkEntry> {
  options.signal?.throwIfAborted();
  const { judge, top } = await using(async (anchor) => ({
    judge: anchor.judge,
    top: await listingOf(anchor, relative, options),
  }));
  const levels: WalkLevel[] = [{ listing: top, path: relative }];
  try {
    for (let level = levels.at(-1); level; level = levels.at(-1)) {
      const found = await level.listing.next();
      if (!found) {
        levels.pop();
        await level.listing.close();
        continue;
      }
      const path = childOf(level.path, found.name);
      const entry: WalkEntry = { ...found, path, depth: levels.length - 1 };
      if (found.kind !== "directory" || !found.addressable || options.enter?.(entry) === false) {
        yield entry;
        continue;
      }
      // Opened before it is reported, so that one entry holds both its description and the reason it cannot be read.
      const listing = await enter(judge, level.listing.directory, found.name, options);
      if (listing instanceof BeneathError) {
        yield { ...entry, problem: listing.code };
        continue;
      }
      levels.push({ listing, path });
      yield entry;
    }
  } finally {
    for (const { listing } of levels) await listing.close();
  }
}

async function enter(
  judge: Judge | undefined,
  parent: Directory,
  name: string,
  options: ListOptions,
): Promise<Listing | BeneathError> {
  try {
    const pin = await parent.pin(name);
    if (pin.stat.isDirectory()) return await openListing(pin.enter(), options, judge);
    pin.close();
    return refusal("not_a_directory");
  } catch (error) {
    const failure = translate(error, name);
    if (failure instanceof BeneathError) return failure;
    throw error;
  }
}
