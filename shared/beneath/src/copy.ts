import { constants } from "node:fs";
import { mkdir, readlink, symlink, unlink } from "node:fs/promises";
import type { Anchor } from "./anchor.ts";
import { close, fchmod, NOFOLLOW, open, read, write } from "./calls.ts";
import { claim, claimDirectory } from "./claim.ts";
import { type Directory, type Pin, withOpened } from "./directory.ts";
import { openListing } from "./entries.ts";
import { BeneathError, errnoOf, refusal } from "./errors.ts";
import { temporaryName } from "./names.ts";
import { removeTree } from "./remove.ts";
import { find, locateDestination, type Place } from "./resolve.ts";
import { kindOf } from "./stat.ts";
import type { Destination } from "./types.ts";

/** Bytes copied at a time. */
const CHUNK = 262_144;

/** Copies a file or a tree to a path that is free; the copy appears there whole or not at all. */
export async function copy(anchor: Anchor, from: string, to: Destination, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const source = await find(anchor, from);
  try {
    const target = await locateDestination(anchor, to);
    try {
      if (target.pin) throw refusal("exists");
      await copyTo(source, target, signal);
    } catch (error) {
      throw errnoOf(error) === "exists" ? new BeneathError("exists", to.path) : error;
    } finally {
      target.close();
    }
  } finally {
    source.close();
  }
}

async function copyTo(source: Pin, { directory, name }: Place, signal?: AbortSignal): Promise<void> {
  const temporary = temporaryName();
  try {
    if (source.stat.isDirectory()) {
      await copyDirectory(source, directory, temporary, signal);
      directory.confirm();
      await claimDirectory(directory.at(temporary), directory.at(name));
    } else {
      await copyContent(source, directory, temporary, signal);
      directory.confirm();
      if (!(await claim(directory, temporary, name))) throw refusal("exists");
    }
  } catch (error) {
    await removeTree(directory, temporary).catch(() => undefined);
    throw error;
  }
}

/** A copy that is put into its own source does not copy itself: its top is temporary, and those are not listed. */
async function copyDirectory(source: Pin, parent: Directory, name: string, signal?: AbortSignal): Promise<void> {
  parent.confirm();
  // Private until it is whole.
  await mkdir(parent.at(name), 0o700);
  const made = await parent.pin(name);
  try {
    const target = made.enter();
    const listing = await openListing(source.enter(), {});
    try {
      for (let entry = await listing.next(); entry; entry = await listing.next()) {
        signal?.throwIfAborted();
        if (!entry.addressable) throw refusal("name", "The directory holds a name that is not UTF-8.");
        await copyEntry(listing.directory, target, entry.name, signal);
      }
    } finally {
      await listing.close();
    }
    await withOpened(made, (fd) => fchmod(fd, permissionsOf(source)));
  } finally {
    made.close();
  }
}

async function copyEntry(from: Directory, to: Directory, name: string, signal?: AbortSignal): Promise<void> {
  const pin = await from.pin(name);
  try {
    const kind = kindOf(pin.stat);
    if (kind === "directory") await copyDirectory(pin, to, name, signal);
    else if (kind === "file") await copyContent(pin, to, name, signal);
    else if (kind === "symlink") await symlink(await readlink(from.at(name), { encoding: "buffer" }), to.at(name));
    else throw refusal("not_a_file", "The directory holds something that is neither file, directory nor link.");
  } finally {
    pin.close();
  }
}

/** Without set-user-id and its like. */
const permissionsOf = ({ stat }: Pin) => Number(stat.mode & 0o777n);

/** Copies a regular file's bytes and permissions to a new file. Set-user-id and its like are not copied. */
async function copyContent(source: Pin, directory: Directory, name: string, signal?: AbortSignal): Promise<void> {
  if (kindOf(source.stat) !== "file") throw refusal("not_a_file");
  const from = await source.open(constants.O_RDONLY);
  try {
    directory.confirm();
    const to = await open(
      directory.at(name),
      constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NOFOLLOW,
      0o600,
    );
    try {
      await pump(from, to, signal);
      await fchmod(to, permissionsOf(source));
    } catch (error) {
      await unlink(directory.at(name)).catch(() => undefined);
      throw error;
    } finally {
      await close(to);
    }
  } finally {
    await close(from);
  }
}

async function pump(from: number, to: number, signal?: AbortSignal): Promise<void> {
  const buffer = Buffer.allocUnsafe(CHUNK);
  for (let offset = 0; ; ) {
    signal?.throwIfAborted();
    const { bytesRead } = await read(from, buffer, 0, CHUNK, offset);
    if (bytesRead === 0) return;
    for (let done = 0; done < bytesRead; ) {
      done += (await write(to, buffer, done, bytesRead - done, offset + done)).bytesWritten;
    }
    offset += bytesRead;
  }
}
