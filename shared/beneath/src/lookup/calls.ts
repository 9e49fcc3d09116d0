import fs from "node:fs";
import { promisify } from "node:util";

// Plain descriptors, because FileHandle costs more per call and can be closed by garbage collection.
export const open = promisify(fs.open);
export const close = promisify(fs.close);
export const read = promisify(fs.read);
export const write = promisify(fs.write);
export const fsync = promisify(fs.fsync);
export const fchmod = promisify(fs.fchmod);
export const fchown = promisify(fs.fchown);
export const futimes = promisify(fs.futimes);
const fstatOf = promisify(fs.fstat);
const lstatOf = promisify(fs.lstat);

const { constants } = fs;
// Not defined on Windows.
export const NOFOLLOW = constants.O_NOFOLLOW ?? 0;
export const NONBLOCK = constants.O_NONBLOCK ?? 0;
export const DIRECTORY = constants.O_DIRECTORY ?? 0;
/** Linux's O_PATH: a handle that refers to a file without opening it. Node has no constant for it. */
export const PATH = 0o10000000;

// Inode numbers can exceed 2^53 on some file systems, where two could look equal as numbers.
export const fstat = (fd: number) => fstatOf(fd, { bigint: true });
export const lstat = (path: string) => lstatOf(path, { bigint: true });

const closing = new Set<Promise<void>>();

/**
 * Closes a file that was only read, without waiting: no failure matters once the bytes are read, and waiting would be a
 * fifth of a small read's time.
 */
export function closeSoon(fd: number): void {
  const done = close(fd)
    .catch(() => undefined)
    .finally(() => closing.delete(done));
  closing.add(done);
}

/** Resolves when all pending closes are done. */
export const allClosed = () => Promise.all(closing);
