import { closeSync, constants, fstatSync } from "node:fs";
import { close, DIRECTORY, NOFOLLOW, NONBLOCK, open, PATH } from "./calls.ts";
import type { Directory, Pin } from "./directory.ts";
import { childOf } from "./names.ts";

/** The path at which the kernel exposes a descriptor's file. */
export const linkOf = (fd: number) => `/proc/self/fd/${fd}`;

/** A descriptor that is closed only once: after the first close, its number may belong to another file. */
interface Handle {
  readonly fd: number;
  close(): void;
}

function handle(fd: number): Handle {
  let held = true;
  return {
    fd,
    close() {
      if (!held) return;
      held = false;
      // Closing an O_PATH handle never waits for a disk, unlike closing an open file.
      closeSync(fd);
    },
  };
}

/** A directory by its O_PATH handle `fd`, of which it takes ownership. */
export const handleDirectory = (fd: number, inside: string): Directory => directoryOf(handle(fd), inside);

function directoryOf({ fd, close }: Handle, inside: string): Directory {
  return {
    path: linkOf(fd),
    inside,
    at: (name) => `${linkOf(fd)}/${name}`,
    // O_PATH does not open the file, so a FIFO or device is inspected without waking its other end.
    pin: async (name) => pinHandle(await open(`${linkOf(fd)}/${name}`, PATH | NOFOLLOW), childOf(inside, name)),
    confirm: () => undefined,
    close,
  };
}

/** An entry by its O_PATH handle `fd`, of which it takes ownership even when it fails. */
export async function pinHandle(fd: number, inside: string): Promise<Pin> {
  const held = handle(fd);
  try {
    return {
      // Synchronous: opening the handle has just loaded this, so the call does not wait.
      stat: fstatSync(fd, { bigint: true }),
      path: linkOf(fd),
      inside,
      open: (flags) => open(linkOf(fd), flags | NONBLOCK | constants.O_NOCTTY),
      enter: () => directoryOf(held, inside),
      close: held.close,
    };
  } catch (error) {
    held.close();
    throw error;
  }
}

/** Opens a directory to read or flush its names, and closes it after `use`. */
export async function withOpened<T>(pin: Pin, use: (fd: number) => Promise<T>): Promise<T> {
  const fd = await pin.open(constants.O_RDONLY | DIRECTORY);
  try {
    return await use(fd);
  } finally {
    await close(fd);
  }
}
