import { constants } from "node:fs";
import { mkdir, readlink, symlink, unlink } from "node:fs/promises";
import { errnoOf, refusal, taken } from "../errors.ts";
import type { Anchor } from "../lookup/anchor.ts";
import { close, fchmod, fsync, futimes, NOFOLLOW, open, read, write } from "../lookup/calls.ts";
import type { Directory, Pin } from "../lookup/directory.ts";
import { withOpened } from "../lookup/handles.ts";
import { childOf, temporaryName } from "../lookup/names.ts";
import type { Place } from "../lookup/place.ts";
import { type Destination, find, locateDestination } from "../lookup/resolve.ts";
import { openListing } from "../reading/listing.ts";
import { kindOf } from "../reading/stat.ts";
import { look, notCopied, notUtf8 } from "../reading/survey.ts";
import { claim, claimDirectory } from "../writing/claim.ts";
import { removeTree } from "../writing/remove.ts";
import { atDestination, type Transfer, transferOf } from "./transfer.ts";

/** Bytes copied at a time. */
const COPIED_AT_ONCE = 262_144;

/** Copies a file or a tree to a free path, where it appears complete or not at all. */
export async function copy(anchor: Anchor, from: string, to: Destination, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const source = await find(anchor, from);
  try {
    const target = await locateDestination(to);
    try {
      if (target.pin) throw refusal("exists");
      const end = { anchor: to.anchor, inside: target.inside, path: to.path };
      const transfer = transferOf({ anchor, inside: source.inside, access: "read" }, end, signal);
      if (transfer.may) await look(source, transfer);
      await build(source, target, transfer);
    } catch (error) {
      throw errnoOf(error) === "exists" ? taken(to.path) : error;
    } finally {
      target.close();
    }
  } finally {
    source.close();
  }
}

/** Builds a copy under a temporary name, then renames it. @param finished may refuse the finished copy */
export async function build(
  source: Pin,
  { directory, name }: Place,
  transfer: Transfer,
  finished?: () => Promise<void>,
): Promise<void> {
  const temporary = temporaryName();
  const isDirectory = source.stat.isDirectory();
  try {
    if (isDirectory) await copyDirectory(source, directory, temporary, transfer);
    else await copyContent(source, directory, temporary, transfer);
    await finished?.();
    directory.confirm();
    if (isDirectory) await atDestination(transfer, claimDirectory(directory.at(temporary), directory.at(name)));
    else if (!(await atDestination(transfer, claim(directory, temporary, name)))) throw refusal("exists");
  } catch (error) {
    await removeTree(directory, temporary).catch(() => undefined);
    throw error;
  }
}

/**
 * A directory that is copied into itself does not copy the copy: its top has a temporary name, and those are not
 * listed.
 */
async function copyDirectory(source: Pin, parent: Directory, name: string, transfer: Transfer): Promise<void> {
  parent.confirm();
  // Private until it is complete.
  await atDestination(transfer, mkdir(parent.at(name), 0o700));
  const made = await atDestination(transfer, parent.pin(name));
  try {
    const target = made.enter();
    const listing = await openListing(source.enter(), {});
    try {
      for (let entry = await listing.next(); entry; entry = await listing.next()) {
        transfer.signal?.throwIfAborted();
        if (!entry.addressable) throw notUtf8();
        await copyEntry(listing.directory, target, entry.name, transfer);
      }
    } finally {
      await listing.close();
    }
    await atDestination(
      transfer,
      withOpened(made, (fd) => finish(fd, source, transfer)),
    );
  } finally {
    made.close();
  }
}

async function copyEntry(from: Directory, to: Directory, name: string, transfer: Transfer): Promise<void> {
  // Asked again, because this entry may have appeared after the survey.
  transfer.may?.(childOf(from.inside, name));
  const pin = await from.pin(name);
  try {
    const kind = kindOf(pin.stat);
    if (kind === "directory") await copyDirectory(pin, to, name, transfer);
    else if (kind === "file") await copyContent(pin, to, name, transfer);
    else if (kind === "symlink") {
      const text = await readlink(from.at(name), { encoding: "buffer" });
      await atDestination(transfer, symlink(text, to.at(name)));
    } else throw notCopied();
  } finally {
    pin.close();
  }
}

/** Copies a regular file's bytes and permissions to a new file. */
async function copyContent(source: Pin, directory: Directory, name: string, transfer: Transfer): Promise<void> {
  if (kindOf(source.stat) !== "file") throw refusal("not_a_file");
  const from = await source.open(constants.O_RDONLY);
  try {
    directory.confirm();
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NOFOLLOW;
    const to = await atDestination(transfer, open(directory.at(name), flags, 0o600));
    try {
      await pump(from, to, transfer);
      await atDestination(transfer, finish(to, source, transfer));
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

async function pump(from: number, to: number, transfer: Transfer): Promise<void> {
  const buffer = Buffer.allocUnsafe(COPIED_AT_ONCE);
  for (let offset = 0; ; ) {
    transfer.signal?.throwIfAborted();
    const { bytesRead } = await read(from, buffer, 0, COPIED_AT_ONCE, offset);
    if (bytesRead === 0) return;
    for (let done = 0; done < bytesRead; ) {
      const writing = write(to, buffer, done, bytesRead - done, offset + done);
      done += (await atDestination(transfer, writing)).bytesWritten;
    }
    offset += bytesRead;
  }
}

/** Gives a copy the permissions of its source, without set-user-id, set-group-id and sticky bits. */
async function finish(fd: number, { stat }: Pin, { keeps }: Transfer): Promise<void> {
  await fchmod(fd, Number(stat.mode & 0o777n));
  if (!keeps) return;
  await futimes(fd, Number(stat.atimeNs) / 1e9, Number(stat.mtimeNs) / 1e9);
  try {
    await fsync(fd);
  } catch (error) {
    // Some file systems do not support flushing.
    if (errnoOf(error) !== "EINVAL") throw error;
  }
}
