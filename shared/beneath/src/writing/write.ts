import { type BigIntStats, constants, lstatSync, renameSync } from "node:fs";
import { access, unlink } from "node:fs/promises";
import { errnoOf, Foreign, refusal } from "../errors.ts";
import type { Anchor } from "../lookup/anchor.ts";
import { close, fchmod, fchown, fstat, fsync, NOFOLLOW, open, write } from "../lookup/calls.ts";
import type { Directory, Pin } from "../lookup/directory.ts";
import { withOpened } from "../lookup/handles.ts";
import { temporaryName } from "../lookup/names.ts";
import { type Place, pinIfThere } from "../lookup/place.ts";
import { locate } from "../lookup/resolve.ts";
import { openPinned, readPinned } from "../reading/read.ts";
import { kindOf, statOf } from "../reading/stat.ts";
import type { Stat } from "../types/entry.ts";
import type { WriteOptions } from "../types/options.ts";
import { claim } from "./claim.ts";
import { inOrder } from "./order.ts";

/** How many times a file that keeps changing during a write is read again. */
const ATTEMPTS = 16;

/**
 * Replaces or creates a file atomically: readers see the old bytes or the new, even after a crash. A link to a file
 * inside has that file written; a dangling link is refused.
 * @param path as the caller gave it, for errors of the file passed to `inspect`
 */
export async function writeFile(
  anchor: Anchor,
  relative: string,
  data: Uint8Array | string,
  options: WriteOptions,
  path: string,
): Promise<Stat> {
  if (relative === "") throw refusal("not_a_file");
  const bytes = typeof data === "string" ? Buffer.from(data) : data;
  for (let attempt = 1; ; attempt += 1) {
    const place = await locate(anchor, relative, true, "write");
    try {
      const written = await inOrder(await keyOf(place), () => writeTo(place, bytes, options, path));
      if (written) return written;
    } finally {
      place.close();
    }
    if (attempt === ATTEMPTS) throw refusal("busy", "The file keeps changing. Try again.");
  }
}

async function keyOf({ directory, name }: Place): Promise<string> {
  const pin = await directory.pin(".");
  pin.close();
  return `${pin.stat.dev}:${pin.stat.ino}/${name}`;
}

/** Undefined when the file has changed, so that everything must be checked again. */
async function writeTo(
  { directory, name, followed }: Place,
  bytes: Uint8Array,
  options: WriteOptions,
  path: string,
): Promise<Stat | undefined> {
  const { mode = "either" } = options;
  // The entry found earlier may be outdated: another write to this file may have run since.
  const current = await currentFile(directory, name);
  try {
    if (!current && followed) throw refusal("is_a_link", "The path is a symbolic link that leads to nothing.");
    if (current && mode === "create") throw refusal("exists");
    if (!current && mode === "replace") throw refusal("not_found");
    // Replacing needs only the directory's permission, but a file that its owner made read-only must not be replaced.
    if (current) await access(current.path, constants.W_OK);
    const temporary = temporaryName();
    const stat = await fill(directory, temporary, bytes, current?.stat, options);
    try {
      await check(options, current, path);
      directory.confirm();
      const done = current ? replace(directory, temporary, name, current) : await claim(directory, temporary, name);
      if (!done) {
        if (mode === "create") throw refusal("exists");
        return await discard(directory, temporary);
      }
    } catch (error) {
      await discard(directory, temporary);
      throw error;
    }
    if (options.durable ?? true) await flushNames(directory);
    return statOf(stat);
  } finally {
    current?.close();
  }
}

async function currentFile(directory: Directory, name: string): Promise<Pin | undefined> {
  const pin = await pinIfThere(directory, name);
  if (!pin) return undefined;
  const kind = kindOf(pin.stat);
  if (kind === "file") return pin;
  pin.close();
  throw refusal(kind === "symlink" ? "is_a_link" : "not_a_file");
}

/** Writes a new file with the mode of the one it will replace. @returns its stat while it has only one name */
async function fill(
  directory: Directory,
  name: string,
  bytes: Uint8Array,
  replaced: BigIntStats | undefined,
  { durable = true, permissions = 0o666 }: WriteOptions,
): Promise<BigIntStats> {
  // The new content of a private file must not be readable by others, not even during the write.
  const mode = replaced ? 0o600 : permissions & 0o777;
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NOFOLLOW;
  directory.confirm();
  const fd = await open(directory.at(name), flags, mode);
  try {
    for (let done = 0; done < bytes.length; ) {
      done += (await write(fd, bytes, done, bytes.length - done, done)).bytesWritten;
    }
    if (replaced) await likeReplaced(fd, replaced);
    if (durable) await fsync(fd);
    return await fstat(fd);
  } catch (error) {
    await discard(directory, name);
    throw error;
  } finally {
    await close(fd);
  }
}

async function likeReplaced(fd: number, { uid, gid, mode }: BigIntStats): Promise<void> {
  const own = await fstat(fd);
  let bits = Number(mode & 0o7777n);
  if (own.uid !== uid || own.gid !== gid) {
    try {
      await fchown(fd, Number(uid), Number(gid));
    } catch {
      // The file changes owner, and must not run with our rights.
      bits &= 0o777;
    }
  }
  await fchmod(fd, bits);
}

async function check(options: WriteOptions, current: Pin | undefined, path: string): Promise<void> {
  const { check: ask, inspect } = options;
  if (ask) {
    const bytes = current && (await readPinned(current));
    await theirs(() => ask(bytes));
  }
  if (!inspect) return;
  const file = current && (await openPinned(current, path));
  try {
    await theirs(() => inspect(file));
  } finally {
    await file?.close();
  }
}

/** Runs the caller's code; anything it throws reaches the caller unchanged. */
async function theirs(run: () => void | Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    throw new Foreign("", { cause: error });
  }
}

/**
 * Replaces a file if it is unchanged. Nothing is awaited, so nothing else in this process can happen between the check
 * and the rename, and other processes have only microseconds. @returns whether it was replaced
 */
function replace(directory: Directory, temporary: string, name: string, { stat: a }: Pin): boolean {
  const b = lstatSync(directory.at(name), { bigint: true, throwIfNoEntry: false });
  const same = b && a.dev === b.dev && a.ino === b.ino && a.size === b.size && a.mtimeNs === b.mtimeNs;
  if (!same || a.ctimeNs !== b.ctimeNs) return false;
  renameSync(directory.at(temporary), directory.at(name));
  return true;
}

async function discard(directory: Directory, name: string): Promise<undefined> {
  // Whatever made the write fail may also make this fail; the first error is the one that counts.
  await unlink(directory.at(name)).catch(() => undefined);
}

/** Flushes a directory's names to disk. Some file systems cannot, and a directory may not be readable. */
export async function flushNames(directory: Directory): Promise<void> {
  const pin = await directory.pin(".");
  try {
    await withOpened(pin, fsync);
  } catch (error) {
    if (errnoOf(error) === "EIO" || errnoOf(error) === "ENOSPC") throw error;
  } finally {
    pin.close();
  }
}
