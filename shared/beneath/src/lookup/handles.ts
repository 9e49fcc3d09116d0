import { closeSync, constants, fstatSync } from "node:fs";
import { close, DIRECTORY, NOFOLLOW, NONBLOCK, open, PATH } from "./calls.ts";
import type { Directory, Pin } from "./directory.ts";
import { childOf } from "./names.ts";

/** Where the kernel finds what a descriptor holds. */
export const linkOf = (fd: number) => `/proc/self/fd/${fd}`;

/** A descriptor that is closed once: a number that is closed twice may be another file's by then. */
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
      // Closing an O_PATH handle is a matter of the kernel's table alone: it never waits for a disk, as closing
      // an open file can.
      closeSync(fd);
    },
  };
}

/** A directory by its O_PATH handle `fd`, which it takes over. */
export const handleDirectory = (fd: number, inside: string): Directory => directoryOf(handle(fd), inside);

function directoryOf({ fd, close }: Handle, inside: string): Directory {
  return {
    path: linkOf(fd),
    inside,
    at: (name) => `${linkOf(fd)}/${name}`,
    // O_PATH does not open: a FIFO or a device is looked at without waking whoever serves it.
    pin: async (name) => pinHandle(await open(`${linkOf(fd)}/${name}`, PATH | NOFOLLOW), childOf(inside, name)),
    confirm: () => undefined,
    close,
  };
}

/** An entry by its O_PATH handle `fd`, which is taken over, also when this fails. */
export async function pinHandle(fd: number, inside: string): Promise<Pin> {
  const held = handle(fd);
  try {
    return {
      // At once: the lookup that opened the handle has just fetched this, so there is nothing to wait for.
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

/** Opens a directory for reading its names or for flushing it, and closes it after `use`. */
export async function withOpened<T>(pin: Pin, use: (fd: number) => Promise<T>): Promise<T> {
  const fd = await pin.open(constants.O_RDONLY | DIRECTORY);
  try {
    return await use(fd);
  } finally {
    await close(fd);
  }
}
