import { closeSync, constants, openSync, readSync } from "node:fs";
import { refusal, translate } from "../errors.ts";
import type { Anchor } from "../lookup/anchor.ts";
import { close, closeSoon, NONBLOCK, read as readAt } from "../lookup/calls.ts";
import type { Pin } from "../lookup/directory.ts";
import { find } from "../lookup/resolve.ts";
import type { OpenFile, Stat } from "../types/entry.ts";
import type { ReadOptions } from "../types/options.ts";
import { kindOf, statOf } from "./stat.ts";

/** Bytes per chunk of a stream. */
const STREAMED = 65_536;
/** Bytes read at a time from a file that is longer than its reported size. */
const GROWTH = 65_536;

/** Bytes up to which a file is read synchronously. */
const SMALL_FILE = 65_536;
const scratch = Buffer.allocUnsafeSlow(SMALL_FILE + 1);

/**
 * The whole content of a regular file. `stat` is taken before the read, so a change during it shows in a later stat.
 */
export async function readFile(anchor: Anchor, relative: string, { maxBytes, signal }: ReadOptions) {
  signal?.throwIfAborted();
  const pin = await find(anchor, relative);
  try {
    const isSmall = pin.stat.dev === anchor.local && pin.stat.size <= SMALL_FILE;
    const bytes = (isSmall && readAtOnce(pin, maxBytes)) || (await readPinned(pin, maxBytes, signal));
    return { bytes, stat: statOf(pin.stat) };
  } finally {
    pin.close();
  }
}

/**
 * The content of a small file on a local disk. Three trips through the thread pool cost more than reading it. @returns
 * undefined when the file has grown
 */
function readAtOnce(pin: Pin, maxBytes = Number.POSITIVE_INFINITY): Buffer | undefined {
  requireFile(pin);
  const size = Number(pin.stat.size);
  if (size > maxBytes) throw refusal("too_large");
  const fd = openSync(pin.path, constants.O_RDONLY | NONBLOCK | constants.O_NOCTTY);
  try {
    const length = readSync(fd, scratch, 0, size + 1, 0);
    return length > size ? undefined : Buffer.from(scratch.subarray(0, length));
  } finally {
    closeSync(fd);
  }
}

/** The content of a held entry. @throws BeneathError "not_a_file" | "too_large" */
export async function readPinned(pin: Pin, maxBytes = Number.POSITIVE_INFINITY, signal?: AbortSignal): Promise<Buffer> {
  requireFile(pin);
  if (pin.stat.size > maxBytes) throw refusal("too_large");
  const fd = await pin.open(constants.O_RDONLY);
  try {
    return await readAll(fd, Number(pin.stat.size), maxBytes, signal);
  } finally {
    closeSoon(fd);
  }
}

function requireFile({ stat }: Pin): void {
  if (kindOf(stat) !== "file") throw refusal("not_a_file");
}

/** Asks for one byte more than expected, to notice without another call that a file has grown. */
async function readAll(fd: number, expected: number, maxBytes: number, signal?: AbortSignal): Promise<Buffer> {
  let buffer = Buffer.allocUnsafe(expected + 1);
  let length = 0;
  while (true) {
    signal?.throwIfAborted();
    const { bytesRead } = await readAt(fd, buffer, length, buffer.length - length, length);
    length += bytesRead;
    if (length > maxBytes) throw refusal("too_large");
    if (bytesRead === 0 || length === expected) return buffer.subarray(0, length);
    if (length === buffer.length) buffer = Buffer.concat([buffer], length + Math.max(GROWTH, length));
  }
}

/** Opens a regular file. Errors of its methods name `path`, as the caller gave it. */
export async function openFile(anchor: Anchor, relative: string, path: string): Promise<OpenFile> {
  const pin = await find(anchor, relative);
  try {
    return await openPinned(pin, path);
  } finally {
    pin.close();
  }
}

/** Opens a held entry. @throws BeneathError "not_a_file" */
export async function openPinned(pin: Pin, path: string): Promise<OpenFile> {
  requireFile(pin);
  return openedFile(await pin.open(constants.O_RDONLY), statOf(pin.stat), path);
}

function openedFile(fd: number, stat: Stat, path: string): OpenFile {
  let closed: Promise<void> | undefined;
  const running = new Set<Promise<unknown>>();

  async function read(offset: number, length: number, signal?: AbortSignal): Promise<Buffer> {
    signal?.throwIfAborted();
    if (closed) throw refusal("gone", "The file was closed.");
    // Do not allocate much more than the file can fill.
    const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(length, Math.max(stat.size - offset, STREAMED))));
    const call = readAt(fd, buffer, 0, buffer.length, offset);
    running.add(call);
    try {
      return buffer.subarray(0, (await call).bytesRead);
    } finally {
      running.delete(call);
    }
  }

  const named = async (offset: number, length: number, signal?: AbortSignal) => {
    try {
      return await read(offset, length, signal);
    } catch (error) {
      throw translate(error, path);
    }
  };

  // The descriptor's number must not be reused while a read is running.
  const finish = async () => {
    await Promise.allSettled(running);
    await close(fd);
  };
  const end = () => {
    closed ??= finish();
    return closed;
  };

  return {
    stat,
    read: named,
    async *stream({ start = 0, end: stop = Number.POSITIVE_INFINITY, signal } = {}) {
      for (let offset = start; offset < stop; ) {
        const bytes = await named(offset, Math.min(STREAMED, stop - offset), signal);
        if (bytes.length === 0) return;
        offset += bytes.length;
        yield bytes;
      }
    },
    close: end,
    [Symbol.asyncDispose]: end,
  };
}
