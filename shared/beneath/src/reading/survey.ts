import { createHash } from "node:crypto";
import type { BigIntStats } from "node:fs";
import { refusal } from "../errors.ts";
import type { Directory, Pin } from "../lookup/directory.ts";
import { childOf } from "../lookup/names.ts";
import { pinIfThere } from "../lookup/place.ts";
import { openListing } from "./listing.ts";
import { kindOf } from "./stat.ts";

export interface LookOptions {
  /** Called for everything below, with its path relative to the root; throws to refuse the whole operation. */
  readonly may?: ((inside: string) => void) | undefined;
  /** Refuses what cannot be copied and removed, and computes a sum that detects any change. */
  readonly exact?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Inspects an entry and everything below it before an operation on the whole. The entry stays open. @returns with
 * `exact`, a sum over everything that differs as soon as anything has changed
 */
export async function look(top: Pin, options: LookOptions): Promise<bigint> {
  const { stat } = top;
  // The ctime of the top itself is left out, because a rename changes it.
  const sum = options.exact ? markOf("", stat, 0n) : 0n;
  if (!stat.isDirectory()) return sum;
  // A separate handle, because a listing closes the directory that it lists.
  const again = await top.enter().pin(".");
  return sum + (await lookIn(again.enter(), "", stat.dev, options));
}

async function lookIn(directory: Directory, path: string, dev: bigint, options: LookOptions): Promise<bigint> {
  let sum = 0n;
  const listing = await openListing(directory, { signal: options.signal });
  try {
    for (let entry = await listing.next(); entry; entry = await listing.next()) {
      options.signal?.throwIfAborted();
      options.may?.(childOf(directory.inside, entry.name));
      if (!entry.addressable && (options.exact || entry.kind === "directory")) throw notUtf8();
      if (options.exact || entry.kind === "directory") {
        sum += await lookAt(listing.directory, entry.name, childOf(path, entry.name), dev, options);
      }
    }
  } finally {
    await listing.close();
  }
  return sum;
}

async function lookAt(parent: Directory, name: string, path: string, dev: bigint, options: LookOptions) {
  const pin = await pinIfThere(parent, name);
  // An entry that is gone adds nothing to the sum.
  if (!pin) return 0n;
  try {
    const { stat } = pin;
    const isDirectory = stat.isDirectory();
    if (options.exact && kindOf(stat) === "other") throw notCopied();
    if (options.exact && isDirectory && stat.dev !== dev) {
      throw refusal("io", "The directory holds another file system.");
    }
    const mark = options.exact ? markOf(path, stat, stat.ctimeNs) : 0n;
    return isDirectory ? mark + (await lookIn(pin.enter(), path, dev, options)) : mark;
  } finally {
    pin.close();
  }
}

/** The sum does not depend on the order in which the system lists the names. */
function markOf(path: string, stat: BigIntStats, changed: bigint): bigint {
  const { dev, ino, mode, mtimeNs } = stat;
  const size = stat.isDirectory() ? 0n : stat.size;
  const text = `${dev} ${ino} ${mode} ${size} ${mtimeNs} ${changed} ${path}`;
  return createHash("sha256").update(text).digest().readBigUInt64BE();
}

export const notUtf8 = () => refusal("name", "The directory holds a name that is not UTF-8.");

export const notCopied = () =>
  refusal("not_a_file", "The directory holds something that is neither file, directory nor link.");
