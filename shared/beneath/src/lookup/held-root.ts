import { type BigIntStats, closeSync, openSync, readlinkSync, statfsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { refusal } from "../errors.ts";
import type { Identity } from "../types/identity.ts";
import type { Protection } from "../types/options.ts";
import { DIRECTORY, fstat, lstat, NOFOLLOW, open, PATH } from "./calls.ts";
import { checkedDirectory } from "./checked.ts";
import type { Directory } from "./directory.ts";
import { handleDirectory, linkOf } from "./handles.ts";

/** statfs type of a real /proc. */
const PROC_SUPER_MAGIC = 0x9fa0;
/** statfs types of disks and memory: ext, XFS, Btrfs, F2FS, ZFS, bcachefs, tmpfs, ramfs, overlay. */
const LOCAL: ReadonlySet<number> = new Set([
  0xef53, 0x58465342, 0x9123683e, 0xf2f52010, 0x2fc12fc1, 0xca451a4e, 0x01021994, 0x858458f6, 0x794c7630,
]);

/** The directory of a root, held open or remembered. */
export interface HeldRoot {
  readonly protection: Protection;
  readonly directory: Directory;
  /** @throws BeneathError "gone" when the root is no longer where it was */
  present(): void;
  /**
   * Opens `relative` in one call, when no link is on the way and the root is where it was; undefined when it must
   * be walked to, or fails.
   */
  shortcut(relative: string, flags: number): Promise<number | undefined>;
  /** Notes that an entry was found on the root's own disk, so that the next one beside it is opened at once. */
  near(relative: string): void;
}

/** Milliseconds for which a directory is known to be on the root's own disk: later, another may be mounted there. */
const NEAR_MS = 5000;
/** Directories that are known to be. */
const MOST_NEAR = 1000;

/** @param isLocal whether the root is on a disk of this machine, or in memory */
export function handleRoot(fd: number, real: string, isLocal: boolean): HeldRoot {
  // Bytes, as latin1: decoding as UTF-8 would make different names look alike.
  const bytes = Buffer.from(real).toString("latin1");
  const prefix = bytes === "/" ? "/" : `${bytes}/`;
  const nearUntil = new Map<string, number>();
  const whereIs = (held: number) => readlinkSync(linkOf(held), "latin1");
  return {
    protection: "handles",
    directory: handleDirectory(fd, ""),
    present() {
      // The kernel's own account of the handle: another path when moved or unmounted, " (deleted)" when removed.
      if (whereIs(fd) !== bytes) throw refusal("gone");
    },
    async shortcut(relative, flags) {
      let found: number | undefined;
      try {
        const target = `${linkOf(fd)}/${relative || "."}`;
        const isNear = (nearUntil.get(parentOf(relative)) ?? 0) > performance.now();
        // A disk of this machine answers sooner than a thread that would wait for it.
        found = isNear ? openSync(target, PATH | NOFOLLOW | flags) : await open(target, PATH | NOFOLLOW | flags);
        // The kernel may have followed links on the way, out of the root too. If the handle's path is exactly
        // the one asked for, it did not; if not, whoever asks walks instead, and judges each link.
        const expected = relative === "" ? bytes : prefix + Buffer.from(relative).toString("latin1");
        if (whereIs(found) === expected) return found;
      } catch {
        // The walk finds the right error: the kernel's may be about something outside.
      }
      if (found !== undefined) closeSync(found);
      return undefined;
    },
    near(relative) {
      if (!isLocal) return;
      if (nearUntil.size === MOST_NEAR) nearUntil.clear();
      nearUntil.set(parentOf(relative), performance.now() + NEAR_MS);
    },
  };
}

const parentOf = (relative: string) => relative.slice(0, Math.max(0, relative.lastIndexOf("/")));

export function checkedRoot(real: string, stat: Identity): HeldRoot {
  const directory = checkedDirectory(real, stat, "");
  return {
    protection: "checks",
    directory,
    present() {
      try {
        directory.confirm();
      } catch {
        throw refusal("gone");
      }
    },
    shortcut: async () => undefined,
    near: () => undefined,
  };
}

export interface RootHandle {
  readonly fd: number;
  readonly stat: BigIntStats;
  readonly local: bigint | undefined;
}

/**
 * Opens a handle of the root if handles can be trusted here: /proc is real, names this process's descriptors,
 * gives their paths, and leads into that very directory. Otherwise undefined.
 */
export async function openHandle(real: string): Promise<RootHandle | undefined> {
  if (process.platform !== "linux") return undefined;
  let fd: number | undefined;
  try {
    fd = await open(real, PATH | DIRECTORY | NOFOLLOW);
    const stat = await fstat(fd);
    const through = await lstat(`${linkOf(fd)}/.`);
    const trusted =
      statfsSync("/proc/self/fd").type === PROC_SUPER_MAGIC &&
      readlinkSync(linkOf(fd)) === real &&
      through.dev === stat.dev &&
      through.ino === stat.ino;
    // While the root is held, its device number cannot become another file system's.
    if (trusted) return { fd, stat, local: LOCAL.has((await statfs(linkOf(fd))).type) ? stat.dev : undefined };
  } catch {
    // No /proc, or one that hides its entries: checked paths then.
  }
  if (fd !== undefined) closeSync(fd);
  return undefined;
}
